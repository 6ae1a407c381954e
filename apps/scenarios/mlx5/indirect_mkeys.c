// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* indirect_mkeys.c - MLX: indirect mkeys over pieces of ODP regions */
#include "scenario/scenario.h"

#define WITH_INDIRECT_MKEYS QUEUE_PAIR(.type = QP_RC, .indirect_mkeys = true)

/* 12 KiB of two files by one mkey, either at the initiator or at the responder. */
struct pieces {
	struct target *one, *other, *mkey;
};

static struct target *open_at(struct test *t, bool initiator, enum region_kind kind,
			      enum mr_mode mode)
{
	return initiator ? initiator_target(t, kind, KiB(64), mode) :
			   responder_target(t, kind, KiB(64), mode);
}

static struct pieces open_pieces(struct test *t, bool initiator)
{
	struct target *one = open_at(t, initiator, REGION_FSDAX, MR_ODP);
	struct target *other = open_at(t, initiator, REGION_FSDAX, MR_ODP);
	const struct local_piece pieces[] = {
		{ other, KiB(4), KiB(8) },
		{ one, KiB(16), KiB(4) },
	};

	use_queue_pair(t, WITH_INDIRECT_MKEYS);
	return (struct pieces){ one, other,
				target_of_pieces(t, pieces, ARRAY_SIZE(pieces)) };
}

/* The initiator is the source of WRITE and the sink of READ. */
static void transfer(struct test *t, enum rdma_opcode opcode, const struct pieces *pieces,
		     struct target *source, struct target *sink)
{
	bool reads = opcode == RDMA_READ;

	expect_faults(t, pieces->one, EXACTLY(1))
		expect_faults(t, pieces->other, EXACTLY(2))
			rdma_transfer(t, opcode, reads ? sink : source, 0,
				      reads ? source : sink, 0, KiB(12));
}

static void into_pieces(struct test *t, const void *row)
{
	const enum rdma_opcode opcode = *(const enum rdma_opcode *)row;
	bool reads = opcode == RDMA_READ;
	struct pieces to = open_pieces(t, reads);
	struct target *source = open_at(t, !reads, REGION_ANON, MR_PINNED);

	target_fill_for(t, source, 0, to.other, KiB(4), KiB(8), GENERATION(1));
	target_fill_for(t, source, KiB(8), to.one, KiB(16), KiB(4), GENERATION(1));
	transfer(t, opcode, &to, source, to.mkey);
	check_mapping(t, to.other, 0, KiB(4), ZEROS);
	check_mapping(t, to.other, KiB(4), KiB(8), GENERATION(1));
	check_mapping(t, to.other, KiB(12), KiB(52), ZEROS);
	check_mapping(t, to.one, 0, KiB(16), ZEROS);
	check_mapping(t, to.one, KiB(16), KiB(4), GENERATION(1));
	check_mapping(t, to.one, KiB(20), KiB(44), ZEROS);
}

static void out_of_pieces(struct test *t, const void *row)
{
	const enum rdma_opcode opcode = *(const enum rdma_opcode *)row;
	bool reads = opcode == RDMA_READ;
	struct pieces from = open_pieces(t, !reads);
	struct target *sink = open_at(t, reads, REGION_ANON, MR_PINNED);

	target_fill(t, from.one, 0, KiB(64), GENERATION(1));
	target_fill(t, from.other, 0, KiB(64), GENERATION(2));
	transfer(t, opcode, &from, from.mkey, sink);
	check_mapping_for(t, sink, 0, from.other, KiB(4), KiB(8), GENERATION(2));
	check_mapping_for(t, sink, KiB(8), from.one, KiB(16), KiB(4), GENERATION(1));
	check_mapping(t, sink, KiB(12), KiB(52), ZEROS);
}

static const enum rdma_opcode by_write = RDMA_WRITE, by_read = RDMA_READ;

static const struct scenario lists[] = {
	{ "MLX-03.list",
	  "one WRITE to an indirect mkey over pieces of two cold files reaches both",
	  NEEDS(FSDAX, RC_WRITE, INDIRECT_MKEY), into_pieces, &by_write },
	{ "MLX-03.scatter",
	  "one READ into an indirect mkey over pieces of two cold files fills both",
	  NEEDS(FSDAX, RC_READ, INDIRECT_MKEY), into_pieces, &by_read },
	{ "MLX-03.gather",
	  "one WRITE gathers pieces of two cold files by an indirect mkey",
	  NEEDS(FSDAX, RC_WRITE, INDIRECT_MKEY), out_of_pieces, &by_write },
	{ "MLX-03.list-read",
	  "one READ of an indirect mkey over pieces of two cold files returns both",
	  NEEDS(FSDAX, RC_READ, INDIRECT_MKEY), out_of_pieces, &by_read },
};
SCENARIO_FAMILY(lists);

struct interleave {
	bool warm;
};

/* Four pieces of 1 KiB of each file, with a gap of 3 KiB after each piece. */
static void interleave(struct test *t, const void *row)
{
	bool warm = ((const struct interleave *)row)->warm;
	uint16_t before = warm ? GENERATION(2) : ZEROS;
	struct bounds faults = warm ? NONE : EXACTLY(4);
	struct target *one = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *other = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	const struct local_piece pieces[] = {
		{ one, 0, KiB(1) },
		{ other, KiB(2), KiB(1) },
	};
	struct target *interleaved;

	use_queue_pair(t, WITH_INDIRECT_MKEYS);
	interleaved = target_interleaved(t, pieces, ARRAY_SIZE(pieces), 4, KiB(3));
	if (warm) {
		rdma_write(t, one, 0, KiB(64), before);
		rdma_write(t, other, 0, KiB(64), before);
	}
	for (uint64_t i = 0; i < 4; i++) {
		target_fill_for(t, source, i * KiB(2), one, i * KiB(4), KiB(1),
				GENERATION(1));
		target_fill_for(t, source, i * KiB(2) + KiB(1), other,
				i * KiB(4) + KiB(2), KiB(1), GENERATION(1));
	}
	expect_faults(t, one, faults)
		expect_faults(t, other, faults)
			rdma_write_from(t, source, 0, interleaved, 0, KiB(8));
	for (uint64_t i = 0; i < 4; i++) {
		check_mapping(t, one, i * KiB(4), KiB(1), GENERATION(1));
		check_mapping(t, one, i * KiB(4) + KiB(1), KiB(3), before);
		check_mapping(t, other, i * KiB(4), KiB(2), before);
		check_mapping(t, other, i * KiB(4) + KiB(2), KiB(1), GENERATION(1));
		check_mapping(t, other, i * KiB(4) + KiB(3), KiB(1), before);
	}
	check_mapping(t, one, KiB(16), KiB(48), before);
	check_mapping(t, other, KiB(16), KiB(48), before);
}

#define INTERLEAVED(word, about_, ...)                            \
	{                                                         \
		.id = "MLX-03." word,                             \
		.about = about_,                                  \
		.needs = NEEDS(FSDAX, RC_WRITE, INDIRECT_MKEY),   \
		.run = interleave,                                \
		.row = &(const struct interleave){ __VA_ARGS__ }, \
	}

static const struct scenario interleaved_rows[] = {
	INTERLEAVED("interleaved",
		    "one WRITE to an interleaved mkey leaves the bytes between its "
		    "pieces unchanged",
		    .warm = false),
	INTERLEAVED("interleaved-warm",
		    "one WRITE to an interleaved mkey over resident pages leaves the "
		    "bytes between its pieces unchanged",
		    .warm = true),
};
SCENARIO_FAMILY(interleaved_rows);

SCENARIO("MLX-03.send",
	 "a SEND from one indirect mkey into another moves the data of four cold files' "
	 "pieces",
	 NEEDS(FSDAX, RC_SEND, RC_RECV, INDIRECT_MKEY))
{
	struct target *from[] = { initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP),
				  initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP) };
	struct target *to[] = { responder_target(t, REGION_FSDAX, KiB(64), MR_ODP),
				responder_target(t, REGION_FSDAX, KiB(64), MR_ODP) };
	const struct local_piece sent[] = {
		{ from[0], 0, KiB(4) },
		{ from[1], 0, KiB(4) },
	};
	const struct local_piece received[] = {
		{ to[1], 0, KiB(4) },
		{ to[0], 0, KiB(4) },
	};
	struct target *source, *sink;

	use_queue_pair(t, WITH_INDIRECT_MKEYS);
	source = target_of_pieces(t, sent, ARRAY_SIZE(sent));
	sink = target_of_pieces(t, received, ARRAY_SIZE(received));
	target_fill_for(t, from[0], 0, to[1], 0, KiB(4), GENERATION(1));
	target_fill_for(t, from[1], 0, to[0], 0, KiB(4), GENERATION(2));
	expect_faults(t, from[0], EXACTLY(1))
		expect_faults(t, from[1], EXACTLY(1))
			expect_faults(t, to[0], EXACTLY(1))
				expect_faults(t, to[1], EXACTLY(1))
					rdma_send_from(t, source, 0, sink, 0, KiB(8));
	check_mapping(t, to[1], 0, KiB(4), GENERATION(1));
	check_mapping(t, to[0], 0, KiB(4), GENERATION(2));
}

#define REFUSED EVERY_DRIVER(OP_REM_ACCESS_ERR)

SCENARIO("MLX-03.unmapped",
	 "a WRITE to an indirect mkey writes nothing after a piece that cannot be "
	 "faulted in",
	 NEEDS(FSDAX, RC_WRITE, INDIRECT_MKEY))
{
	struct target *one = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *gone = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	const struct local_piece pieces[] = {
		{ one, 0, KiB(4) },
		{ gone, KiB(8), KiB(4) },
		{ one, KiB(16), KiB(4) },
	};
	enum op_status status;
	struct target *all;

	use_queue_pair(t, WITH_INDIRECT_MKEYS);
	all = target_of_pieces(t, pieces, ARRAY_SIZE(pieces));
	target_unmap(t, gone, KiB(8), KiB(4));
	status = attempt(t, RDMA_WRITE, all, .len = KiB(12), .generation = GENERATION(1));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, one, KiB(4), KiB(60), ZEROS);
	target_remap(t, gone, KiB(8), KiB(4));
	check_mapping(t, gone, 0, KiB(64), ZEROS);
	reconnect(t);
	rdma_write(t, one, KiB(4), KiB(4), GENERATION(2));
	check_mapping(t, one, KiB(4), KiB(4), GENERATION(2));
}
