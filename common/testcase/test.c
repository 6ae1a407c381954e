// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test.c - one scenario while it runs, in its own process */
#include "testcase/test.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/progress.h"
#include "reproducer/reproducer.h"
#include "testcase/expect.h"

void test_say(struct test *t, struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);

	/* without a parent the result is lost: end at once */
	if (dprintf(t->pipe, "%s\n", text) < 0)
		_exit(EXIT_BAD);
	json_object_put(object);
}

void test_pause(struct test *t, uint64_t ns)
{
	record_pause(&t->record, ns);
	clock_sleep_ns(ns);
}

#define FAULTS_END_NS (100 * NSEC_PER_MSEC)

void test_let_faults_end(struct test *t)
{
	bool implicit = false;

	for (unsigned int i = 0; i < t->n_targets; i++)
		implicit |= t->targets[i].spec.mode == MR_ODP_IMPLICIT;
	if (implicit && !(t->scenario->needs & NEEDS(HAZARD)))
		test_pause(t, patience(t, FAULTS_END_NS));
}

/* The program that does the same, or why there is none. */
static void say_reproducer(struct test *t, enum verdict verdict, const char *why)
{
	const struct reproducer_facts facts = {
		.id = t->scenario->id,
		.about = t->scenario->about,
		.verdict = verdict_name(verdict),
		.why = why,
		.device = &t->env->device,
		.failed = verdict == VERDICT_FAIL,
	};
	char lack[REPRODUCER_WHY];
	_cleanup_free_ char *text = reproducer_text(&facts, &t->record, lack);
	struct json_object *object = json_object_new_object();

	json_add_text(object, text ? "reproducer" : "no_reproducer", text ? text : lack);
	test_say(t, object);
}

/* Of a scenario that failed, or of any that ran where the user asked for it. */
static bool reproducer_is_due(const struct test *t, enum verdict verdict)
{
	if (!t->record.n || verdict == VERDICT_ERROR || verdict == VERDICT_SKIP)
		return false;
	return verdict == VERDICT_FAIL || t->env->config->reproducer;
}

void test_end(struct test *t, enum verdict verdict, const char *why)
{
	struct json_object *object = json_object_new_object();

	test_say_background(t);
	test_say_stopwatches(t);
	if (reproducer_is_due(t, verdict))
		say_reproducer(t, verdict, why);
	json_add_text(object, "verdict", verdict_name(verdict));
	json_add_text(object, "why", why);
	test_say(t, object);
	test_let_faults_end(t);
	_exit(0);
}

void test_at(struct test *t, const char *file, int line, const char *step)
{
	struct json_object *object = json_object_new_object();

	t->step = t->record.step = step;
	t->file = file;
	t->line = line;
	json_add_text(object, "step", step);
	json_add_text(object, "file", t->file);
	json_object_object_add(object, "line", json_object_new_int(line));
	test_say(t, object);
}

__attribute__((noreturn)) static void fail(struct test *t, const char *why)
{
	test_end(t, VERDICT_FAIL, judging_complete(t, why));
}

void test_fail(struct test *t, const char *format, ...)
{
	char why[768];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	fail(t, why);
}

bool test_lacks_space(const struct test *t, char lack[SHORTAGE_TEXT])
{
	uint64_t kinds = 0;

	for (unsigned int i = 0; i < t->n_targets; i++)
		kinds |= 1ull << t->targets[i].spec.kind;
	return !t->filled && shortage_of_space(t->env, kinds, lack);
}

/* ERROR with what is lacking after @what, or, if @lack is NULL, a failure. */
__attribute__((noreturn)) static void end_lacking(struct test *t, const char *what,
						  const char *lack)
{
	char why[768 + SHORTAGE_TEXT];

	if (!lack)
		fail(t, what);
	snprintf(why, sizeof(why), "%s: %s", what, lack);
	test_end(t, VERDICT_ERROR, why);
}

/* @pins: as of shortage_of(). */
__attribute__((noreturn)) static void fail_errno(struct test *t, int error, uint64_t pins,
						 const char *what)
{
	char why[768], lack[SHORTAGE_TEXT];
	bool lacks = shortage_of(t->env, error, pins, lack) ||
		     (abs(error) == EFAULT && test_lacks_space(t, lack));

	snprintf(why, sizeof(why), "%s: %s", what, strerror(abs(error)));
	end_lacking(t, why, lacks ? lack : NULL);
}

void test_fail_errno(struct test *t, int error, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	fail_errno(t, error, 0, what);
}

void test_fail_access(struct test *t, const char *format, ...)
{
	char why[768], lack[SHORTAGE_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	end_lacking(t, why, test_lacks_space(t, lack) ? lack : NULL);
}

void test_fail_at(struct test *t, const char *file, int line, const char *step,
		  const char *format, ...)
{
	char why[768];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	test_at(t, file, line, step);
	fail(t, why);
}

void test_skip(struct test *t, const char *format, ...)
{
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	test_end(t, VERDICT_SKIP, why);
}

void test_note(struct test *t, const char *format, ...)
{
	struct json_object *object = json_object_new_object();
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_add_text(object, "note", text);
	test_say(t, object);
}

void test_unproven(struct test *t, const char *format, ...)
{
	va_list args;

	if (t->unproven)
		return;
	t->unproven = true;
	t->unproven_step = t->step;
	t->unproven_file = t->file;
	t->unproven_line = t->line;
	va_start(args, format);
	vsnprintf(t->unproven_why, sizeof(t->unproven_why), format, args);
	va_end(args);
}

/* Far more than the buffers of a queue pair take. */
#define QUEUE_PAIR_BYTES MiB(1)

/* How many bytes a request may pin. */
static uint64_t pins(const struct side_request *request)
{
	const struct target_spec *spec = &request->spec;

	switch (request->kind) {
	case SIDE_QP_OPEN:
		return QUEUE_PAIR_BYTES;
	case SIDE_TARGET_OPEN:
	case SIDE_TARGET_REGISTER:
		return spec->mode == MR_PINNED && !spec->unregistered ? spec->len : 0;
	default:
		return 0;
	}
}

struct side_reply test_ask(struct test *t, struct side *side, const char *what,
			   const struct side_request *request)
{
	struct side_reply reply;
	int ret = side->call(side, request, &reply);

	record_due(&t->record, 0);
	if (ret)
		fail_errno(t, ret, pins(request), what);
	return reply;
}

#define PATIENCE_NS (2 * NSEC_PER_SEC)

int test_retry(struct test *t, struct side *side, const struct side_request *request,
	       struct side_reply *reply)
{
	struct deadline deadline = deadline_for(t, PATIENCE_NS);
	int ret;

	do
		ret = side_call(side, request, reply);
	while (ret == -EAGAIN && !deadline_passed(&deadline));
	return ret;
}

uint64_t test_iterations(const struct test *t, uint64_t normal, uint64_t long_run)
{
	return t->env->config->long_run ? long_run : normal;
}

#define SHOW_EVERY_NS NSEC_PER_SEC

bool test_round(struct test *t, uint64_t n, uint64_t rounds)
{
	if (n < rounds && clock_passed(t->show_ns)) {
		t->show_ns = clock_ns() + SHOW_EVERY_NS;
		progress_show("%s: %" PRIu64 " of %" PRIu64 " rounds", t->scenario->id, n,
			      rounds);
	}
	return n < rounds;
}
