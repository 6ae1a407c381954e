/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* queue_pair.h - words about queue pairs */
#ifndef ODPLAB_SCENARIO_OPERATION_QUEUE_PAIR_H
#define ODPLAB_SCENARIO_OPERATION_QUEUE_PAIR_H

#include <stdint.h>

#include "rdma/qp.h"
#include "testcase/step.h"

struct test;

/*
 * Replaces the queue pair by one of another kind (struct rdma_qp_spec). A scenario begins
 * with one RC queue pair on each side.
 *	use_queue_pair(t, QUEUE_PAIR(.type = QP_XRC, .path_mtu = 1024));
 */
#define use_queue_pair(t, ...) STEP(t, use_queue_pair, #__VA_ARGS__, __VA_ARGS__)
void(use_queue_pair)(struct test *t, struct rdma_qp_spec spec);

#define QUEUE_PAIR(...) ((struct rdma_qp_spec){ __VA_ARGS__ })

/* So many queue pairs of that kind on each side, SIDE_PAIRS at most. */
#define use_pairs(t, ...) STEP(t, use_pairs, #__VA_ARGS__, __VA_ARGS__)
void(use_pairs)(struct test *t, unsigned int pairs);

/* Replaces all queue pairs by new ones, connected. */
#define reconnect(t) STEP(t, reconnect, "")
void(reconnect)(struct test *t);

/*
 * Takes all queue pairs, which may be in the error state, back to the state RESET and
 * connects them again. They keep their numbers, and forget what was posted.
 */
#define reset_queue_pairs(t) STEP(t, reset_queue_pairs, "")
void(reset_queue_pairs)(struct test *t);

#endif
