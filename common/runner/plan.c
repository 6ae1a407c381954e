// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* plan.c - what a run will do to the host, before it does */
#include "runner/plan.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/table.h"
#include "base/util.h"
#include "env/env.h"
#include "env/results.h"
#include "env/room.h"
#include "runner/run.h"
#include "testcase/registry.h"

static const struct {
	enum need need;
	const char *what, *until;
} effects[] = {
#define EFFECT(need, what, until) { NEED_##need, what, until },
#include "env/effects.def"
#undef EFFECT
};

/* The mean of all scenarios on an emulated card and processor; hardware is faster. */
#define TYPICAL_NS (NSEC_PER_SEC / 2)
/* tests/testbed/qualify holds all scenarios to it. */
#define MEMORY_MIB 128

#define IDS_SHOWN  4

/* "INV-09, INV-16", and how many more there are. Returns how many in all. */
static size_t affected(need_set need, const struct env *env,
		       const struct scenario *const *scenarios, size_t n, char *text,
		       size_t size)
{
	size_t count = 0, used = 0;
	char why[256];

	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (!(scenarios[i]->needs & need) ||
		    !needs_met(scenarios[i]->needs, env, why, sizeof(why)))
			continue;
		if (count++ < IDS_SHOWN && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s",
						 used ? ", " : "", scenarios[i]->id);
	}
	if (count > IDS_SHOWN && used < size)
		snprintf(text + used, size - used, " and %zu more", count - IDS_SHOWN);
	return count;
}

/*
 * As much as a scenario takes of one place: a target, and what a filesystem takes for its
 * file.
 */
#define PLACE_BYTES MiB(65)

/* Which needs mean that a scenario has regions of that kind. */
static need_set needs_of(enum region_kind kind, const struct env *env)
{
	need_set needs = 0;

	if (kind == REGION_FSDAX)
		needs = NEED_BIT(NEED_FSDAX);
	if (kind == REGION_FILE)
		needs = NEED_BIT(NEED_FILE);
	if (kind == (enum region_kind)env->config->kind)
		needs |= NEED_BIT(NEED_REGION);
	return needs;
}

void plan_warn(const struct env *env, const struct scenario *const *scenarios, size_t n)
{
	static const enum region_kind kinds[] = { REGION_FSDAX, REGION_FILE, REGION_TMPFS,
						  REGION_ANON };
	char ids[256], why[256];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		bool memory = kinds[i] == REGION_ANON;
		/* each scenario takes some */
		need_set needs = memory ? ~(need_set)0 : needs_of(kinds[i], env);

		if (affected(needs, env, scenarios, n, ids, sizeof(ids)) &&
		    !room_for(env, kinds[i], memory ? MiB(MEMORY_MIB) : PLACE_BYTES, 0,
			      why, sizeof(why)))
			log_warning("a scenario %s; free more, or %s may end with ERROR",
				    why, ids);
	}
}

static void print_changes(const struct env *env, const struct scenario *const *scenarios,
			  size_t n, FILE *out)
{
	struct table *table = table_new("change|how long|by");
	size_t rows = 0;
	char ids[256];

	for (size_t i = 0; table && i < ARRAY_SIZE(effects); i++) {
		if (!affected(NEED_BIT(effects[i].need), env, scenarios, n, ids,
			      sizeof(ids)))
			continue;
		table_row(table, "%s|%s|%s", effects[i].what, effects[i].until, ids);
		rows++;
	}
	fprintf(out, "changes of this host:%s\n", rows ? "" : " none");
	if (rows)
		table_print(table, 2, out);
	table_free(table);
}

/* What is gone when the run ends, and changes nothing for others. */
static void print_traces(const struct env *env, FILE *out)
{
	for (unsigned int kind = 0; kind < REGION_KINDS; kind++)
		if (env->place[kind] && kind != REGION_FSDAX_PRIVATE)
			fprintf(out, "%s: %s\n",
				kind == REGION_DEVDAX ? "DAX device" : "unnamed files in",
				env->place[kind]);
	if (!geteuid() && !env->device.cpu_faults)
		fputs("probes: an instance odplab-* of the kernel's tracer, and dynamic "
		      "events; removed at the end\n",
		      out);
	if (!geteuid())
		fputs("kernel log: lines that name each scenario; they stay\n", out);
}

void plan_print(const struct env *env, const struct run_config *config,
		const struct scenario *const *scenarios, size_t n, FILE *out)
{
	uint64_t deadline_ns = run_deadline_ns(config, env), runs;
	size_t can = 0;
	char why[256];

	for (size_t i = 0; i < n; i++)
		can += needs_met(scenarios[i]->needs, env, why, sizeof(why));
	runs = can * config->repeat;
	fprintf(out, "%zu scenarios can run on %s, %zu cannot\n", can, env->device.name,
		n - can);
	print_changes(env, scenarios, n, out);
	print_traces(env, out);
	fprintf(out, "time: %llu min where all is well, at most %llu min\n",
		(unsigned long long)(runs * TYPICAL_NS / NSEC_PER_SEC / 60 + 1),
		(unsigned long long)(runs * (deadline_ns / NSEC_PER_MSEC) / 60000 + 1));
	fprintf(out, "memory: %d MiB, disk: %llu MiB for results\n", MEMORY_MIB,
		RESULTS_BYTES / MiB(1));
}
