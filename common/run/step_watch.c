// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_watch.c - steps that watch a target and judge what the witnesses say */
#include <stdio.h>
#include <string.h>

#include "run/judge.h"
#include "run/test.h"

struct watch *watch_begin(struct test *t, struct target *target, struct bounds bounds,
			  bool churn, const char *step, const char *file, int line)
{
	struct side_request request = { .kind = SIDE_WATCH_BEGIN,
					.target = target->info.id,
					.argument = t->watching };
	struct watch *watch = &t->watches[t->watching];
	struct side_reply reply;

	test_at(t, file, line, step);
	if (t->watching == WATCH_SLOTS)
		test_fail(t, "more than %u ranges watched at once", WATCH_SLOTS);
	*watch = (struct watch){ target, bounds, churn, step, file, line };
	test_call(t, target->side, &request, &reply, "ask the witnesses");
	t->watching++;
	return watch;
}

static struct json_object *number_or_null(uint64_t number)
{
	return number == UINT64_MAX ? NULL : json_object_new_uint64(number);
}

static struct json_object *bounds_to_json(struct bounds bounds)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "min", json_object_new_uint64(bounds.min));
	json_object_object_add(object, "max", number_or_null(bounds.max));
	return object;
}

static struct json_object *testimony_to_json(const struct testimony *testimony)
{
	struct json_object *object = json_object_new_object();
	struct json_object *lines = json_object_new_array();

	json_object_object_add(object, "witness",
			       json_object_new_string(testimony->witness));
	json_object_object_add(object, "heard",
			       json_object_new_boolean(testimony->heard));
	json_object_object_add(object, "pages", bounds_to_json(testimony->pages));
	json_object_object_add(object, "detail",
			       json_object_new_string(testimony->detail));
	for (unsigned int i = 0; i < testimony->lines; i++)
		json_object_array_add(lines, json_object_new_string(testimony->line[i]));
	json_object_object_add(object, "lines", lines);
	return object;
}

static void say_watch(struct test *t, const struct watch *watch,
		      const struct side_reply *reply, enum judgement judgement,
		      const char *why)
{
	struct json_object *object = json_object_new_object();
	struct json_object *all = json_object_new_array();
	struct json_object *line = json_object_new_object();

	json_object_object_add(object, "step", json_object_new_string(watch->step));
	json_object_object_add(object, "expected", bounds_to_json(watch->bounds));
	json_object_object_add(object, "judgement",
			       json_object_new_string(judgement_name(judgement)));
	json_object_object_add(object, "why", json_object_new_string(why));
	for (unsigned int i = 0; i < reply->testimonies; i++)
		json_object_array_add(all, testimony_to_json(&reply->testimony[i]));
	json_object_object_add(object, "testimonies", all);
	json_object_object_add(line, "watch", object);
	test_say(t, line);
}

static void unproven(struct test *t, const struct watch *watch, const char *why)
{
	if (t->unproven)
		return;
	t->unproven = true;
	snprintf(t->unproven_why, sizeof(t->unproven_why), "%s: %s", watch->step, why);
}

/* Witnesses count invalidations in units of their own: only none is told from some. */
static void judge_churn(struct test *t, const struct watch *watch,
			const struct side_reply *reply)
{
	const char *told_by = NULL;

	for (unsigned int i = 0; i < reply->testimonies; i++) {
		const struct testimony *testimony = &reply->testimony[i];

		if (!testimony->heard || !testimony->saw_invalidations)
			continue;
		if (testimony->invalidations)
			return;
		if (!told_by)
			told_by = testimony->witness;
	}
	if (told_by)
		test_fail(t, "invalidations: expected some, %s says none", told_by);
	unproven(t, watch, "no witness could tell of invalidations");
}

struct watch *watch_end(struct test *t, struct watch *watch)
{
	struct side_request request = { .kind = SIDE_WATCH_END,
					.target = watch->target->info.id,
					.argument = --t->watching };
	struct side_reply reply;
	enum judgement judgement;
	char why[JUDGE_WHY];

	test_at(t, watch->file, watch->line, watch->step);
	test_call(t, watch->target->side, &request, &reply, "hear the witnesses");
	judgement = judge(watch->bounds, reply.testimony, reply.testimonies, why);
	say_watch(t, watch, &reply, judgement, why);
	if (judgement == JUDGED_REFUTED)
		test_fail(t, "page faults: %s", why);
	if (judgement == JUDGED_CONTRADICTION)
		test_fail(t, "the witnesses contradict each other: %s", why);
	if (judgement == JUDGED_UNPROVEN)
		unproven(t, watch, why);
	if (watch->churn)
		judge_churn(t, watch, &reply);
	return NULL;
}
