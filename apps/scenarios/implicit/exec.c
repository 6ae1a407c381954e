// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * exec.c - IMP-13: an implicit region outlives the memory that it was registered for
 *
 * The process that registered it calls exec(), which ends that memory; another process
 * has the file of its device, and so keeps the region. A region without a reference to
 * the struct mm_struct finds whatever process gets the same one later.
 */
#include <inttypes.h>

#include "scenario/scenario.h"

#define ROUNDS 16

/* A hazard: the device could access the memory of any process that begins meanwhile. */
SCENARIO("IMP-13.exec",
	 "the implicit region of a process that has called exec() reaches no memory",
	 NEEDS(IMPLICIT, PREFETCH, VERBS, KERNEL_DRIVER, HAZARD))
{
	uint64_t reached = 0;
	bool read = false;

	/* where the kernel puts the next mm_struct is a matter of luck */
	for (unsigned int i = 0; i < ROUNDS && !reached; i++)
		reached = prefetches_after_exec(t, &read);
	expect(t, !reached,
	       "%" PRIu64 " prefetches reached the memory of other processes%s", reached,
	       read ? ", and the device read it" : "");
}
