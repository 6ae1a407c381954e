// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * operations.c - DP: each operation of each transport, cold at either end
 *
 * WRITE, READ and SEND on RC with one cold end are in data_path.c, step by step.
 */
#include "scenario/scenario.h"

/*
 * Cold memory is a DAX file, which is filled without being mapped; other memory is
 * pinned.
 */
enum cold { RESPONDER_IS_COLD = 1, INITIATOR_IS_COLD = 2, BOTH_ARE_COLD = 3 };

struct operation {
	enum rdma_opcode opcode;
	struct rdma_qp_spec queue_pair;
	enum cold cold;
};

static struct target *responders(struct test *t, bool cold)
{
	return cold ? responder_target(t, REGION_FSDAX, KiB(64), MR_ODP) :
		      responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
}

static struct target *initiators(struct test *t, bool cold)
{
	return cold ? initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP) :
		      initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
}

static void transfer(struct test *t, const void *row)
{
	const struct operation *operation = row;
	struct target *near = initiators(t, operation->cold & INITIATOR_IS_COLD);
	struct target *far = responders(t, operation->cold & RESPONDER_IS_COLD);
	bool reads = operation->opcode == RDMA_READ;
	struct target *source = reads ? far : near, *sink = reads ? near : far;

	use_queue_pair(t, operation->queue_pair);
	target_fill_for(t, source, KiB(4), sink, KiB(8), KiB(16), GENERATION(1));
	expect_faults(t, near, operation->cold & INITIATOR_IS_COLD ? EXACTLY(4) : NONE)
		expect_faults(t, far,
			      operation->cold & RESPONDER_IS_COLD ? EXACTLY(4) : NONE)
			rdma_transfer(t, operation->opcode, near, reads ? KiB(8) : KiB(4),
				      far, reads ? KiB(4) : KiB(8), KiB(16));
	check_mapping(t, sink, 0, KiB(8), ZEROS);
	check_mapping(t, sink, KiB(8), KiB(16), GENERATION(1));
	check_mapping(t, sink, KiB(24), KiB(40), ZEROS);
}

#define ROW(id, about, needs, opcode, cold, ...)                      \
	{                                                             \
		id, about, needs, transfer, &(const struct operation) \
		{                                                     \
			opcode, { .type = __VA_ARGS__ }, cold##_COLD  \
		}                                                     \
	}
#define OVER_RC	       QP_RC
#define OVER_RC_SHARED QP_RC, .shared_receive = true
#define OVER_XRC       QP_XRC
#define OVER_DC	       QP_DC

static const struct scenario operations[] = {
	ROW("DP-01.write-imm",
	    "WRITE with immediate data faults cold memory in once and completes a "
	    "receive",
	    NEEDS(VERBS, FSDAX, RC_WRITE, RC_RECV), RDMA_WRITE_IMMEDIATE, RESPONDER_IS,
	    OVER_RC),
	ROW("DP-01.send", "SEND into a cold receive buffer faults the buffer in once",
	    NEEDS(PINNED, FSDAX, RC_RECV), RDMA_SEND, RESPONDER_IS, OVER_RC),
	ROW("DP-01.send-imm",
	    "SEND with immediate data into a cold receive buffer faults the buffer in "
	    "once",
	    NEEDS(PINNED, FSDAX, RC_RECV), RDMA_SEND_IMMEDIATE, RESPONDER_IS, OVER_RC),
	ROW("DP-01.srq",
	    "SEND into a cold buffer of a shared receive queue faults the buffer in once",
	    NEEDS(FSDAX, RC_SRQ), RDMA_SEND, RESPONDER_IS, OVER_RC_SHARED),
	ROW("DP-01.srq-imm",
	    "SEND with immediate data into a cold buffer of a shared receive queue "
	    "faults it in once",
	    NEEDS(FSDAX, RC_SRQ), RDMA_SEND_IMMEDIATE, RESPONDER_IS, OVER_RC_SHARED),
	ROW("DP-01.xrc-write", "RDMA WRITE on XRC faults cold memory in once",
	    NEEDS(FSDAX, XRC_WRITE), RDMA_WRITE, RESPONDER_IS, OVER_XRC),
	ROW("DP-01.xrc-write-imm",
	    "WRITE with immediate data on XRC faults cold memory in once and completes a "
	    "receive",
	    NEEDS(FSDAX, XRC_WRITE), RDMA_WRITE_IMMEDIATE, RESPONDER_IS, OVER_XRC),
	ROW("DP-01.xrc-read", "RDMA READ on XRC faults cold memory in once",
	    NEEDS(FSDAX, XRC_READ), RDMA_READ, RESPONDER_IS, OVER_XRC),
	ROW("DP-01.xrc-send",
	    "SEND on XRC faults a cold buffer of the shared receive queue in once",
	    NEEDS(FSDAX, XRC_SRQ), RDMA_SEND, RESPONDER_IS, OVER_XRC),

	ROW("DP-03.write-imm", "WRITE with immediate data faults its cold source in once",
	    NEEDS(VERBS, FSDAX, RC_WRITE), RDMA_WRITE_IMMEDIATE, INITIATOR_IS, OVER_RC),
	ROW("DP-03.send-imm", "SEND with immediate data faults its cold source in once",
	    NEEDS(PINNED, FSDAX, RC_SEND), RDMA_SEND_IMMEDIATE, INITIATOR_IS, OVER_RC),
	ROW("DP-03.xrc-write", "RDMA WRITE on XRC faults its cold source in once",
	    NEEDS(FSDAX, XRC_WRITE), RDMA_WRITE, INITIATOR_IS, OVER_XRC),
	ROW("DP-03.xrc-read", "RDMA READ on XRC faults its cold local memory in once",
	    NEEDS(FSDAX, XRC_READ), RDMA_READ, INITIATOR_IS, OVER_XRC),
	ROW("DP-03.xrc-send", "SEND on XRC faults its cold source in once",
	    NEEDS(FSDAX, XRC_SEND), RDMA_SEND, INITIATOR_IS, OVER_XRC),

	ROW("DP-04.read", "RDMA READ from one cold DAX file into another faults both in",
	    NEEDS(FSDAX, RC_READ), RDMA_READ, BOTH_ARE, OVER_RC),
	ROW("DP-04.write-imm",
	    "WRITE with immediate data, cold on both sides, faults both in",
	    NEEDS(VERBS, FSDAX, RC_WRITE, RC_RECV), RDMA_WRITE_IMMEDIATE, BOTH_ARE,
	    OVER_RC),
	ROW("DP-04.send-imm",
	    "SEND with immediate data, cold on both sides, faults both in",
	    NEEDS(FSDAX, RC_SEND, RC_RECV), RDMA_SEND_IMMEDIATE, BOTH_ARE, OVER_RC),
	ROW("DP-04.srq",
	    "SEND from cold memory to a cold buffer of a shared receive queue faults "
	    "both in",
	    NEEDS(FSDAX, RC_SEND, RC_SRQ), RDMA_SEND, BOTH_ARE, OVER_RC_SHARED),
	ROW("DP-04.xrc-write", "RDMA WRITE on XRC, cold on both sides, faults both in",
	    NEEDS(FSDAX, XRC_WRITE), RDMA_WRITE, BOTH_ARE, OVER_XRC),
	ROW("DP-04.xrc-read", "RDMA READ on XRC, cold on both sides, faults both in",
	    NEEDS(FSDAX, XRC_READ), RDMA_READ, BOTH_ARE, OVER_XRC),
	ROW("DP-04.xrc-send", "SEND on XRC, cold on both sides, faults both in",
	    NEEDS(FSDAX, XRC_SEND, XRC_SRQ), RDMA_SEND, BOTH_ARE, OVER_XRC),

	ROW("MLX-02.write", "RDMA WRITE over DC faults cold memory in once",
	    NEEDS(FSDAX, DC_WRITE), RDMA_WRITE, RESPONDER_IS, OVER_DC),
	ROW("MLX-02.write-imm",
	    "WRITE with immediate data over DC faults cold memory in once",
	    NEEDS(FSDAX, DC_WRITE), RDMA_WRITE_IMMEDIATE, RESPONDER_IS, OVER_DC),
	ROW("MLX-02.read", "RDMA READ over DC faults cold memory in once",
	    NEEDS(FSDAX, DC_READ), RDMA_READ, RESPONDER_IS, OVER_DC),
	ROW("MLX-02.send",
	    "SEND over DC faults a cold buffer of the target's shared receive queue in "
	    "once",
	    NEEDS(FSDAX, DC_SRQ), RDMA_SEND, RESPONDER_IS, OVER_DC),
	ROW("MLX-02.write-from", "RDMA WRITE over DC faults its cold source in once",
	    NEEDS(FSDAX, DC_WRITE), RDMA_WRITE, INITIATOR_IS, OVER_DC),
	ROW("MLX-02.read-into", "RDMA READ over DC faults its cold local memory in once",
	    NEEDS(FSDAX, DC_READ), RDMA_READ, INITIATOR_IS, OVER_DC),
	ROW("MLX-02.send-from", "SEND over DC faults its cold source in once",
	    NEEDS(FSDAX, DC_SEND), RDMA_SEND, INITIATOR_IS, OVER_DC),
	ROW("MLX-02.both",
	    "SEND with immediate data over DC, cold on both sides, faults both in",
	    NEEDS(FSDAX, DC_SEND, DC_SRQ), RDMA_SEND_IMMEDIATE, BOTH_ARE, OVER_DC),
};
SCENARIO_FAMILY(operations);
