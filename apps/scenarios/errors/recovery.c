// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* recovery.c - ERR-09 and on: use after an error, and teardown while faults are served */
#include <inttypes.h>

#include "base/clock.h"
#include "scenario/scenario.h"

#define REFUSED EVERY_DRIVER(OP_REM_ACCESS_ERR)

SCENARIO("ERR-09",
	 "after an error a region whose memory is mapped again works on a new queue pair",
	 NEEDS(DEVICE, REGION, RC_WRITE, RC_READ))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	target_unmap(t, target, 0, KiB(16));
	status = rdma_write_status(t, target, 0, KiB(4), GENERATION(2));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	reconnect(t);
	target_remap(t, target, 0, KiB(16));
	expect_faults(t, target, EXACTLY(4))
		rdma_write(t, target, 0, KiB(16), GENERATION(3));
	check_mapping(t, target, 0, KiB(16), GENERATION(3));
}

SCENARIO("ERR-09.again", "a region works on a new queue pair after each of eight errors",
	 NEEDS(DEVICE, REGION, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	enum op_status status;

	for (uint16_t round = 1; round <= 8; round++) {
		target_protect(t, target, 0, KiB(16), REGION_NO_ACCESS);
		status = attempt(t, RDMA_WRITE, target, .generation = round);
		expect_status(t, status, &(const struct per_driver)REFUSED);
		target_protect(t, target, 0, KiB(16), REGION_READ_WRITE);
		reconnect(t);
		rdma_write(t, target, 0, KiB(16), round);
		check_mapping(t, target, 0, KiB(16), round);
	}
}

/*
 * The region is deregistered while the device faults its pages in, a little later each
 * time. The operation may succeed or fail, but it completes, and memory holds old or new
 * data.
 */
#define ROUNDS	24
#define STEP_NS (200 * 1000ull)

SCENARIO("ERR-12.deregister", "a region can be deregistered while its faults are served",
	 NEEDS(DEVICE, REGION, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(256), MR_ODP);
	unsigned int done = 0;
	enum op_status status;

	for (uint16_t round = 1; round <= ROUNDS; round++) {
		target_fill(t, target, 0, KiB(256), GENERATION(2 * round));
		target_evict(t, target, 0, KiB(256));
		attempt_begin(t, RDMA_WRITE, target, .len = KiB(256),
			      .generation = GENERATION(2 * round + 1));
		clock_sleep_ns(round * STEP_NS);
		target_deregister(t, target);
		status = attempt_end(t);
		done += status == OP_SUCCESS;
		expect(t, status == OP_SUCCESS || status == OP_REM_ACCESS_ERR,
		       "completed with %s", op_status_name(status));
		target_register(t, target);
		reconnect(t);
	}
	test_note(t, "%u of %u operations completed before the region was deregistered",
		  done, ROUNDS);
	rdma_write(t, target, 0, KiB(256), GENERATION(1));
	check_mapping(t, target, 0, KiB(256), GENERATION(1));
}

SCENARIO("ERR-12.close", "a device can be closed while faults of its regions are served",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *target;

	for (unsigned int round = 0; round < 12; round++) {
		target = responder_target(t, REGION_CHOSEN, KiB(256), MR_ODP);
		attempt_begin(t, RDMA_WRITE, target, .len = KiB(256),
			      .generation = GENERATION(1));
		clock_sleep_ns(round * STEP_NS);
		close_device(t);
		reconnect(t);
	}
	target = responder_target(t, REGION_CHOSEN, KiB(256), MR_ODP);
	rdma_write(t, target, 0, KiB(256), GENERATION(2));
	check_mapping(t, target, 0, KiB(256), GENERATION(2));
}

/* Many times what any device waits for a silent peer. */
#define BOUND_MS 5000
/* Its faults usually take longer than it takes to kill the peer. */
#define LEN MiB(32)

static enum op_status kill_in_write(struct test *t)
{
	uint64_t len = message_bytes(t, LEN);
	struct target *target;
	enum op_status status;
	uint64_t killed, ms;

	responder_in_child(t);
	target = responder_target(t, REGION_ANON, len, MR_ODP);
	attempt_begin(t, RDMA_WRITE, target, .len = len);
	killed = clock_ns();
	kill_responder(t);
	status = attempt_end(t);
	ms = (clock_ns() - killed) / NSEC_PER_MSEC;
	test_note(t, "%s after %" PRIu64 " ms", op_status_name(status), ms);
	expect(t, ms < BOUND_MS, "the WRITE ended only after %" PRIu64 " ms", ms);
	return status;
}

SCENARIO("ERR-11",
	 "a WRITE ends within 5 s after its peer is killed while a fault of the peer is "
	 "served",
	 NEEDS(KERNEL_DRIVER, RC_WRITE))
{
	enum op_status status = OP_SUCCESS;
	struct target *target;

	use_queue_pair(t, (struct rdma_qp_spec){ .gives_up_soon = true });
	/* after a success, try again: the peer was killed after all data was written */
	for (unsigned int round = 0; round < 10 && status == OP_SUCCESS; round++)
		status = kill_in_write(t);
	expect(t, status == OP_REM_ACCESS_ERR || status == OP_RETRY_EXC_ERR,
	       "completed with %s", op_status_name(status));
	new_responder(t);
	target = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	rdma_write(t, target, 0, KiB(64), GENERATION(1));
	check_mapping(t, target, 0, KiB(64), GENERATION(1));
}
