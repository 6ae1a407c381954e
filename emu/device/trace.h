/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * trace.h - what the device does, as JSON lines, each with its time in nanoseconds
 *
 * A line costs nothing while no trace is written.
 */
#ifndef ODPLAB_EMU_TRACE_H
#define ODPLAB_EMU_TRACE_H

struct device;
struct trace;

/* Opens the file; NULL with a line if it cannot. */
struct trace *trace_open(const char *path);

/* 0, or -errno with a line if not all could be written. */
int trace_close(struct trace *trace);
void trace_flush(struct trace *trace);

/* Writes {"t":..., "event":"@event", @format...}; @format is the rest of the object. */
void trace_line(struct trace *trace, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define trace(dev, ...)                                               \
	do {                                                          \
		if ((dev)->config.trace)                              \
			trace_line((dev)->config.trace, __VA_ARGS__); \
	} while (0)

#endif
