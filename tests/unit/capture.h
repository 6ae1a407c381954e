/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* capture.h - what a function prints on stdout or stderr; include it before cmocka.h */
#ifndef ODPLAB_TESTS_CAPTURE_H
#define ODPLAB_TESTS_CAPTURE_H

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct capture {
	FILE *stream;
	int saved, memory;
};

static inline struct capture capture_start(FILE *stream)
{
	struct capture c = { .stream = stream };

	fflush(stream);
	c.saved = dup(fileno(stream));
	c.memory = memfd_create("capture", MFD_CLOEXEC);
	dup2(c.memory, fileno(stream));
	return c;
}

/* Gives the stream back, and what was printed in @text, cut off at @size. */
static inline void capture_end(const struct capture *c, char *text, size_t size)
{
	ssize_t n;

	fflush(c->stream);
	dup2(c->saved, fileno(c->stream));
	close(c->saved);
	n = pread(c->memory, text, size - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(c->memory);
}

#endif
