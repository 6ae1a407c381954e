// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* queue_pair.c - words about queue pairs */
#include "scenario/operation/queue_pair.h"

#include "testcase/test.h"
#include "testcase/touch.h"

/* @by: SIDE_QP_OPEN or SIDE_QP_RESET, of both ends before one is connected. */
static void connect_pair(struct test *t, unsigned int pair, enum request_kind by)
{
	struct rdma_address address[SIDE_ROLES];

	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		address[role] = ASK(t, t->side[role],
				    by == SIDE_QP_OPEN ? "open a queue pair" :
							 "reset the queue pair",
				    by, .pair = pair, .queue_pair = t->queue_pair)
					.address;
	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		ASK(t, t->side[role], "connect the queue pair", SIDE_QP_CONNECT,
		    .pair = pair, .address = address[!role]);
}

static void connect_pairs(struct test *t, enum request_kind by)
{
	for (unsigned int pair = 0; pair < t->pairs; pair++)
		connect_pair(t, pair, by);
	t->broken = false;
	test_receives_dropped(t);
}

void(reconnect)(struct test *t)
{
	connect_pairs(t, SIDE_QP_OPEN);
}

void(reset_queue_pairs)(struct test *t)
{
	connect_pairs(t, SIDE_QP_RESET);
}

void(use_queue_pair)(struct test *t, struct rdma_qp_spec spec)
{
	unsigned int mtu = t->env->device.port.mtu_bytes;

	if (spec.path_mtu > mtu)
		test_skip(t, "%s has a path MTU of %u bytes only; %u are needed",
			  t->env->device.name, mtu, spec.path_mtu);
	t->queue_pair = spec;
	(reconnect)(t);
}

void(use_pairs)(struct test *t, unsigned int pairs)
{
	if (pairs > SIDE_PAIRS)
		test_fail(t, "more than %u queue pairs", SIDE_PAIRS);
	t->pairs = pairs;
	(reconnect)(t);
}
