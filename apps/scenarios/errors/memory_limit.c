// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * memory_limit.c - ERR-19: page faults of the device reach the memory limit of a control
 * group
 *
 * They are charged to the process whose memory it is (mm/memcontrol.c
 * get_mem_cgroup_from_mm()), and reach the OOM killer from a worker of the driver.
 */
#include "base/clock.h"
#include "scenario/scenario.h"

#define LIMIT	 MiB(8)
#define LEN	 MiB(12)
#define PIECE	 MiB(1)
#define BOUND_MS 20000

/* Writes the memory piece by piece until one is refused. */
static enum op_status write_all(struct test *t, struct target *memory)
{
	enum op_status status = OP_SUCCESS;

	for (uint64_t at = 0; at < LEN && status == OP_SUCCESS; at += PIECE)
		status = rdma_write_status(t, memory, at, PIECE, GENERATION(1));
	return status;
}

SCENARIO("ERR-19",
	 "a WRITE that faults in more than the memory limit of its peer ends with an "
	 "error, "
	 "and the peer is killed",
	 NEEDS(RECLAIM, ODP, RC_WRITE, DEVICE))
{
	uint64_t begin = clock_ns(), ms;
	struct target *memory;
	enum op_status status;

	use_queue_pair(t, (struct rdma_qp_spec){ .gives_up_soon = true });
	responder_in_child(t);
	join_cgroup(t);
	limit_memory(t, LIMIT);
	memory = responder_target(t, REGION_ANON, LEN, MR_ODP);
	status = write_all(t, memory);
	ms = (clock_ns() - begin) / NSEC_PER_MSEC;
	test_note(t, "%s after %llu ms", op_status_name(status), (unsigned long long)ms);
	expect(t,
	       status == OP_REM_ACCESS_ERR || status == OP_REM_OP_ERR ||
		       status == OP_RETRY_EXC_ERR,
	       "completed with %s", op_status_name(status));
	expect(t, ms < patience(t, BOUND_MS * NSEC_PER_MSEC) / NSEC_PER_MSEC,
	       "it took %llu ms", (unsigned long long)ms);
	responder_dies(t);
	new_responder(t);
	memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
}
