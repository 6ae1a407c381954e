// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * shrink.c - the least program that still fails in the same way
 *
 * Delta debugging (Zeller, Hildebrandt: Simplifying and isolating failure-inducing input,
 * IEEE TSE 2002), by steps; then each step by itself.
 */
#include "explore/shrink.h"

#include <string.h>

#include "base/util.h"
#include "rdma/mr.h"
#include "region/region.h"

struct shrinking {
	struct program *program;
	unsigned int tries, tried;
	fails_fn *fails;
	void *data;
};

static bool still_fails(struct shrinking *it, const struct program *candidate)
{
	if (it->tried == it->tries)
		return false;
	it->tried++;
	if (!it->fails(candidate, it->data))
		return false;
	*it->program = *candidate;
	return true;
}

/* Steps on memory that is not open there do nothing. */
static bool is_idle(const struct program *program, unsigned int i)
{
	const struct step *step = &program->steps[i];
	const char *fields = action_fields(step->action);
	bool memory = !strchr(fields, 'S') || step->action == DO_OPEN;
	bool local = !strchr(fields, 'T');

	for (unsigned int j = 0; j < i; j++) {
		if (program->steps[j].action != DO_OPEN)
			continue;
		memory |= program->steps[j].memory == step->memory;
		local |= program->steps[j].memory == step->local;
	}
	return !memory || !local;
}

static void remove_steps(struct program *program, unsigned int from, unsigned int n)
{
	program->n -= n;
	memmove(&program->steps[from], &program->steps[from + n],
		(program->n - from) * sizeof(*program->steps));
}

static void remove_idle(struct program *program)
{
	for (unsigned int i = program->n; i--;)
		if (is_idle(program, i))
			remove_steps(program, i, 1);
}

static bool take_away(struct shrinking *it, unsigned int from, unsigned int n)
{
	struct program candidate = *it->program;

	remove_steps(&candidate, from, n);
	remove_idle(&candidate);
	return still_fails(it, &candidate);
}

/* Backwards: what comes last depends on what came first. */
static bool take_away_each(struct shrinking *it, unsigned int n)
{
	bool any = false;

	for (unsigned int end = it->program->n; end >= n; end -= n) {
		any |= take_away(it, end - n, n);
		end = (unsigned int)size_min(end, it->program->n + n);
	}
	return any;
}

/* Each makes a step simpler, and returns false where it is so already. */
static bool alone(struct step *step)
{
	bool was = step->together;

	step->together = false;
	return was;
}

static bool at_zero(struct step *step)
{
	uint64_t was = step->offset;

	step->offset = 0;
	return was;
}

static bool at_local_zero(struct step *step)
{
	uint64_t was = step->local_offset;

	step->local_offset = 0;
	return was;
}

static bool shorter(struct step *step)
{
	if (step->len <= PAGE_BYTES)
		return false;
	step->len = round_up(step->len / 2, PAGE_BYTES);
	return true;
}

static bool a_word(struct step *step)
{
	if (!action_is_operation(step->action) || step->len <= sizeof(uint64_t))
		return false;
	step->len = sizeof(uint64_t);
	return true;
}

static bool anonymous(struct step *step)
{
	if (step->action != DO_OPEN || step->kind == REGION_ANON)
		return false;
	step->kind = REGION_ANON;
	return true;
}

static bool explicit(struct step * step)
{
	if (step->action != DO_OPEN || step->mode == MR_ODP)
		return false;
	step->mode = MR_ODP;
	return true;
}

static bool (*const simpler[])(struct step *step) = { alone,   at_zero, at_local_zero,
						      shorter, a_word,	anonymous,
						      explicit };

static bool simplify_step(struct shrinking *it, unsigned int i)
{
	bool any = false;

	for (size_t way = 0; way < ARRAY_SIZE(simpler); way++) {
		struct program candidate = *it->program;

		any |= simpler[way](&candidate.steps[i]) && still_fails(it, &candidate);
	}
	return any;
}

unsigned int program_shrink(struct program *program, unsigned int tries, fails_fn *fails,
			    void *data)
{
	struct shrinking it = { program, tries, 0, fails, data };
	bool any;

	for (unsigned int n = program->n / 2; n > 1; n /= 2)
		take_away_each(&it, n);
	do {
		any = take_away_each(&it, 1);
		for (unsigned int i = 0; i < program->n; i++)
			any |= simplify_step(&it, i);
	} while (any && it.tried < tries);
	return it.tried;
}
