/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* event.h - words about completion events, to sleep for instead of polling */
#ifndef ODPLAB_SCENARIO_OPERATION_EVENT_H
#define ODPLAB_SCENARIO_OPERATION_EVENT_H

#include "side/side.h"
#include "testcase/step.h"

struct test;

enum event_kind {
	EVENT_ANY,	 /* of the next completion */
	EVENT_SOLICITED, /* of the next that is solicited or has failed */
};

/*
 * The side asks for one event. A message is solicited by rdma_transfer_solicited(). The
 * queue pair must have .events (struct rdma_qp_spec):
 *	use_queue_pair(t, QUEUE_PAIR(.type = QP_RC, .events = true));
 */
#define ask_for_event(t, ...) STEP(t, ask_for_event, #__VA_ARGS__, __VA_ARGS__)
void(ask_for_event)(struct test *t, enum side_role role, enum event_kind kind);

/* Fails unless that event comes; takes it. */
#define expect_event(t, ...) STEP(t, expect_event, #__VA_ARGS__, __VA_ARGS__)
void(expect_event)(struct test *t, enum side_role role);

/* Fails if it has come, or comes within 20 ms. */
#define expect_no_event(t, ...) STEP(t, expect_no_event, #__VA_ARGS__, __VA_ARGS__)
void(expect_no_event)(struct test *t, enum side_role role);

#endif
