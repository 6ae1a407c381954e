// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* teardown_under_fault.c - IMP-06, ERR-13: removal while faults are served */
#include <inttypes.h>

#include "base/clock.h"
#include "scenario/scenario.h"

#define ROUNDS	24
#define STEP_NS (200 * 1000ull)

/* A hazard: a failure means that the kernel uses freed memory. */
SCENARIO("IMP-06", "an implicit region can be deregistered while its faults are served",
	 NEEDS(IMPLICIT, RC_WRITE, HAZARD))
{
	struct target *memory =
		responder_target(t, REGION_ANON, KiB(256), MR_ODP_IMPLICIT);
	uint64_t rounds = test_iterations(t, ROUNDS, 1000), done = 0;
	enum op_status status;

	for (uint64_t round = 0; round < rounds; round++) {
		target_evict(t, memory, 0, KiB(256));
		attempt_begin(t, RDMA_WRITE, memory, .len = KiB(256),
			      .generation = GENERATION(1));
		clock_sleep_ns(round % ROUNDS * STEP_NS);
		target_deregister(t, memory);
		status = attempt_end(t);
		done += status == OP_SUCCESS;
		expect(t, status == OP_SUCCESS || status == OP_REM_ACCESS_ERR,
		       "completed with %s", op_status_name(status));
		check_either(t, memory, 0, KiB(256), GENERATION(1), ZEROS);
		target_register(t, memory);
		reconnect(t);
	}
	test_note(t,
		  "%" PRIu64 " of %" PRIu64
		  " operations completed before the region was deregistered",
		  done, rounds);
	rdma_write(t, memory, 0, KiB(256), GENERATION(2));
	check_mapping(t, memory, 0, KiB(256), GENERATION(2));
}

#define DELAY_MS 2000

/*
 * The same, each time, with a kernel whose HMM waits for userfaultfd (7.3): the fault
 * comes by the key of the child, and waits for its page while the region is deregistered.
 */
SCENARIO("IMP-06.waiting",
	 "an implicit region can be deregistered while a fault of it waits for a page",
	 NEEDS(IMPLICIT, USERFAULTFD, RC_WRITE, RC_READ, HAZARD))
{
	struct target *memory =
		responder_target(t, REGION_ANON, KiB(64), MR_ODP_IMPLICIT);
	enum op_status status;

	rdma_write(t, memory, 0, KiB(4), GENERATION(1));
	uffd_delay_missing(t, memory, DELAY_MS, GENERATION(2));
	attempt_begin(t, RDMA_READ, memory, .offset = KiB(16), .len = KiB(4));
	clock_sleep_ns(DELAY_MS / 4 * NSEC_PER_MSEC);
	target_deregister(t, memory);
	status = attempt_end(t);
	expect(t, status == OP_SUCCESS || status == OP_REM_ACCESS_ERR,
	       "completed with %s", op_status_name(status));
	uffd_delay_stop(t, memory);
	target_register(t, memory);
	reconnect(t);
	rdma_write(t, memory, 0, KiB(64), GENERATION(3));
	check_mapping(t, memory, 0, KiB(64), GENERATION(3));
}

/* A hazard, as the device is removed for all processes until the next boot. */
SCENARIO("ERR-13",
	 "a device can be removed while faults of registered regions are served",
	 NEEDS(KERNEL_DRIVER, RC_WRITE, ROOT, HAZARD))
{
	struct target *memory = responder_target(t, REGION_ANON, MiB(4), MR_ODP);
	struct target *idle = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, idle, 0, KiB(64), GENERATION(1));
	attempt_begin(t, RDMA_WRITE, memory, .len = MiB(4), .generation = GENERATION(1));
	remove_device(t);
	check_either(t, memory, 0, MiB(4), GENERATION(1), ZEROS);
	check_mapping(t, idle, 0, KiB(64), GENERATION(1));
	/* the device has no translations any more, so no invalidation may reach it */
	target_evict(t, idle, 0, KiB(64));
	target_evict(t, memory, 0, MiB(4));
	check_mapping(t, idle, 0, KiB(64), ZEROS);
	expect(t, registration_errno(t, REGION_ANON, KiB(64), MR_ODP),
	       "a region could be registered with a removed device");
	target_deregister(t, idle);
	target_deregister(t, memory);
}
