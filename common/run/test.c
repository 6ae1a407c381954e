// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test.c - one scenario while it runs, in its own process */
#include "run/test.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

void test_say(struct test *t, struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);

	/* a parent that is gone has no use for it, and will not miss it */
	if (dprintf(t->pipe, "%s\n", text) < 0)
		_exit(EXIT_BAD);
	json_object_put(object);
}

static void end(struct test *t, enum verdict verdict, const char *why)
	__attribute__((noreturn));

static void end(struct test *t, enum verdict verdict, const char *why)
{
	struct json_object *object = json_object_new_object();

	test_say_background(t);
	test_say_stopwatches(t);
	json_object_object_add(object, "verdict",
			       json_object_new_string(verdict_name(verdict)));
	json_object_object_add(object, "why", json_object_new_string(why));
	test_say(t, object);
	_exit(0);
}

/* A file's name without the folders that the build happened to see it under. */
static const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

void test_at(struct test *t, const char *file, int line, const char *step)
{
	struct json_object *object = json_object_new_object();

	t->step = step;
	t->file = base_name(file);
	t->line = line;
	json_object_object_add(object, "step", json_object_new_string(step));
	json_object_object_add(object, "file", json_object_new_string(t->file));
	json_object_object_add(object, "line", json_object_new_int(line));
	test_say(t, object);
}

void test_fail(struct test *t, const char *format, ...)
{
	char why[768];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	end(t, VERDICT_FAIL, why);
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
	end(t, VERDICT_FAIL, why);
}

void test_skip(struct test *t, const char *format, ...)
{
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	end(t, VERDICT_SKIP, why);
}

void test_note(struct test *t, const char *format, ...)
{
	struct json_object *object = json_object_new_object();
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_object_object_add(object, "note", json_object_new_string(text));
	test_say(t, object);
}

void test_call(struct test *t, struct side *side, const struct side_request *request,
	       struct side_reply *reply, const char *what)
{
	int ret = side_call(side, request, reply);

	if (ret)
		test_fail(t, "%s: %s", what, strerror(-ret));
}

uint64_t test_iterations(const struct test *t, uint64_t normal, uint64_t many)
{
	return t->lab->config->many ? many : normal;
}

#define SHOW_EVERY_NS NSEC_PER_SEC

bool test_round(struct test *t, uint64_t n, uint64_t rounds)
{
	if (n < rounds && clock_passed(t->show_ns) && isatty(STDERR_FILENO)) {
		t->show_ns = clock_ns() + SHOW_EVERY_NS;
		fprintf(stderr, "\r\033[K%s: %" PRIu64 " of %" PRIu64 " rounds\r",
			t->scenario->id, n, rounds);
	}
	return n < rounds;
}

void test_run(struct lab *lab, const struct scenario *scenario, int pipe)
{
	struct test t = {
		.lab = lab,
		.scenario = scenario,
		.pipe = pipe,
		.pairs = 1,
		.show_ns = clock_ns() + SHOW_EVERY_NS,
	};

	test_at(&t, __FILE__, __LINE__, "open both sides");
	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		if (lab->open_side(&t.side[role], lab, (enum side_role)role))
			test_fail(&t, "a side could not be opened");
	(reconnect)(&t);
	scenario->run(&t, scenario->row);
	expect_quiet(&t);
	end(&t, t.unproven ? VERDICT_UNPROVEN : VERDICT_PASS, t.unproven_why);
}

static bool on_mlx5(const struct test *t)
{
	return !strcmp(t->lab->device.driver, "mlx5");
}

void(expect_status)(struct test *t, enum op_status got, const struct per_driver *expected)
{
	enum op_status due = on_mlx5(t) ? expected->mlx5 : expected->rxe;

	if (got != due)
		test_fail(t, "completed with %s, expected %s", op_status_name(got),
			  op_status_name(due));
	if (expected->reason)
		test_note(t, "%s", expected->reason);
}

int errno_here(struct test *t, const struct errno_per_driver *expected)
{
	if (expected->reason)
		test_note(t, "%s", expected->reason);
	return on_mlx5(t) ? expected->mlx5 : expected->rxe;
}

struct bounds faults_here(struct test *t, const struct faults_per_driver *expected)
{
	if (expected->reason)
		test_note(t, "%s", expected->reason);
	return on_mlx5(t) ? expected->mlx5 : expected->rxe;
}

static const char *errno_text(int error)
{
	return error ? strerror(error) : "success";
}

void(expect_errno)(struct test *t, int got, int expected)
{
	if (got != expected)
		test_fail(t, "ended with %s (%d), expected %s (%d)", errno_text(got), got,
			  errno_text(expected), expected);
}
