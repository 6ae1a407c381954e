/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * progress.h - a line on stderr that shows what is in progress, and is then replaced
 *
 * Only on a terminal whose lines can be erased: a file, a pipe and a dumb terminal get
 * nothing.
 */
#ifndef ODPLAB_BASE_PROGRESS_H
#define ODPLAB_BASE_PROGRESS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* To the beginning of the line, which is erased (ECMA-48 EL). */
#define PROGRESS_ERASE "\r\033[K"

static inline bool progress_can_show(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb");
}

/* Replaces the line. */
__attribute__((format(printf, 1, 2))) static inline void progress_show(const char *format,
								       ...)
{
	va_list args;

	if (!progress_can_show())
		return;
	fputs(PROGRESS_ERASE, stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	/* whatever is written next starts at its beginning */
	fputc('\r', stderr);
}

/* Erases the line, before something else is written to the terminal. */
static inline void progress_clear(void)
{
	if (progress_can_show())
		fputs(PROGRESS_ERASE, stderr);
}

#endif
