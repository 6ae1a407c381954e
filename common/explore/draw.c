// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* draw.c - programs that are drawn by chance */
#include "explore/draw.h"

#include "base/rand.h"
#include "base/util.h"
#include "env/env.h"
#include "explore/way.h"
#include "explore/world.h"
#include "rdma/mr.h"
#include "region/region.h"

static const unsigned int weights[ACTIONS] = {
#define ACTION(name, text, weight, fields, function) [DO_##name] = (weight),
#include "explore/actions.def"
#undef ACTION
};

/* What is known of a program while it is drawn: enough for most steps to be possible. */
struct sketch {
	struct rand rand;
	const struct draw_config *config;
	struct program *program;
	struct {
		uint64_t len; /* 0: not open */
		unsigned int role;
	} memories[MEMORIES];
	unsigned int ways;
	/* where the last step was: the next one is often there, too */
	unsigned int last_memory;
	uint64_t last_page;
};

static uint64_t below(struct sketch *sketch, uint64_t bound)
{
	return rand_below(&sketch->rand, bound);
}

static bool chance(struct sketch *sketch, unsigned int percent)
{
	return below(sketch, 100) < percent;
}

static enum action draw_action(struct sketch *sketch)
{
	uint64_t sum = 0, at;

	for (size_t i = 0; i < ACTIONS; i++)
		sum += weights[i];
	at = below(sketch, sum);
	for (size_t i = 0; i < ACTIONS; i++) {
		if (at < weights[i])
			return (enum action)i;
		at -= weights[i];
	}
	return DO_LOOK;
}

/* One of the memories that a side has open; any if it has none. */
static unsigned int draw_memory(struct sketch *sketch, unsigned int role)
{
	unsigned int found[MEMORIES], n = 0;

	for (unsigned int i = 0; i < MEMORIES; i++)
		if (sketch->memories[i].len && sketch->memories[i].role == role)
			found[n++] = i;
	return n ? found[below(sketch, n)] : (unsigned int)below(sketch, MEMORIES);
}

/* Steps that meet in the same few pages have more to do with each other. */
static uint64_t draw_page(struct sketch *sketch, uint64_t pages)
{
	if (sketch->last_page < pages && chance(sketch, 40))
		return sketch->last_page;
	return chance(sketch, 70) ? below(sketch, size_min(pages, 8)) :
				    below(sketch, pages);
}

static void draw_pages(struct sketch *sketch, struct step *step, uint64_t len)
{
	uint64_t pages = len / PAGE_BYTES, first = draw_page(sketch, pages);
	uint64_t n = chance(sketch, 50) ? 1 : 1 + below(sketch, pages - first);

	step->offset = first * PAGE_BYTES;
	step->len = n * PAGE_BYTES;
}

static uint64_t draw_len(struct sketch *sketch, uint64_t room)
{
	uint64_t len;

	switch (below(sketch, 4)) {
	case 0:
		len = WORD_BYTES * (1 + below(sketch, 8));
		break;
	case 1:
		len = PAGE_BYTES;
		break;
	case 2:
		len = WORD_BYTES * (1 + below(sketch, 4 * PAGE_BYTES / WORD_BYTES));
		break;
	default:
		len = WORD_BYTES * (1 + below(sketch, room / WORD_BYTES));
	}
	return size_min(len, room);
}

static uint64_t draw_offset(struct sketch *sketch, uint64_t len)
{
	uint64_t page = draw_page(sketch, len / PAGE_BYTES) * PAGE_BYTES;

	if (chance(sketch, 50))
		return page;
	return page + WORD_BYTES * below(sketch, PAGE_BYTES / WORD_BYTES);
}

/* Words of the memory; now and then beyond its end. */
static void draw_words(struct sketch *sketch, struct step *step, uint64_t len)
{
	step->offset = draw_offset(sketch, len);
	step->len = draw_len(sketch, len - step->offset);
	if (action_is_operation(step->action) && chance(sketch, 2))
		step->len += PAGE_BYTES;
}

static unsigned int draw_kind(struct sketch *sketch)
{
	unsigned int kind;

	do
		kind = (unsigned int)below(sketch, REGION_KINDS);
	while (!(sketch->config->kinds & DRAWN_KINDS & 1u << kind));
	return kind;
}

/* A file on DAX cannot be pinned, and two kinds of pinned memory are enough. */
static unsigned int draw_mode(struct sketch *sketch, unsigned int kind)
{
	bool pinnable = kind == REGION_ANON || kind == REGION_MEMFD;
	uint64_t at = below(sketch, 10);

	if (at < 2 && pinnable && sketch->config->pinned)
		return MR_PINNED;
	return at < 4 && sketch->config->implicit ? MR_ODP_IMPLICIT : MR_ODP;
}

static void draw_open(struct sketch *sketch, struct step *step)
{
	static const uint64_t lens[] = { KiB(4),   KiB(16), KiB(64), KiB(64),
					 KiB(256), MiB(2),  MiB(4) };

	step->memory = (unsigned int)below(sketch, MEMORIES);
	step->role = chance(sketch, 60) ? RESPONDER : INITIATOR;
	step->kind = draw_kind(sketch);
	step->mode = draw_mode(sketch, step->kind);
	step->rights = step->role == RESPONDER && chance(sketch, 10) ? RIGHTS_READ :
								       RIGHTS_WRITE;
	step->len = lens[below(sketch, ARRAY_SIZE(lens))];
}

static void note_open(struct sketch *sketch, const struct step *step)
{
	if (sketch->memories[step->memory].len)
		return;
	sketch->memories[step->memory].len = step->len;
	sketch->memories[step->memory].role = step->role;
}

/* What any action needs; what this one does not have is not seen. */
static void draw_operands(struct sketch *sketch, struct step *step)
{
	bool operation = action_is_operation(step->action);
	uint64_t len;

	step->memory = sketch->last_memory;
	if (chance(sketch, 50) ||
	    (operation && sketch->memories[step->memory].role != RESPONDER))
		step->memory = draw_memory(
			sketch, operation || chance(sketch, 75) ? RESPONDER : INITIATOR);
	len = sketch->memories[step->memory].len;
	if (!len)
		return;
	if (operation || step->action == DO_FILL || step->action == DO_STORE ||
	    step->action == DO_CHILD_STORE || step->action == DO_PREFETCH)
		draw_words(sketch, step, len);
	else
		draw_pages(sketch, step, len);
	sketch->last_memory = step->memory;
	sketch->last_page = step->offset / PAGE_BYTES;
	step->protection = (unsigned int)below(sketch, 3);
	step->advice = (unsigned int)below(sketch, 3);
	step->way = (unsigned int)below(sketch, sketch->ways);
}

static void draw_operation(struct sketch *sketch, struct step *step)
{
	uint64_t len;

	step->local = draw_memory(sketch, INITIATOR);
	len = sketch->memories[step->local].len;
	if (!len)
		return;
	step->local_offset = draw_offset(sketch, len);
	step->len = size_min(step->len, len - step->local_offset);
	step->together = chance(sketch, 30);
}

static struct step *add_step(struct sketch *sketch, enum action action)
{
	struct program *program = sketch->program;
	struct step *step = &program->steps[program->n++];

	*step = (struct step){ .action = action };
	return step;
}

/* Half of the data that is sent is new. */
static void renew_local(struct sketch *sketch)
{
	const struct step operation = sketch->program->steps[sketch->program->n - 1];
	struct step *step = &sketch->program->steps[sketch->program->n - 1];

	if (operation.action == DO_READ || operation.together || !chance(sketch, 50))
		return;
	*step = (struct step){ .action = DO_STORE,
			       .memory = operation.local,
			       .offset = operation.local_offset,
			       .len = operation.action == DO_FETCH_ADD ? WORD_BYTES :
									 operation.len };
	*add_step(sketch, operation.action) = operation;
}

static void draw_step(struct sketch *sketch)
{
	struct step *step = add_step(sketch, draw_action(sketch));

	if (step->action == DO_OPEN) {
		draw_open(sketch, step);
		note_open(sketch, step);
		return;
	}
	draw_operands(sketch, step);
	if (!action_is_operation(step->action))
		return;
	draw_operation(sketch, step);
	renew_local(sketch);
}

/* Each side has a memory from the beginning. */
static void draw_first(struct sketch *sketch)
{
	for (unsigned int role = INITIATOR; role < SIDE_ROLES; role++) {
		struct step *step = add_step(sketch, DO_OPEN);

		draw_open(sketch, step);
		step->role = role;
		step->rights = RIGHTS_WRITE;
		step->memory = role;
		note_open(sketch, step);
	}
}

void draw_program(struct program *program, uint64_t seed,
		  const struct draw_config *config)
{
	struct sketch sketch = { .rand = { seed }, .config = config, .program = program };

	*program = (struct program){ .seed = seed };
	while (way_names[sketch.ways])
		sketch.ways++;
	draw_first(&sketch);
	/* a step can draw one more */
	while (program->n < config->steps && program->n + 1 < PROGRAM_STEPS)
		draw_step(&sketch);
}
