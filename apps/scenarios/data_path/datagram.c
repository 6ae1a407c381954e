// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* datagram.c - DP: unreliable datagrams, which are received after a GRH */
#include "scenario/scenario.h"

#define HEADER 40 /* bytes: the global route header */

struct datagram {
	enum rdma_opcode opcode;
	bool shared_receive;
};

static void send_cold(struct test *t, const void *row)
{
	const struct datagram *datagram = row;
	struct target *sink = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	use_queue_pair(t, QUEUE_PAIR(.type = QP_UD));
	target_fill_for(t, source, 0, sink, HEADER, KiB(2), GENERATION(1));
	expect_faults(t, source, EXACTLY(1))
		rdma_transfer(t, datagram->opcode, source, 0, sink, HEADER, KiB(2));
	check_mapping(t, sink, HEADER, KiB(2), GENERATION(1));
}

static void receive_cold(struct test *t, const void *row)
{
	const struct datagram *datagram = row;
	struct target *sink = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);

	use_queue_pair(t, QUEUE_PAIR(.type = QP_UD,
				     .shared_receive = datagram->shared_receive));
	target_fill_for(t, source, 0, sink, HEADER, KiB(2), GENERATION(1));
	expect_faults(t, sink, EXACTLY(1))
		rdma_transfer(t, datagram->opcode, source, 0, sink, HEADER, KiB(2));
	check_mapping(t, sink, HEADER, KiB(2), GENERATION(1));
	check_mapping(t, sink, HEADER + KiB(2), KiB(60), ZEROS);
}

static const struct scenario datagrams[] = {
	{ "DP-12", "a datagram from cold memory is received after its 40 byte GRH",
	  NEEDS(FSDAX, UD_SEND), send_cold, &(const struct datagram){ RDMA_SEND } },
	{ "DP-12.immediate",
	  "a datagram with immediate data from cold memory is received with that data",
	  NEEDS(FSDAX, UD_SEND), send_cold,
	  &(const struct datagram){ RDMA_SEND_IMMEDIATE } },
	{ "DP-12.receive",
	  "a datagram is received into cold memory after its 40 byte GRH",
	  NEEDS(REGION, UD_RECV), receive_cold, &(const struct datagram){ RDMA_SEND } },
	{ "DP-12.srq",
	  "a datagram is received into cold memory of a shared receive queue",
	  NEEDS(REGION, UD_SRQ), receive_cold,
	  &(const struct datagram){ RDMA_SEND, .shared_receive = true } },
};
SCENARIO_FAMILY(datagrams);
