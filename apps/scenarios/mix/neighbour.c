// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* neighbour.c - what is under way before and after the operation, and what it leads to */
#include "testcase/test.h"
#include "trial.h"

#define WORD sizeof(uint64_t)

/* The last aligned word of the range, if the range has one; else 0. */
static uint64_t last_word(const struct part *part)
{
	uint64_t end = part->offset + part->len;

	if (end < WORD || round_down(end - WORD, WORD) < part->offset)
		return 0;
	return round_down(end - WORD, WORD);
}

/*
 * At the end of the operation's own memory, so that the order shows. But a responder may
 * execute a READ again, after what follows it (IBTA, duplicate requests): what changes
 * memory after a READ goes to the word that follows the range, or to the one after that.
 */
static struct place place_neighbour(struct trial *trial, bool writes, bool after)
{
	struct part *part = &trial->far.parts[trial->far.n - 1];
	bool changes = mix_changes_far(trial->mix);
	bool inside = after ? !writes || changes : writes || !changes;
	uint64_t word = last_word(part);
	uint64_t beyond = round_up(part->offset + part->len, WORD);

	if (trial->mix->permission != WRITABLE)
		return (struct place){ &trial->aside, after ? WORD : 0 };
	if (inside && word)
		return (struct place){ part, word };
	return (struct place){ part, after ? beyond : beyond + WORD };
}

/* The 8 bytes of @slot are those of the neighbour's own data for its place. */
static void write_neighbour(struct trial *trial, struct posted *posted, uint64_t slot,
			    uint16_t generation)
{
	const struct place *place = &posted->place;
	struct target *target = place->part->target;
	struct layer data = { place->offset, WORD, target, place->offset, generation };

	target_fill_for(trial->t, trial->slots, slot, target, place->offset, WORD,
			generation);
	forecast_access(place->part, place->offset, WORD, true);
	part_put(trial->t, place->part, data);
}

/* What is there is returned to @slot. */
static void read_neighbour(struct trial *trial, struct posted *posted, uint64_t slot,
			   bool writes)
{
	const struct place *place = &posted->place;

	target_fill_for(trial->t, trial->slots, slot, place->part->target, place->offset,
			WORD, BENEATH);
	forecast_access(place->part, place->offset, WORD, writes);
	posted->returned = part_data(place->part, place->offset);
}

/* From the data that is there to data of another generation. */
static void swap_neighbour(struct trial *trial, struct posted *posted, uint64_t slot,
			   uint16_t generation)
{
	const struct place *place = &posted->place;
	struct target *target = place->part->target;
	struct layer data = { place->offset, WORD, target, place->offset, generation };

	read_neighbour(trial, posted, slot, true);
	posted->op.rdma.compare_add = part_word(place->part, place->offset);
	part_put(trial->t, place->part, data);
	posted->op.rdma.swap = part_word(place->part, place->offset);
}

void trial_add_neighbour(struct trial *trial, enum neighbour what, bool after)
{
	static const enum rdma_opcode opcodes[] = {
		[A_WRITE] = RDMA_WRITE,
		[A_READ] = RDMA_READ,
		[AN_ATOMIC] = RDMA_COMPARE_SWAP,
		[A_SEND] = RDMA_SEND,
	};
	bool flushed = after && mix_is_refused(trial->mix);
	enum op_status status = flushed ? OP_FLUSH_ERR : OP_SUCCESS;
	struct side_op op = { .rdma.opcode = opcodes[what] };
	uint16_t generation = NEIGHBOURS + after;
	uint64_t slot = after ? KiB(1) : 0;
	struct place inbox = { &trial->aside, KiB(1) + slot };
	struct posted *posted;

	if (what == ALONE)
		return;
	side_op_add(&op, trial->slots, slot, WORD);
	posted = trial_add(trial, op, status);
	posted->place = what == A_SEND ? inbox :
					 place_neighbour(trial, what != A_READ, after);
	side_op_aim(&posted->op, posted->place.part->target, posted->place.offset);
	if (flushed)
		return;
	if (what == A_READ)
		read_neighbour(trial, posted, slot, false);
	else if (what == AN_ATOMIC)
		swap_neighbour(trial, posted, slot, generation);
	else
		write_neighbour(trial, posted, slot, generation);
}
