// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* explore.c - programs that are drawn by chance, one after the other */
#include "explore/explore.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/progress.h"
#include "env/patience.h"
#include "explore/run.h"
#include "explore/shrink.h"
#include "process/signals.h"
#include "runner/isolate.h"
#include "scenario/calibration.h"
#include "testcase/registry.h"

static void run(struct env *env, const struct explore_config *config,
		const struct program *program, struct outcome *outcome)
{
	struct env_config with_seed = *env->config;
	const struct env_config *before = env->config;
	const struct explore_row row = { program, config->strict };
	const struct scenario scenario = {
		.id = "EXPLORE",
		.about = "a program that was drawn by chance",
		.needs = NEEDS(VERBS, ODP, RC_WRITE, RC_READ, RC_SEND),
		.run = explore_run,
		.row = &row,
	};

	with_seed.seed = program->seed;
	env->config = &with_seed;
	isolate_run(env, &scenario, env_patience(env, config->deadline_ns),
		    &env->kernel_log, outcome);
	env->config = before;
	outcome->scenario = NULL;
}

/* The part of a reason before its first number: offsets differ between programs. */
static bool same_reason(const char *one, const char *other)
{
	size_t n = strcspn(one, "0123456789");

	return n == strcspn(other, "0123456789") && !strncmp(one, other, n);
}

struct wanted {
	struct env *env;
	const struct explore_config *config;
	struct explored *explored;
};

static bool fails_alike(const struct program *program, void *data)
{
	struct wanted *wanted = data;
	struct explored *explored = wanted->explored;
	struct outcome outcome;
	bool alike;

	if (signals_noted() || explored->outcome.host_spoiled)
		return false;
	run(wanted->env, wanted->config, program, &outcome);
	alike = outcome.verdict == explored->outcome.verdict &&
		same_reason(outcome.why, explored->outcome.why);
	if (alike) {
		outcome_free(&explored->outcome);
		explored->outcome = outcome;
	} else {
		outcome_free(&outcome);
	}
	progress_show("shrinking: %u of %u steps", program->n, explored->steps);
	return alike;
}

static void limit_kinds(const struct env *env, struct draw_config *draw)
{
	char why[256];

	draw->kinds &= DRAWN_KINDS;
	for (unsigned int kind = 0; kind < REGION_KINDS; kind++)
		if (!env_has_place(env, (enum region_kind)kind, why, sizeof(why)))
			draw->kinds &= ~(1u << kind);
	draw->pinned &= need_met(NEED_PINNED, env, why, sizeof(why));
	draw->implicit &= need_met(NEED_IMPLICIT, env, why, sizeof(why));
}

bool explore_one(struct env *env, const struct explore_config *config,
		 const struct program *program, struct explored *explored)
{
	struct wanted wanted = { env, config, explored };

	explored->program = *program;
	run(env, config, program, &explored->outcome);
	if (signals_noted())
		return true;
	explored->programs++;
	if (explored->outcome.verdict == VERDICT_PASS) {
		outcome_free(&explored->outcome);
		return false;
	}
	explored->found = true;
	explored->steps = program->n;
	if (explored->outcome.verdict == VERDICT_FAIL)
		explored->tries = program_shrink(&explored->program,
						 (unsigned int)config->tries, fails_alike,
						 &wanted);
	return true;
}

void explore_calibrate(struct env *env, const struct explore_config *config)
{
	struct outcome outcome;

	isolate_run(env, &calibration, config->deadline_ns, &env->kernel_log, &outcome);
	env_set_pace(env, outcome.duration_ns);
	outcome_free(&outcome);
}

static bool is_over(const struct explore_config *config, uint64_t programs,
		    uint64_t since)
{
	return signals_noted() || (config->programs && programs >= config->programs) ||
	       (config->time_ns && clock_ns() - since >= config->time_ns);
}

int explore(struct env *env, const struct explore_config *config, uint64_t seed,
	    struct explored *explored)
{
	struct draw_config draw = config->draw;
	uint64_t since = clock_ns();

	*explored = (struct explored){ 0 };
	limit_kinds(env, &draw);
	if (!draw.kinds)
		return log_errno(ENODEV, "none of these kinds of memory can be explored "
					 "here: see --kinds");
	while (!is_over(config, explored->programs, since)) {
		struct program program;

		progress_show("%" PRIu64 " programs", explored->programs);
		draw_program(&program, seed + explored->programs, &draw);
		if (explore_one(env, config, &program, explored))
			break;
	}
	progress_clear();
	return 0;
}
