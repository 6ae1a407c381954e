// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * post.c - the operation, posted between its neighbours without a wait, and what it leads
 * to
 */
#include "testcase/test.h"
#include "trial.h"

#define WORD	  sizeof(uint64_t)
#define IMMEDIATE 0x5eed1e55

bool mix_sends(const struct mix *mix)
{
	return mix->opcode == RDMA_SEND || mix->opcode == RDMA_SEND_IMMEDIATE ||
	       mix->opcode == RDMA_SEND_INVALIDATE;
}

bool mix_is_atomic(const struct mix *mix)
{
	return mix->opcode == RDMA_FETCH_ADD || mix->opcode == RDMA_COMPARE_SWAP;
}

bool mix_changes_far(const struct mix *mix)
{
	return mix->opcode != RDMA_READ;
}

bool mix_is_refused(const struct mix *mix)
{
	return mix->permission != WRITABLE && mix_changes_far(mix);
}

struct posted *trial_add(struct trial *trial, struct side_op op, enum op_status due)
{
	struct posted *posted = &trial->posted[trial->n_posted++];

	*posted = (struct posted){ .op = op, .due = due };
	return posted;
}

static enum op_status own_status(const struct trial *trial)
{
	if (!mix_is_refused(trial->mix))
		return OP_SUCCESS;
	return mix_sends(trial->mix) ? OP_REM_OP_ERR : OP_REM_ACCESS_ERR;
}

/* From the data that is there to other data, by the sum or the swap. */
static void set_atomic(struct trial *trial, struct side_op *op)
{
	struct part *far = &trial->far.parts[0];
	struct layer data = { far->offset, WORD, far->target, far->offset, SWAPPED };
	uint64_t old = part_word(far, far->offset), new;

	pattern_fill(&new, far->offset, WORD,
		     (struct pattern){ far->target->seed, SWAPPED });
	op->rdma.compare_add = trial->mix->opcode == RDMA_FETCH_ADD ? new - old : old;
	op->rdma.swap = new;
	if (!mix_is_refused(trial->mix))
		part_put(trial->t, far, data);
}

static void forecast_end(struct end *end, bool writes)
{
	for (unsigned int i = 0; i < end->n; i++)
		forecast_access(&end->parts[i], end->parts[i].offset, end->parts[i].len,
				writes);
}

/* What the operation itself leads to. */
static void execute(struct trial *trial, struct side_op *op)
{
	bool gets = trial->mix->opcode == RDMA_READ || mix_is_atomic(trial->mix);
	bool refused = mix_is_refused(trial->mix);

	forecast_end(&trial->near, gets);
	if (!refused)
		forecast_end(&trial->far, mix_changes_far(trial->mix));
	if (!refused && gets)
		end_copy(trial->t, &trial->far, &trial->near);
	else if (!refused)
		end_copy(trial->t, &trial->near, &trial->far);
	if (mix_is_atomic(trial->mix))
		set_atomic(trial, op);
}

static void add_own(struct trial *trial)
{
	struct side_op op = { .rdma = { .opcode = trial->mix->opcode,
					.immediate = IMMEDIATE } };

	for (unsigned int i = 0; i < trial->near.n; i++) {
		const struct part *part = &trial->near.parts[i];

		side_op_add(&op, part->target, part->offset, part->len);
	}
	side_op_aim(&op, trial->far.parts[0].target, trial->far.parts[0].offset);
	if (trial->window)
		op.rdma.immediate = target_rkey(trial->window);
	execute(trial, &op);
	trial->own = trial->n_posted;
	trial_add(trial, op, own_status(trial));
}

/* ---- receives ---- */

static void post_receive(struct trial *trial, const struct posted *posted)
{
	struct test *t = trial->t;
	struct side_op receive = { 0 };

	if (!rdma_opcode_is_received(posted->op.rdma.opcode))
		return;
	if (posted != &trial->posted[trial->own])
		side_op_add(&receive, posted->place.part->target, posted->place.offset,
			    WORD);
	else if (mix_sends(trial->mix))
		for (unsigned int i = 0; i < trial->far.n; i++) {
			const struct part *part = &trial->far.parts[i];

			side_op_add(&receive, part->target, part->offset, part->len);
		}
	test_post_receive_op(t, &receive);
}

/* ---- watches ---- */

/* What is refused before the pages are looked at faults nothing in. */
static void watch(struct trial *trial, struct part *part, struct bounds bounds,
		  const char *what)
{
	trial->watches[trial->n_watches++] = watch_begin(trial->t, part->target, bounds,
							 false, what, __FILE__, __LINE__);
}

_Static_assert(2 * MIX_PIECES <= WATCH_SLOTS, "each piece of both ends is watched");

static void watch_all(struct trial *trial)
{
	bool refused = mix_is_refused(trial->mix);

	for (unsigned int i = 0; i < trial->far.n; i++) {
		struct part *part = &trial->far.parts[i];

		if (trial->mix->permission != MAPPING_READ_ONLY)
			watch(trial, part, refused ? NONE : forecast_bounds(part),
			      "watch of the responder's memory");
	}
	for (unsigned int i = 0; i < trial->near.n; i++) {
		struct part *part = &trial->near.parts[i];
		struct bounds bounds = forecast_bounds(part);

		/* the requester may read its memory before it knows of the refusal */
		if (refused)
			bounds.min = 0;
		watch(trial, part, bounds, "watch of the initiator's memory");
	}
}

void trial_post(struct trial *trial)
{
	struct test *t = trial->t;
	struct side_reply reply;

	trial_add_neighbour(trial, trial->mix->before, false);
	add_own(trial);
	trial_add_neighbour(trial, trial->mix->after, true);
	for (unsigned int i = 0; i < trial->n_posted; i++)
		post_receive(trial, &trial->posted[i]);
	watch_all(trial);
	for (unsigned int i = 0; i < trial->n_posted; i++)
		test_post(t, 0, &trial->posted[i].op);
	reply = ASK(t, t->side[INITIATOR], "wait for completions", SIDE_COLLECT,
		    .len = trial->n_posted);
	trial->completions = reply.completions;
	for (unsigned int i = 0; i < size_min(reply.completions, MIX_POSTED); i++)
		trial->completion[i] = reply.batch[i];
	t->broken = mix_is_refused(trial->mix);
}
