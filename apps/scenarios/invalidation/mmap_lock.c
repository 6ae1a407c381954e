// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mmap_lock.c - INV-25: a page fault of the device that waits for mmap_lock
 *
 * Any change of the process's memory map holds mmap_lock: a big one for long, a small one
 * whose thread loses its processor as well. A fault may wait, but has no reason to fail.
 * hmm_range_fault_unlocked_timeout() (mm/hmm.c, since 7.3) looks at its deadline of a
 * second once it has the lock, and before the first attempt.
 */
#include <errno.h>

#include "base/clock.h"
#include "case.h"

#define HOLD_MS	 2500
#define ATTEMPTS 5
/* More than HMM_RANGE_DEFAULT_TIMEOUT (mm/hmm.c), a second. */
#define LONG_ENOUGH_NS (1200 * NSEC_PER_MSEC)

/* One access to pages that the device does not have. */
typedef void access_fn(struct test *t, struct target *memory);

static void by_prefetch(struct test *t, struct target *memory)
{
	expect_errno(t, advise_errno(t, memory, 0, KiB(64), MR_PREFETCH_WRITE), 0);
}

static void by_read(struct test *t, struct target *memory)
{
	rdma_read(t, memory, 0, KiB(4), ZEROS);
}

struct waiting {
	access_fn *access;
};

static void wait_for_the_lock(struct test *t, const void *row)
{
	const struct waiting *waiting = row;
	uint64_t begin, took = 0, free, waited = 0;

	for (unsigned int i = 0; i < ATTEMPTS && waited < LONG_ENOUGH_NS; i++) {
		struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

		mmap_lock_held(t, memory, HOLD_MS);
		begin = clock_ns();
		waiting->access(t, memory);
		took = clock_ns() - begin;
		free = mmap_lock_free(t, memory);
		waited = free > begin ? free - begin : 0;
	}
	test_note(t, "mmap_lock was held for %llu ms, the access took %llu ms",
		  (unsigned long long)(waited / NSEC_PER_MSEC),
		  (unsigned long long)(took / NSEC_PER_MSEC));
	if (waited < LONG_ENOUGH_NS)
		test_skip(t,
			  "no thread could be stopped for a second with mmap_lock held");
}

static const struct scenario waits[] = {
	{ "INV-25.prefetch",
	  "a prefetch succeeds although another thread holds mmap_lock for two seconds",
	  NEEDS(ODP, PREFETCH), wait_for_the_lock,
	  &(const struct waiting){ by_prefetch } },
	{ "INV-25.read",
	  "READ succeeds although another thread of the responder holds mmap_lock for "
	  "two "
	  "seconds",
	  NEEDS(ODP, RC_READ), wait_for_the_lock, &(const struct waiting){ by_read } },
};
SCENARIO_FAMILY(waits);
