// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* local.c - ERR-06, ERR-07, ERR-16: memory of a work request or a receive */
#include "revoke.h"
#include "scenario/scenario.h"

#define FLUSH_REASON                                                                    \
	"soft-RoCE sets the queue pair to error before it completes the request whose " \
	"source it cannot read, so that this request is flushed too"

struct local_refusal {
	enum rdma_opcode opcode;
	revoke_fn *revoke;
	struct per_driver due;
};

static void refuse_local(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_ODP);
	const struct local_refusal *refusal = row;
	enum op_status status;

	target_store(t, local, 0, KiB(64), GENERATION(9));
	refusal->revoke(t, local);
	status = attempt(t, refusal->opcode, target, .local = local);
	expect_status(t, status, &refusal->due);
	/*
	 * the atomic was executed at the responder before its result could not be stored
	 */
	if (refusal->opcode != RDMA_FETCH_ADD)
		check_mapping(t, target, 0, KiB(64), ZEROS);
	check_mapping(t, local, KiB(16), KiB(48), GENERATION(9));
	reconnect(t);
	rdma_write_from(t, local, KiB(16), target, KiB(16), KiB(16));
	check_mapping_for(t, target, KiB(16), local, KiB(16), KiB(16), GENERATION(9));
}

#define LOCAL(word, about_, needs_, ...)                             \
	{                                                            \
		.id = "ERR-06." word,                                \
		.about = about_,                                     \
		.needs = needs_,                                     \
		.run = refuse_local,                                 \
		.row = &(const struct local_refusal){ __VA_ARGS__ }, \
	}
#define BAD_SOURCE \
	{ .rxe = OP_FLUSH_ERR, .mlx5 = OP_LOC_PROT_ERR, .reason = FLUSH_REASON }
#define BAD_SINK EVERY_DRIVER(OP_LOC_PROT_ERR)

static const struct scenario local_refusals[] = {
	LOCAL("source-unmapped", "WRITE from unmapped local memory fails",
	      NEEDS(VERBS, REGION, RC_WRITE), RDMA_WRITE, unmap, BAD_SOURCE),
	LOCAL("source-no-access", "WRITE from local memory with PROT_NONE fails",
	      NEEDS(VERBS, REGION, RC_WRITE), RDMA_WRITE, forbid, BAD_SOURCE),
	LOCAL("sink-unmapped", "READ into unmapped local memory fails",
	      NEEDS(VERBS, REGION, RC_WRITE, RC_READ), RDMA_READ, unmap, BAD_SINK),
	LOCAL("sink-no-access", "READ into local memory with PROT_NONE fails",
	      NEEDS(VERBS, REGION, RC_WRITE, RC_READ), RDMA_READ, forbid, BAD_SINK),
	LOCAL("sink-read-only", "READ into local memory with PROT_READ fails",
	      NEEDS(VERBS, REGION, RC_WRITE, RC_READ), RDMA_READ, forbid_writing,
	      BAD_SINK),
	LOCAL("result-unmapped",
	      "an atomic whose result buffer is unmapped fails at the requester",
	      NEEDS(VERBS, REGION, RC_WRITE, RC_ATOMIC), RDMA_FETCH_ADD, unmap, BAD_SINK),
};
SCENARIO_FAMILY(local_refusals);

struct bad_receive {
	revoke_fn *revoke;
	struct per_driver sender, receiver;
};

static void refuse_receive(struct test *t, const void *row)
{
	struct target *buffer = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct bad_receive *bad = row;
	enum op_status status;

	bad->revoke(t, buffer);
	status = attempt(t, RDMA_SEND, buffer, .len = KiB(4));
	expect_status(t, status, &bad->sender);
	status = receive_status(t);
	expect_status(t, status, &bad->receiver);
	check_mapping(t, buffer, KiB(16), KiB(48), ZEROS);
	reconnect(t);
	rdma_write(t, buffer, KiB(16), KiB(16), GENERATION(1));
}

#define RECEIVE(word, about_, ...)                                 \
	{                                                          \
		.id = "ERR-07." word,                              \
		.about = about_,                                   \
		.needs = NEEDS(DEVICE, REGION, RC_WRITE, RC_RECV), \
		.run = refuse_receive,                             \
		.row = &(const struct bad_receive){ __VA_ARGS__ }, \
	}
#define SENDER EVERY_DRIVER(OP_REM_OP_ERR)
#define RECEIVER \
	{ .rxe = OP_LOC_QP_OP_ERR, .mlx5 = OP_LOC_PROT_ERR, .reason = RECEIVER_REASON }
#define RECEIVER_REASON                                                            \
	"soft-RoCE reports a receive that it cannot store as a queue pair error, " \
	"mlx5 as a protection error"

static const struct scenario bad_receives[] = {
	RECEIVE("unmapped", "a SEND whose receive buffer is unmapped fails on both sides",
		unmap, SENDER, RECEIVER),
	RECEIVE("no-access",
		"a SEND whose receive buffer has PROT_NONE fails on both sides", forbid,
		SENDER, RECEIVER),
	RECEIVE("read-only",
		"a SEND whose receive buffer has PROT_READ fails on both sides",
		forbid_writing, SENDER, RECEIVER),
};
SCENARIO_FAMILY(bad_receives);

struct overrun {
	uint32_t len, room;
};

#define OVERRUN_REASON                                                                \
	"soft-RoCE reports a receive that it cannot use, mlx5 a message that is too " \
	"long"

static void send_too_much(struct test *t, const void *row)
{
	static const struct per_driver sender = { .rxe = OP_REM_OP_ERR,
						  .mlx5 = OP_REM_INV_REQ_ERR,
						  .reason = OVERRUN_REASON };
	static const struct per_driver receiver = { .rxe = OP_LOC_QP_OP_ERR,
						    .mlx5 = OP_LOC_LEN_ERR,
						    .reason = OVERRUN_REASON };
	struct target *buffer = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct overrun *overrun = row;
	enum op_status status;

	status = attempt(t, RDMA_SEND, buffer, .len = overrun->len, .room = overrun->room,
			 .generation = GENERATION(1));
	expect_status(t, status, &sender);
	status = receive_status(t);
	expect_status(t, status, &receiver);
	check_mapping(t, buffer, overrun->room, KiB(64) - overrun->room, ZEROS);
	reconnect(t);
	rdma_write(t, buffer, 0, KiB(16), GENERATION(2));
	check_mapping(t, buffer, 0, KiB(16), GENERATION(2));
}

#define OVERRUN(word, about_, ...)                                 \
	{                                                          \
		.id = "ERR-16." word,                              \
		.about = about_,                                   \
		.needs = NEEDS(DEVICE, REGION, RC_WRITE, RC_RECV), \
		.run = send_too_much,                              \
		.row = &(const struct overrun){ __VA_ARGS__ },     \
	}

static const struct scenario overruns[] = {
	OVERRUN("word",
		"a SEND that is eight bytes longer than its cold receive fails on both "
		"sides, and writes nothing after it",
		KiB(4), KiB(4) - 8),
	OVERRUN("pages",
		"a SEND that is two pages longer than its cold receive fails on both "
		"sides, and writes nothing after it",
		KiB(16), KiB(8)),
};
SCENARIO_FAMILY(overruns);

#define MISALIGNED_REASON                                                            \
	"libibverbs' soft-RoCE does not post an atomic on an address that is not a " \
	"multiple of eight; a device reports an invalid request"

SCENARIO("ERR-08", "an atomic on an address that is not a multiple of eight is refused",
	 NEEDS(VERBS, REGION, RC_ATOMIC))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	enum op_status status;

	status = attempt(t, RDMA_FETCH_ADD, target, .offset = 4);
	expect_status(t, status,
		      &(const struct per_driver){ .rxe = OP_NOT_POSTED,
						  .mlx5 = OP_REM_INV_REQ_ERR,
						  .reason = MISALIGNED_REASON });
	check_mapping(t, target, 0, KiB(64), ZEROS);
}
