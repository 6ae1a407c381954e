// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* judge.c - completions, receives, page faults and data of a row, all of them */
#include <inttypes.h>

#include "testcase/test.h"
#include "trial.h"

static const char *name_of(const struct trial *trial, unsigned int i)
{
	if (i == trial->own)
		return "completion of the operation";
	return i < trial->own ? "completion of what is before it" :
				"completion of what is after it";
}

static void step(struct trial *trial, const char *what)
{
	test_at(trial->t, __FILE__, __LINE__, what);
}

/* Each completes once, in order, with its own opcode and status. */
static void judge_completion(struct trial *trial, unsigned int i)
{
	const struct posted *posted = &trial->posted[i];
	const struct rdma_completion *got = &trial->completion[i];
	enum rdma_completed due = rdma_opcode_completes(posted->op.rdma.opcode, false);
	struct test *t = trial->t;

	step(trial, name_of(trial, i));
	if (i >= trial->completions)
		test_fail(t, "none");
	test_note_failure(t, got);
	if (got->id != i)
		test_fail(t, "in its place is that of operation %" PRIu64 " of %u",
			  got->id + 1, trial->n_posted);
	(expect_status)(t, got->status,
			&(const struct per_driver)EVERY_DRIVER(posted->due));
	if (got->status == OP_SUCCESS && got->what != due)
		test_fail(t, "completed as %s, expected %s",
			  rdma_completed_name(got->what), rdma_completed_name(due));
}

static void judge_number(struct trial *trial, unsigned int i)
{
	step(trial, "number of completions");
	if (trial->completions > trial->n_posted)
		test_fail(trial->t, "%u of %u operations", trial->completions,
			  trial->n_posted);
}

/* A message that was refused, and those after it, are not received. */
static void judge_receive(struct trial *trial, unsigned int i)
{
	const struct posted *posted = &trial->posted[i];
	uint64_t bytes = i == trial->own ? trial->mix->len : sizeof(uint64_t);
	enum op_status status;

	step(trial, "receive");
	if (!rdma_opcode_is_received(posted->op.rdma.opcode))
		return;
	if (posted->due == OP_SUCCESS) {
		test_received(trial->t, &posted->op, bytes);
		return;
	}
	status = (receive_status)(trial->t);
	if (status == OP_SUCCESS)
		test_fail(trial->t, "completed with %s", op_status_name(status));
}

/* The last that began is the first to end. */
static void judge_faults(struct trial *trial, unsigned int i)
{
	watch_end(trial->t, trial->watches[trial->n_watches - 1 - i]);
}

static void judge_far(struct trial *trial, unsigned int i)
{
	step(trial, "the responder's memory");
	part_check(trial->t, &trial->far.parts[i]);
}

static void judge_near(struct trial *trial, unsigned int i)
{
	step(trial, "the initiator's memory");
	part_check(trial->t, &trial->near.parts[i]);
}

/* What a neighbour got back. */
static void judge_returned(struct trial *trial, unsigned int i)
{
	const struct posted *posted = &trial->posted[i];
	const struct layer *due = &posted->returned;

	step(trial,
	     i < trial->own ? "what is returned before it" : "what is returned after it");
	if (due->len)
		(check_mapping_for)(trial->t, trial->slots, posted->op.piece[0].offset,
				    due->meant, due->meant_offset, sizeof(uint64_t),
				    due->generation);
}

static void judge_aside(struct trial *trial, unsigned int i)
{
	step(trial, "the responder's other memory");
	part_check(trial->t, &trial->aside);
}

/* A forked child has what was there before, of private memory. */
static void judge_child(struct trial *trial, unsigned int i)
{
	const struct part *part = &trial->far.parts[i];
	uint16_t generation = mix_sends(trial->mix) || trial->mix->opcode == RDMA_WRITE ||
					      trial->mix->opcode == RDMA_WRITE_IMMEDIATE ?
				      BENEATH :
				      MESSAGE;

	step(trial, "the child's memory");
	if (trial->mix->far.state == SHARED && trial->mix->kind != DAX_FILE &&
	    trial->mix->permission == WRITABLE)
		(check_child)(trial->t, part->target, part->offset, part->len,
			      generation);
}

struct judgement_of {
	void (*judge)(struct trial *trial, unsigned int i);
	unsigned int n;
};

static void judge(struct test *t, unsigned int number, void *data)
{
	struct trial *trial = data;
	const struct judgement_of all[] = {
		{ judge_completion, trial->n_posted }, { judge_number, 1 },
		{ judge_receive, trial->n_posted },    { judge_faults, trial->n_watches },
		{ judge_far, trial->far.n },	       { judge_near, trial->near.n },
		{ judge_returned, trial->n_posted },   { judge_aside, 1 },
		{ judge_child, trial->far.n },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (number < all[i].n) {
			all[i].judge(trial, number);
			return;
		}
		number -= all[i].n;
	}
}

void trial_judge(struct trial *trial)
{
	unsigned int n = 2 + 3 * trial->n_posted + trial->n_watches + 2 * trial->far.n +
			 trial->near.n;

	test_judge_all(trial->t, n, judge, trial);
}
