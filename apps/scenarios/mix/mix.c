// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mix.c - MIX: each operation, with all pairs of circumstances
 *
 * The other groups look at one circumstance at a time. Here each pair of levels of any
 * two factors (struct mix) meets in some row. A row arranges the memory of both ends,
 * posts the operation with its neighbours, and compares all that is there to see with a
 * model.
 */
#include "testcase/test.h"
#include "trial.h"

#define LOOKS 4 /* pages, at most */

/* Which page of @n the device reads @i-th. */
static uint64_t page_to_read(enum look look, uint64_t n, uint64_t i)
{
	if (look == BACKWARDS)
		return n - 1 - i;
	return (n / 2 + i) % n;
}

/*
 * The pages are replaced and written by the CPU, then read by the device one by one. The
 * fault of one page can renew the translations of all that follow it: so none is read in
 * that order.
 */
static void look_again(struct trial *trial)
{
	struct part *part = &trial->far.parts[trial->far.n - 1];
	uint64_t from = round_down(part->offset, KiB(4));
	uint64_t n = pages_spanned(part->offset, part->len);
	struct test *t = trial->t;

	target_remap(t, part->target, from, n * KiB(4));
	target_store(t, part->target, from, n * KiB(4), ANEW);
	for (uint64_t i = 0; i < size_min(n, LOOKS); i++) {
		uint64_t page = page_to_read(trial->mix->look, n, i);

		expect_faults(t, part->target, EXACTLY(1))
			rdma_read(t, part->target, from + page * KiB(4), KiB(4), ANEW);
	}
}

static void run(struct test *t, const void *row)
{
	struct trial trial = { .t = t, .mix = row };

	trial_arrange(&trial);
	trial_post(&trial);
	trial_judge(&trial);
	if (mix_is_refused(trial.mix))
		reconnect(t);
	if (trial.mix->look != NO_LOOK)
		look_again(&trial);
}

#define ROW(id_, about_, needs_, ...)                      \
	{                                                  \
		.id = id_,                                 \
		.about = about_,                           \
		.needs = needs_,                           \
		.run = run,                                \
		.row = &(const struct mix){ __VA_ARGS__ }, \
	},

static const struct scenario mixes[] = {
#include "rows.def"
};
SCENARIO_FAMILY(mixes);
