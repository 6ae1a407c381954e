// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_receive.c - steps that are about receives: which one a message takes, and when */
#include <time.h>

#include "base/clock.h"
#include "run/test.h"

void test_post_receive(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len)
{
	struct side_request receive = { .kind = SIDE_POST_RECV };
	struct side_reply reply;

	if (target)
		side_op_add(&receive.op, target, offset, len);
	test_call(t, t->side[RESPONDER], &receive, &reply, "post a receive");
}

void(rdma_send_in_a_row)(struct test *t, unsigned int n, struct target *local,
			 uint64_t local_offset, struct target *target, uint64_t offset,
			 uint64_t len)
{
	for (unsigned int i = 0; i < n; i++)
		test_post_receive(t, target, offset + i * len, len);
	for (unsigned int i = 0; i < n; i++) {
		struct side_op send = { .opcode = RDMA_SEND };

		side_op_add(&send, local, local_offset + i * len, len);
		test_succeeded(t, test_execute(t, &send));
		test_received(t, &send, len);
	}
}

/* Longer than a responder that is not ready lets the initiator wait at a time. */
#define EARLY_NS (5 * NSEC_PER_MSEC)

void(rdma_send_early)(struct test *t, struct target *local, uint64_t local_offset,
		      struct target *target, uint64_t offset, uint64_t len)
{
	const struct timespec early = { .tv_nsec = EARLY_NS };
	struct side_op send = { .opcode = RDMA_SEND };

	side_op_add(&send, local, local_offset, len);
	test_post(t, 0, &send);
	nanosleep(&early, NULL);
	test_post_receive(t, target, offset, len);
	test_succeeded(t, test_wait(t, 0, &send));
	test_received(t, &send, len);
}

enum op_status(rdma_send_unreceived)(struct test *t, struct target *local,
				     uint64_t local_offset, uint64_t len)
{
	struct side_op send = { .opcode = RDMA_SEND };

	side_op_add(&send, local, local_offset, len);
	return test_execute(t, &send);
}
