// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* make.c - the targets of a row, all cold */
#include "testcase/test.h"
#include "trial.h"

/* Pieces of unequal lengths. */
static uint64_t piece_len(uint64_t len, unsigned int n, unsigned int i)
{
	uint64_t small = len / 8, medium = len / 4 + 1;

	if (n == 1)
		return len;
	if (n == 2)
		return i ? len - medium : medium;
	return i == 0 ? small : i == 1 ? medium : len - small - medium;
}

/* A page on either side is guarded; two words more can follow the range. */
static void make_part(struct trial *trial, struct part *part, bool far)
{
	const struct mix *mix = trial->mix;
	bool read_only = far && mix->permission == REGION_READ_ONLY_HERE;
	struct target_spec spec = {
		.kind = mix->kind == DAX_FILE ? REGION_FSDAX : REGION_ANON,
		.mode = mix->kind == IMPLICIT ? MR_ODP_IMPLICIT : MR_ODP,
		.len = round_up(KiB(4) + mix->at + part->len, KiB(4)) + KiB(4),
		.access = read_only ? MR_READ_ONLY : MR_READ_WRITE,
	};

	part->target = far ? (responder_target)(trial->t, spec) :
			     (initiator_target)(trial->t, spec);
	part->offset = KiB(4) + mix->at;
	part_put(trial->t, part, (struct layer){ 0, spec.len, part->target, 0, ZEROS });
}

static void make_end(struct trial *trial, struct end *end, unsigned int pieces)
{
	uint64_t from = 0;

	end->n = pieces;
	for (unsigned int i = 0; i < pieces; i++) {
		struct part *part = &end->parts[i];

		part->from = from;
		part->len = piece_len(trial->mix->len, pieces, i);
		make_part(trial, part, end == &trial->far);
		from += part->len;
	}
}

#define PINNED(len_) \
	((struct target_spec){ .kind = REGION_ANON, .mode = MR_PINNED, .len = len_ })

/* What is neither end's: it is pinned, so that it does not fault. */
static void make_aside(struct trial *trial)
{
	uint64_t len = round_up(trial->mix->len, KiB(64));
	struct test *t = trial->t;

	trial->pond = (initiator_target)(t, PINNED(len));
	trial->lake = (responder_target)(t, PINNED(len));
	trial->slots = (initiator_target)(t, PINNED(KiB(64)));
	trial->aside.target = (responder_target)(t, PINNED(KiB(64)));
	target_store(t, trial->aside.target, 0, KiB(64), ASIDE);
	part_put(t, &trial->aside,
		 (struct layer){ 0, KiB(64), trial->aside.target, 0, ASIDE });
	forecast_set(&trial->aside, 0, KiB(64), REACHED);
}

/* Its key is what the SEND invalidates. */
void trial_make_window(struct trial *trial)
{
	struct target *memory = responder_target(trial->t, REGION_ANON, KiB(64), MR_ODP,
						 .access = MR_READ_WRITE | MR_BIND);

	trial->window = target_window(trial->t, memory, WINDOW_TYPE_2, 0, KiB(64));
}

void trial_make(struct trial *trial)
{
	make_aside(trial);
	make_end(trial, &trial->far, trial->mix->far.pieces);
	make_end(trial, &trial->near, trial->mix->near.pieces);
}
