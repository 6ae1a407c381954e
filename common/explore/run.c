// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* run.c - a program as the body of a scenario */
#include "explore/run.h"

#include "explore/do.h"
#include "scenario/scenario.h"
#include "testcase/test.h"

static do_fn *const functions[ACTIONS] = {
#define ACTION(name, text, weight, fields, function) [DO_##name] = (function),
#include "explore/actions.def"
#undef ACTION
};

/* Does the step at @i, and the operations that are posted with it. Returns how many. */
static unsigned int do_steps(struct world *world, unsigned int i)
{
	const struct program *program = world->program;
	const struct step *step = &program->steps[i];
	unsigned int n = 1;

	world_at(world, i);
	if (!action_is_operation(step->action)) {
		functions[step->action](world, step);
		return 1;
	}
	while (i + n < program->n && program->steps[i + n].together)
		n++;
	do_operations(world, step, n);
	return n;
}

static void look_at_all(struct world *world)
{
	const struct step calm = { .action = DO_CALM };

	world_at(world, world->program->n);
	do_calm(world, &calm);
	for (size_t i = 0; i < MEMORIES; i++)
		if (world_usable(world, &world->memories[i]))
			look_at(world, &world->memories[i]);
}

void explore_run(struct test *t, const void *row)
{
	const struct explore_row *it = row;
	struct world world = { .t = t, .program = it->program, .strict = it->strict };
	unsigned int n;

	(use_pairs)(t, PAIRS);
	world.pond = (initiator_target)(t, (struct target_spec){ .kind = REGION_ANON,
								 .mode = MR_PINNED,
								 .len = MEMORY_BYTES });
	for (unsigned int i = 0; i < world.program->n; i += n)
		n = do_steps(&world, i);
	look_at_all(&world);
	world_free(&world);
}
