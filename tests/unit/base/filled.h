/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * filled.h - a buffer that holds the data that are due, for the tests of the pattern and
 * of its check; include it after cmocka.h
 */
#ifndef ODPLAB_TESTS_FILLED_H
#define ODPLAB_TESTS_FILLED_H

#include "base/pattern.h"
#include "base/util.h"

#define BYTES KiB(8)
#define BASE  4093 /* the range's offset: in no way aligned */

static const struct pattern due = { .seed = 42, .generation = 4 };
static const struct pattern zeros = { .seed = 42, .generation = PATTERN_ZEROS };

static unsigned char buf[BYTES];

/* Set-up of a test. */
static inline int fill_due(void **state)
{
	pattern_fill(buf, BASE, BYTES, due);
	return 0;
}

#endif
