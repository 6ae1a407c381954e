/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* scratch.h - the initiator's memory for operations that name none, with its guards */
#ifndef ODPLAB_SCENARIO_OPERATION_SCRATCH_H
#define ODPLAB_SCENARIO_OPERATION_SCRATCH_H

#include <stdint.h>

#include "base/units.h"

struct test;
struct target;

/*
 * Pinned memory of the initiator for operations that name none: @len bytes from
 * SCRATCH_AT on. The bytes around them are guarded.
 */
#define SCRATCH_AT KiB(4)

/*
 * The generation that it is filled with before a READ, so that a READ that delivers
 * nothing shows: scenarios begin at generation 1.
 */
#define BEFORE_READ 0

struct target *test_scratch(struct test *t, uint64_t len);

/* Fails if something was written around the bytes of the last test_scratch(). */
void test_scratch_check(struct test *t);

#endif
