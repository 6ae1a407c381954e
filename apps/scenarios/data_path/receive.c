// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* receive.c - DP: receives that are cold, late, many, or missing */
#include "scenario/scenario.h"

SCENARIO("DP-11.late", "a SEND before its cold receive is posted waits for the receive",
	 NEEDS(FSDAX, RC_RECV))
{
	struct target *sink = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);

	target_fill_for(t, source, 0, sink, 0, KiB(16), GENERATION(1));
	expect_faults(t, sink, EXACTLY(4))
		rdma_send_before_receive(t, source, 0, sink, 0, KiB(16));
	check_mapping(t, sink, 0, KiB(16), GENERATION(1));
	check_mapping(t, sink, KiB(16), KiB(48), ZEROS);
}

SCENARIO("DP-11.none", "with rnr_retry 0 a SEND without a receive ends with an RNR error",
	 NEEDS(VERBS, RC_SEND))
{
	struct target *source = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);

	use_queue_pair(t, QUEUE_PAIR(.type = QP_RC, .rnr_is_final = true));
	expect_status(t, rdma_send_unreceived(t, source, 0, KiB(4)),
		      &(const struct per_driver)EVERY_DRIVER(OP_RNR_RETRY_EXC_ERR));
}

/*
 * A device may answer "receiver not ready" while it faults the receive buffer in; with
 * rnr_retry 0 the SEND fails then. No other error may
 * occur, and a second SEND must succeed.
 */
SCENARIO("DP-11.cold",
	 "with rnr_retry 0 a SEND into a cold buffer succeeds or ends with an RNR error",
	 NEEDS(VERBS, FSDAX, RC_RECV))
{
	struct target *sink = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	enum op_status status = OP_SUCCESS;

	use_queue_pair(t, QUEUE_PAIR(.type = QP_RC, .rnr_is_final = true));
	target_fill_for(t, source, 0, sink, 0, KiB(16), GENERATION(1));
	expect_faults(t, sink, AT_LEAST(1))
		status = rdma_send_status(t, source, 0, sink, 0, KiB(16));
	expect(t, status == OP_SUCCESS || status == OP_RNR_RETRY_EXC_ERR,
	       "the SEND ended with %s", op_status_name(status));
	use_queue_pair(t, QUEUE_PAIR(.type = QP_RC));
	rdma_send_from(t, source, 0, sink, 0, KiB(16));
	check_mapping(t, sink, 0, KiB(16), GENERATION(1));
}

struct row {
	struct rdma_qp_spec queue_pair;
};

static void send_in_a_row(struct test *t, const void *data)
{
	struct target *sink = responder_target(t, REGION_FSDAX, KiB(128), MR_ODP);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(128), MR_ODP);
	const struct row *row = data;

	use_queue_pair(t, row->queue_pair);
	target_fill_for(t, source, 0, sink, 0, KiB(64), GENERATION(1));
	expect_faults(t, source, EXACTLY(16))
		expect_faults(t, sink, EXACTLY(16))
			rdma_send_in_a_row(t, 8, source, 0, sink, 0, KiB(8));
	check_mapping(t, sink, 0, KiB(64), GENERATION(1));
	check_mapping(t, sink, KiB(64), KiB(64), ZEROS);
}

static const struct scenario rows[] = {
	{ "DP-18.rc", "of 8 cold receives each SEND consumes the oldest",
	  NEEDS(FSDAX, RC_SEND, RC_RECV), send_in_a_row,
	  &(const struct row){ { .type = QP_RC } } },
	{ "DP-18.srq",
	  "of 8 cold receives of a shared receive queue each SEND consumes the oldest",
	  NEEDS(FSDAX, RC_SEND, RC_SRQ), send_in_a_row,
	  &(const struct row){ { .type = QP_RC, .shared_receive = true } } },
	{ "DP-18.xrc", "of 8 cold receives each SEND on XRC consumes the oldest",
	  NEEDS(FSDAX, XRC_SEND, XRC_SRQ), send_in_a_row,
	  &(const struct row){ { .type = QP_XRC } } },
};
SCENARIO_FAMILY(rows);
