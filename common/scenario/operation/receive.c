// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* receive.c - words about receives: which one a message consumes, and when */
#include "base/clock.h"
#include "scenario/operation/rdma.h"
#include "testcase/execute.h"

void(rdma_send_in_a_row)(struct test *t, unsigned int n, struct target *local,
			 uint64_t local_offset, struct target *target, uint64_t offset,
			 uint64_t len)
{
	for (unsigned int i = 0; i < n; i++)
		test_post_receive(t, target, offset + i * len, len);
	for (unsigned int i = 0; i < n; i++) {
		struct side_op send = { .rdma.opcode = RDMA_SEND };

		side_op_add(&send, local, local_offset + i * len, len);
		test_succeeded(t, test_execute(t, &send));
		test_received(t, &send, len);
	}
}

/* Longer than the RNR timer, so that the SEND is retried. */
#define RECEIVE_DELAY_NS (5 * NSEC_PER_MSEC)

void(rdma_send_before_receive)(struct test *t, struct target *local,
			       uint64_t local_offset, struct target *target,
			       uint64_t offset, uint64_t len)
{
	struct side_op send = { .rdma.opcode = RDMA_SEND };

	side_op_add(&send, local, local_offset, len);
	test_post(t, 0, &send);
	test_pause(t, RECEIVE_DELAY_NS);
	test_post_receive(t, target, offset, len);
	test_succeeded(t, test_wait(t, 0, &send));
	test_received(t, &send, len);
}

enum op_status(rdma_send_unreceived)(struct test *t, struct target *local,
				     uint64_t local_offset, uint64_t len)
{
	struct side_op send = { .rdma.opcode = RDMA_SEND };

	side_op_add(&send, local, local_offset, len);
	return test_execute(t, &send);
}
