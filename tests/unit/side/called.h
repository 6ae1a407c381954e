/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * called.h - the last call of a function that the linker wraps; include it after cmocka.h
 */
#ifndef ODPLAB_TESTS_CALLED_H
#define ODPLAB_TESTS_CALLED_H

#include <stdio.h>

/* As text, "NAME ARGUMENTS". What it returns. */
static struct {
	char text[160];
	int ret;
} called;

/* The body of such a function. */
#define CALLED(...)                                                      \
	do {                                                             \
		snprintf(called.text, sizeof(called.text), __VA_ARGS__); \
		return called.ret;                                       \
	} while (0)

#endif
