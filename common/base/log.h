/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * log.h - logging to stderr
 *
 * stdout is for results only. A function that fails logs one line at the failing call and
 * returns -errno; its callers return the error without another line.
 */
#ifndef ODPLAB_BASE_LOG_H
#define ODPLAB_BASE_LOG_H

enum log_level {
	LOG_ERROR,
	LOG_WARNING,
	LOG_INFO,
	LOG_DEBUG,
};

/* Lines above @level are dropped. The default is LOG_WARNING. */
void log_set_level(enum log_level level);

/* The prefix of each line, usually the name of the program. Not copied. */
void log_set_name(const char *name);

void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Logs the line, followed by the text of @error (errno or -errno).
 * Returns -@error, always negative: "return log_errno(errno, "open %s", path);"
 */
int log_errno(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...)	 log_line(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_info(...)	 log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	 log_line(LOG_DEBUG, __VA_ARGS__)

#endif
