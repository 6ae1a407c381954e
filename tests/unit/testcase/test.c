// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test.c - what a scenario reports, and how it ends */
#include "testcase/test.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include <cmocka.h>

#include "base/clock.h"
#include "env/shortage.h"
#include "scripted_side.h"
#include "testcase/expect.h"

static struct test *const t = &script.test;

static const char *lack; /* of the host; NULL: nothing */
static uint64_t pinned;	 /* by the step that the host was asked about */

bool __wrap_shortage_of(const struct env *env, int error, uint64_t pins,
			char why[SHORTAGE_TEXT]);
bool __wrap_shortage_of(const struct env *env, int error, uint64_t pins,
			char why[SHORTAGE_TEXT])
{
	assert_ptr_equal(env, &script.env);
	pinned = pins;
	if (lack)
		snprintf(why, SHORTAGE_TEXT, "%s", lack);
	return lack;
}

static bool full;      /* a filesystem */
static uint64_t kinds; /* of regions, that were asked about */

bool __wrap_shortage_of_space(const struct env *env, uint64_t of,
			      char why[SHORTAGE_TEXT]);
bool __wrap_shortage_of_space(const struct env *env, uint64_t of, char why[SHORTAGE_TEXT])
{
	assert_ptr_equal(env, &script.env);
	kinds = of;
	strcpy(why, "/pmem is full");
	return full;
}

static void at__names_file_line_and_step(void **state)
{
	test_at(t, "dax.c", 12, "map()");
	assert_string_equal(said(),
			    "{\"step\":\"map()\",\"file\":\"dax.c\",\"line\":12}\n");
	assert_string_equal(t->file, "dax.c");
	assert_string_equal(t->step, "map()");
	assert_int_equal(t->line, 12);
	test_at(t, "dax.c", 13, "unmap()");
	assert_string_equal(said(),
			    "{\"step\":\"unmap()\",\"file\":\"dax.c\",\"line\":13}\n");
}

static unsigned int judged;

/* Each of an odd number fails. */
static void fail_if_odd(struct test *test, unsigned int number, void *data)
{
	static const char *const steps[] = { "status", "faults", "receive", "data" };

	judged++;
	assert_string_equal(data, "of all");
	test_at(test, "mix.c", (int)number, steps[number]);
	if (number % 2)
		test_fail(test, "number %u is odd", number);
}

static void judge__all_and_say_all_that_is_wrong(void **state)
{
	char data[] = "of all";

	judged = 0;
	test_judge_all(t, 1, fail_if_odd, data);
	assert_int_equal(judged, 1);
	fails(test_judge_all(t, 4, fail_if_odd, data),
	      "faults: number 1 is odd; data: number 3 is odd");
	assert_string_equal(t->step, "faults");
	assert_int_equal(t->line, 1);
	assert_int_equal(judged, 5);
	fails(test_judge_all(t, 3, fail_if_odd, data), "faults: number 1 is odd");
	assert_int_equal(judged, 8);
}

/* Afterwards a step that fails speaks for itself again. */
static void judge__ends(void **state)
{
	char data[] = "of all";

	test_judge_all(t, 1, fail_if_odd, data);
	fails(test_fail(t, "at last"), "at last");
}

static void end__says_the_verdict_last(void **state)
{
	until_end(test_end(t, VERDICT_PASS, ""));
	assert_string_equal(said(), "{\"verdict\":\"PASS\",\"why\":\"\"}\n");
	t->background = (struct background_traffic){ .times = 1 };
	t->stopwatches[0] = (struct stopwatch){ 12, 3, 1500000, 2000000000, "map()" };
	until_end(test_end(t, VERDICT_UNPROVEN, "because"));
	assert_string_equal(said(),
			    "{\"note\":\"background traffic x 1: 0 WRITEs read back, the "
			    "longest operation 0 ns\"}\n"
			    "{\"note\":\"map() took 1.5 ms at most, of 3 times; it may "
			    "take 2.0 s\"}\n"
			    "{\"verdict\":\"UNPROVEN\",\"why\":\"because\"}\n");
}

static void end__with_each_verdict(void **state)
{
	ends(test_fail(t, "%d of %s", 1, "two"), VERDICT_FAIL, "1 of two");
	ends(test_skip(t, "%d of %s", 1, "two"), VERDICT_SKIP, "1 of two");
	until_end(test_fail_at(t, "y.c", 7, "a > b", "%d of %s", 1, "two"));
	assert_string_equal(said(), "{\"step\":\"a > b\",\"file\":\"y.c\",\"line\":7}\n"
				    "{\"verdict\":\"FAIL\",\"why\":\"1 of two\"}\n");
}

static void expect__holds_or_fails_at_its_line(void **state)
{
	expect(t, t->pairs == 1, "one pair");
	assert_string_equal(said(), "");
	until_end(expect(t, t->pairs == 2, "%u pairs", t->pairs));
	assert_non_null(strstr(said(),
			       "{\"step\":\"t->pairs == "
			       "2\",\"file\":\"tests\\/unit\\/testcase\\/test.c\""));
}

static void end__of_the_process(void **state)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		test_end(t, VERDICT_FAIL, "it is reported, not returned");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	/* without a parent nothing can be reported */
	pid = fork();
	if (!pid) {
		t->pipe = -1;
		test_note(t, "lost");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_BAD);
}

static void unproven__the_first_reason_is_kept(void **state)
{
	assert_false(t->unproven);
	test_at(t, "a.c", 3, "one()");
	test_unproven(t, "%s", "first");
	test_at(t, "b.c", 4, "two()");
	said();
	test_unproven(t, "%s", "second");
	assert_true(t->unproven);
	assert_string_equal(t->unproven_why, "first");
	assert_string_equal(t->unproven_step, "one()");
	assert_string_equal(t->unproven_file, "a.c");
	assert_int_equal(t->unproven_line, 3);
	assert_string_equal(said(), "");
}

static void ask__replies_or_fails(void **state)
{
	script.reply[SIDE_PINNED].number = 5;
	assert_int_equal(ASK(t, t->side[RESPONDER], "look", SIDE_PINNED).number, 5);
	next_is(RESPONDER, &REQUEST(SIDE_PINNED));
	script.error[SIDE_PINNED] = EIO;
	fails(ASK(t, t->side[RESPONDER], "look", SIDE_PINNED),
	      "look: Input/output error");
}

/* Nothing is known of the device then. */
static void fail__by_a_shortage_of_the_host(void **state)
{
	fails(test_fail_errno(t, -ENOMEM, "fill %d", 3),
	      "fill 3: Cannot allocate memory");
	lack = "no more (ulimit -x)";
	ends(test_fail_errno(t, -ENOMEM, "fill %d", 3), VERDICT_ERROR,
	     "fill 3: Cannot allocate memory: no more (ulimit -x)");
	assert_int_equal(pinned, 0);
	script.error[SIDE_PINNED] = EIO;
	ends(ASK(t, t->side[RESPONDER], "look", SIDE_PINNED), VERDICT_ERROR,
	     "look: Input/output error: no more (ulimit -x)");
	lack = NULL;
}

/* A page without a block cannot be faulted in, by whomever. */
static void fail__by_a_full_filesystem(void **state)
{
	script_target(RESPONDER, KiB(4))->spec.kind = REGION_FSDAX;
	script_target(INITIATOR, KiB(4))->spec.kind = REGION_ANON;
	fails(test_fail_access(t, "ended %d", 3), "ended 3");
	assert_int_equal(kinds, 1 << REGION_FSDAX | 1 << REGION_ANON);
	full = true;
	ends(test_fail_access(t, "ended %d", 3), VERDICT_ERROR, "ended 3: /pmem is full");
	ends(test_fail_errno(t, -EFAULT, "read"), VERDICT_ERROR,
	     "read: Bad address: /pmem is full");
	ends((expect_errno)(t, EFAULT, 0), VERDICT_ERROR,
	     "ended with Bad address: /pmem is full");
	/* what a full filesystem does not explain */
	fails(test_fail(t, "wrong data"), "wrong data");
	fails(test_fail_errno(t, -EIO, "read"), "read: Input/output error");
	fails((expect_errno)(t, EIO, 0),
	      "ended with Input/output error (5), expected success (0)");
	fails((expect_errno)(t, EFAULT, EPERM),
	      "ended with Bad address (14), expected Operation not permitted (1)");
	/* the scenario knows what it has done */
	t->filled = true;
	fails(test_fail_access(t, "ended %d", 3), "ended 3");
	full = false;
}

/* RLIMIT_MEMLOCK explains no failure of an ODP registration. */
static void fail__what_the_step_pins(void **state)
{
	static const struct {
		struct side_request request;
		uint64_t pins;
	} rows[] = {
		{ REQUEST(SIDE_TARGET_OPEN, .spec = { .mode = MR_PINNED, .len = 7 }), 7 },
		{ REQUEST(SIDE_TARGET_REGISTER, .spec = { .mode = MR_PINNED, .len = 7 }),
		  7 },
		{ REQUEST(SIDE_TARGET_OPEN, .spec = { .mode = MR_ODP, .len = 7 }), 0 },
		{ REQUEST(SIDE_TARGET_REGISTER, .spec = { .mode = MR_ODP, .len = 7 }),
		  0 },
		{ REQUEST(SIDE_TARGET_OPEN,
			  .spec = { .mode = MR_ODP_IMPLICIT, .len = 7 }),
		  0 },
		{ REQUEST(SIDE_TARGET_OPEN,
			  .spec = { .mode = MR_PINNED, .len = 7, .unregistered = true }),
		  0 },
		{ REQUEST(SIDE_QP_OPEN), MiB(1) },
		{ REQUEST(SIDE_TARGET_MAP), 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		script.error[rows[i].request.kind] = ENOMEM;
		fails(test_ask(t, t->side[RESPONDER], "do it", &rows[i].request),
		      "do it: Cannot allocate memory");
		assert_int_equal(pinned, rows[i].pins);
	}
}

/* Only -EAGAIN is worth another try. */
static void retry__while_it_may_help(void **state)
{
	const struct side_request request = REQUEST(SIDE_TARGET_MADVISE, .len = 9);
	struct side_reply reply;

	assert_int_equal(test_retry(t, t->side[RESPONDER], &request, &reply), 0);
	assert_int_equal(script.asked, 1);
	script.error[SIDE_TARGET_MADVISE] = EAGAIN;
	script.times[SIDE_TARGET_MADVISE] = 3;
	assert_int_equal(test_retry(t, t->side[RESPONDER], &request, &reply), 0);
	assert_int_equal(script.asked, 1 + 4);
	script.error[SIDE_TARGET_MADVISE] = EINVAL;
	script.times[SIDE_TARGET_MADVISE] = 0;
	assert_int_equal(test_retry(t, t->side[RESPONDER], &request, &reply), -EINVAL);
	assert_int_equal(script.asked, 1 + 4 + 1);
}

static int again_after_a_second(const struct side_request *request,
				struct side_reply *reply)
{
	script.slept_ns += NSEC_PER_SEC;
	return -EAGAIN;
}

static void retry__gives_up_after_two_seconds(void **state)
{
	const struct side_request request = REQUEST(SIDE_TARGET_MADVISE);
	struct side_reply reply;

	script.serve = again_after_a_second;
	assert_int_equal(test_retry(t, t->side[RESPONDER], &request, &reply), -EAGAIN);
	assert_int_equal(script.asked, 2);
}

static void rounds__of_a_long_run(void **state)
{
	uint64_t sum = 0;

	assert_int_equal(test_iterations(t, 3, 100), 3);
	each_round(t, n, 3, 100)
		sum += 1 + n;
	assert_int_equal(sum, 1 + 2 + 3);
	script.config.long_run = true;
	assert_int_equal(test_iterations(t, 3, 100), 100);
	assert_true(test_round(t, 99, 100));
	assert_false(test_round(t, 100, 100));
}

/* A terminal shows the progress of the rounds, once a second and not at the end. */
static void rounds__are_shown_once_a_second(void **state)
{
	uint64_t now = clock_ns();

	t->show_ns = 0;
	test_round(t, 3, 3);
	assert_int_equal(t->show_ns, 0);
	test_round(t, 2, 3);
	assert_in_range(t->show_ns, now + NSEC_PER_SEC, clock_ns() + NSEC_PER_SEC);
	t->show_ns = UINT64_MAX;
	test_round(t, 2, 3);
	assert_int_equal(t->show_ns, UINT64_MAX);
}

/* A hazard does not wait: it lets the region go while a fault is served. */
static void faults__end_before_an_implicit_region_goes(void **state)
{
	static const struct scenario hazard = { .id = "A", .needs = NEEDS(HAZARD) },
				     other = { .id = "A" };
	uint64_t slept = script.slept_ns;

	script_target(RESPONDER, KiB(4));
	t->scenario = &other;
	test_let_faults_end(t);
	assert_int_equal(script.slept_ns, slept);
	t->targets[0].spec.mode = MR_ODP_IMPLICIT;
	test_let_faults_end(t);
	assert_int_equal(script.slept_ns - slept, 100 * NSEC_PER_MSEC);
	t->scenario = &hazard;
	test_let_faults_end(t);
	assert_int_equal(script.slept_ns - slept, 100 * NSEC_PER_MSEC);
}

static const struct CMUnitTest tests[] = {
	WITH_SCRIPT(faults__end_before_an_implicit_region_goes),
	WITH_SCRIPT(at__names_file_line_and_step),
	WITH_SCRIPT(end__says_the_verdict_last),
	WITH_SCRIPT(judge__all_and_say_all_that_is_wrong),
	WITH_SCRIPT(judge__ends),
	WITH_SCRIPT(end__with_each_verdict),
	WITH_SCRIPT(expect__holds_or_fails_at_its_line),
	WITH_SCRIPT(end__of_the_process),
	WITH_SCRIPT(unproven__the_first_reason_is_kept),
	WITH_SCRIPT(ask__replies_or_fails),
	WITH_SCRIPT(fail__by_a_shortage_of_the_host),
	WITH_SCRIPT(fail__by_a_full_filesystem),
	WITH_SCRIPT(fail__what_the_step_pins),
	WITH_SCRIPT(retry__while_it_may_help),
	WITH_SCRIPT(retry__gives_up_after_two_seconds),
	WITH_SCRIPT(rounds__of_a_long_run),
	WITH_SCRIPT(rounds__are_shown_once_a_second),
};

int main(void)
{
	return cmocka_run_group_tests_name("test", tests, NULL, NULL);
}
