// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_connect.c - steps that connect the sides' queue pairs */
#include "run/test.h"

static void connect_pair(struct test *t, unsigned int pair)
{
	struct side_request open = { .kind = SIDE_QP_OPEN,
				     .pair = pair,
				     .queue_pair = t->queue_pair };
	struct side_request connect = { .kind = SIDE_QP_CONNECT, .pair = pair };
	struct side_reply replies[SIDE_ROLES], reply;

	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		test_call(t, t->side[role], &open, &replies[role], "open a queue pair");
	for (int role = INITIATOR; role < SIDE_ROLES; role++) {
		connect.address = replies[!role].address;
		test_call(t, t->side[role], &connect, &reply, "connect the queue pair");
	}
}

void(reconnect)(struct test *t)
{
	for (unsigned int pair = 0; pair < t->pairs; pair++)
		connect_pair(t, pair);
	t->broken = false;
}

void(use_queue_pair)(struct test *t, struct rdma_qp_spec spec)
{
	unsigned int mtu = t->lab->device.port.mtu_bytes;

	if (spec.path_mtu > mtu)
		test_skip(t, "%s has a path MTU of %u bytes only; %u are needed",
			  t->lab->device.name, mtu, spec.path_mtu);
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
