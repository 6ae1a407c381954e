/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * log.h - talk, on stderr
 *
 * stdout carries results only. A function that fails logs one line at the failing call
 * and returns -errno; its callers pass the error on without another line.
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

/* The word before each line, usually the name of the program. Not copied. */
void log_set_name(const char *name);

void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Logs the line with the text of @error (errno or -errno) behind it.
 * Returns -@error, always negative: "return log_errno(errno, "open %s", path);"
 */
int log_errno(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...)	 log_line(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_info(...)	 log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	 log_line(LOG_DEBUG, __VA_ARGS__)

#endif
