// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* log.c - talk, on stderr */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum log_level threshold = LOG_WARNING;
static const char *program = "odplab";

void log_set_level(enum log_level level)
{
	threshold = level;
}

void log_set_name(const char *name)
{
	program = name;
}

/* One write per line, so that lines of two processes do not mix. */
static void print_line(enum log_level level, const char *tail, const char *format,
		       va_list args)
{
	static const char *const words[] = {
		[LOG_ERROR] = "error: ",
		[LOG_WARNING] = "warning: ",
		[LOG_INFO] = "",
		[LOG_DEBUG] = "debug: ",
	};
	char line[1024];

	if (level > threshold)
		return;
	vsnprintf(line, sizeof(line), format, args);
	fprintf(stderr, "%s: %s%s%s%s\n", program, words[level], line, *tail ? ": " : "",
		tail);
}

void log_line(enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(level, "", format, args);
	va_end(args);
}

int log_errno(int error, const char *format, ...)
{
	va_list args;

	/* a caller that hands over 0 has a bug, and must not report success */
	error = error ? abs(error) : EIO;
	va_start(args, format);
	print_line(LOG_ERROR, strerror(error), format, args);
	va_end(args);
	return -error;
}
