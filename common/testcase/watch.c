// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* watch.c - expectations about page faults, which witnesses judge */
#include "testcase/watch.h"

#include "base/json.h"
#include "evidence/judge.h"
#include "testcase/driver_column.h"
#include "testcase/test.h"
#include "testcase/touch.h"

struct watch *watch_begin(struct test *t, struct target *target, struct bounds bounds,
			  bool churn, const char *step, const char *file, int line)
{
	struct watch *watch = &t->watches[t->watching];

	test_at(t, file, line, step);
	if (t->watching == WATCH_SLOTS)
		test_fail(t, "more than %u ranges watched at once", WATCH_SLOTS);
	*watch = (struct watch){ .target = target,
				 .bounds = bounds,
				 .churn = churn,
				 .step = step,
				 .file = file,
				 .line = line };
	ASK_TARGET(t, target, "start the witnesses", SIDE_WATCH_BEGIN,
		   .argument = t->watching);
	t->watching++;
	test_touches_begin(t, watch);
	return watch;
}

static void add_bounds(struct json_object *object, const char *key, struct bounds bounds)
{
	struct json_object *member = json_add_object(object, key);

	json_add_number(member, "min", bounds.min);
	if (bounds.max == UINT64_MAX)
		json_add_null(member, "max");
	else
		json_add_number(member, "max", bounds.max);
}

static void add_observation(struct json_object *array,
			    const struct observation *observation)
{
	struct json_object *object = json_append_object(array);
	struct json_object *lines;

	json_add_text(object, "witness", observation->witness);
	json_add_flag(object, "available", observation->available);
	add_bounds(object, "pages", observation->pages);
	json_add_number(object, "along", observation->along);
	json_add_number(object, "returned", observation->returned);
	json_add_number(object, "neighbours", observation->neighbours);
	json_add_number(object, "repeats", observation->repeats);
	json_add_number(object, "events", observation->events);
	json_add_text(object, "detail", observation->detail);
	lines = json_add_array(object, "lines");
	for (unsigned int i = 0; i < observation->lines; i++)
		json_object_array_add(lines,
				      json_object_new_string(observation->line[i]));
}

/* The names of the witnesses that confirm the expectation, where it is proven. */
static void add_proof(struct json_object *object, const struct watch *watch,
		      const struct side_reply *reply, enum judgement judgement)
{
	struct json_object *names = json_add_array(object, "proven_by");
	bool counted = false;

	for (unsigned int i = 0; judgement == JUDGED_PROVEN && i < reply->observations;
	     i++) {
		const struct observation *observation = &reply->observation[i];

		counted |= judge_counts(watch->bounds, observation);
		if (judge_confirms(watch->bounds, observation))
			json_object_array_add(
				names, json_object_new_string(observation->witness));
	}
	json_add_flag(object, "counted", counted);
}

static void say_watch(struct test *t, const struct watch *watch,
		      const struct side_reply *reply, enum judgement judgement,
		      const char *why)
{
	struct json_object *line = json_object_new_object();
	struct json_object *object = json_add_object(line, "watch"), *all;

	json_add_text(object, "step", watch->step);
	add_bounds(object, "expected", watch->bounds);
	json_add_text(object, "judgement", judgement_name(judgement));
	json_add_text(object, "why", why);
	add_proof(object, watch, reply, judgement);
	all = json_add_array(object, "observations");
	for (unsigned int i = 0; i < reply->observations; i++)
		add_observation(all, &reply->observation[i]);
	test_say(t, line);
}

uint64_t watch_neighbours(const struct test *t)
{
	return t->neighbours;
}

static void keep_neighbours(struct test *t, const struct side_reply *reply)
{
	t->neighbours = 0;
	for (unsigned int i = 0; i < reply->observations; i++)
		if (reply->observation[i].neighbours > t->neighbours)
			t->neighbours = reply->observation[i].neighbours;
}

/* What agrees with all witnesses; they may contradict each other. */
static struct bounds seen_by_all(const struct side_reply *reply)
{
	struct bounds seen = ANYTHING;

	for (unsigned int i = 0; i < reply->observations; i++) {
		const struct observation *observation = &reply->observation[i];

		if (!observation->available)
			continue;
		if (observation->pages.min > seen.min)
			seen.min = observation->pages.min;
		if (observation->pages.max < seen.max)
			seen.max = observation->pages.max;
	}
	return seen;
}

/*
 * Each witness counts invalidations in a unit of its own: only none and some are
 * distinct.
 */
static void judge_churn(struct test *t, const struct watch *watch,
			const struct side_reply *reply)
{
	const char *witness = NULL;

	for (unsigned int i = 0; i < reply->observations; i++) {
		const struct observation *observation = &reply->observation[i];

		if (!observation->available || !observation->saw_invalidations)
			continue;
		if (observation->invalidations)
			return;
		if (!witness)
			witness = observation->witness;
	}
	if (witness)
		test_fail(t, "invalidations: expected some, %s counted none", witness);
	test_unproven(t, "no witness can count invalidations");
}

struct watch *watch_end(struct test *t, struct watch *watch)
{
	struct side_reply reply;
	enum judgement judgement;
	char why[JUDGE_WHY];

	test_at(t, watch->file, watch->line, watch->step);
	reply = ASK_TARGET(t, watch->target, "read the witnesses", SIDE_WATCH_END,
			   .argument = --t->watching);
	keep_neighbours(t, &reply);
	if (watch->columns)
		column_saw_faults(t, watch, seen_by_all(&reply));
	judgement = judge(watch->bounds, reply.observation, reply.observations, why);
	say_watch(t, watch, &reply, judgement, why);
	if (judgement == JUDGED_REFUTED)
		test_fail(t, "page faults: %s", why);
	if (judgement == JUDGED_CONTRADICTION)
		test_fail(t, "the witnesses contradict each other: %s", why);
	if (judgement == JUDGED_UNPROVEN)
		test_unproven(t, "page faults: %s", why);
	if (watch->churn)
		judge_churn(t, watch, &reply);
	return NULL;
}
