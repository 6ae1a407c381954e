// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace.c - what the device does, as JSON lines */
#include "device/trace.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct trace {
	FILE *file;
	const char *path;
	uint64_t began;
};

struct trace *trace_open(const char *path)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->path = path;
	t->began = clock_ns();
	t->file = fopen(path, "we");
	if (!t->file) {
		log_errno(errno, "open the trace %s", path);
		free(t);
		return NULL;
	}
	return t;
}

void trace_flush(struct trace *t)
{
	fflush(t->file);
}

int trace_close(struct trace *t)
{
	bool failed = ferror(t->file);
	int ret = 0;

	if (fclose(t->file))
		ret = log_errno(errno, "write the trace %s", t->path);
	else if (failed)
		ret = log_errno(EIO, "write the trace %s", t->path);
	free(t);
	return ret;
}

void trace_line(struct trace *t, const char *event, const char *format, ...)
{
	va_list args;

	fprintf(t->file, "{\"t\":%" PRIu64 ",\"event\":\"%s\",", clock_ns() - t->began,
		event);
	va_start(args, format);
	vfprintf(t->file, format, args);
	va_end(args);
	fputs("}\n", t->file);
}
