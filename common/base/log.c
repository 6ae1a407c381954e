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
__attribute__((format(printf, 3, 0))) static void
print_line(enum log_level level, const char *tail, const char *format, va_list args)
{
	static const char *const words[] = {
		[LOG_ERROR] = "error: ",
		[LOG_WARNING] = "warning: ",
		[LOG_INFO] = "",
		[LOG_DEBUG] = "debug: ",
	};
	char message[1024], line[1280];
	int len;

	if (level > threshold)
		return;
	vsnprintf(message, sizeof(message), format, args);
	len = snprintf(line, sizeof(line), "%s: %s%s%s%s\n", program, words[level],
		       message, *tail ? ": " : "", tail);
	if (len >= (int)sizeof(line))
		line[sizeof(line) - 2] = '\n';
	fputs(line, stderr); /* not fprintf(): that one writes in parts */
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

	/* an @error of 0 is a bug of the caller, which must not report success */
	error = error ? abs(error) : EIO;
	va_start(args, format);
	print_line(LOG_ERROR, strerror(error), format, args);
	va_end(args);
	return -error;
}
