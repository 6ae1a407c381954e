/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* uffd.h - words that delay page faults by userfaultfd */
#ifndef ODPLAB_SCENARIO_MEMORY_UFFD_H
#define ODPLAB_SCENARIO_MEMORY_UFFD_H

#include <stdint.h>

#include "region/uffd.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * From here on a userfaultfd handler fills each missing page of the target with data of
 * @generation, @delay_ms milliseconds after the fault.
 */
#define uffd_delay_missing(t, ...) STEP(t, uffd_delay_missing, #__VA_ARGS__, __VA_ARGS__)
void(uffd_delay_missing)(struct test *t, struct target *target, uint32_t delay_ms,
			 uint16_t generation);

/*
 * Likewise, in one of the ways of region/uffd.h. @generation: of the data, where the way
 * brings data. Skips where the kernel does not know the way.
 */
#define uffd_delay_by(t, ...) STEP(t, uffd_delay_by, #__VA_ARGS__, __VA_ARGS__)
void(uffd_delay_by)(struct test *t, struct target *target, enum uffd_way way,
		    uint32_t delay_ms, uint16_t generation);

/* Likewise for the first write to each page, which is write-protected. */
#define uffd_delay_writes(t, ...) STEP(t, uffd_delay_writes, #__VA_ARGS__, __VA_ARGS__)
void(uffd_delay_writes)(struct test *t, struct target *target, uint32_t delay_ms);

/* Ends the delay. Returns how many faults were delayed. */
#define uffd_delay_stop(t, ...) STEP(t, uffd_delay_stop, #__VA_ARGS__, __VA_ARGS__)
uint64_t(uffd_delay_stop)(struct test *t, struct target *target);

#endif
