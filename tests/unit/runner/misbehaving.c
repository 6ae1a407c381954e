// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * misbehaving.c - scenarios that end in every way that there is, for the tests of isolate
 * and run
 */
#include "misbehaving.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake_side.h"
#include "runner/isolate.h"
#include "scenario/scenario.h"
#include "testcase/registry.h"
#include "testcase/test.h"

#define ANY NEEDS(REGION)

SCENARIO("T-pass", "", ANY)
{
	test_note(t, "all is well");
}

SCENARIO("T-fail", "", ANY)
{
	expect(t, !t, "it is %d", 42);
}

SCENARIO("T-skip", "", ANY)
{
	test_skip(t, "not here");
}

SCENARIO("T-slow", "", ANY)
{
	clock_sleep_ns(200 * NSEC_PER_MSEC);
}

/* Asks the run to end. */
SCENARIO("T-request", "", ANY)
{
	kill(getppid(), SIGTERM);
	pause();
}

SCENARIO("T-needs", "", NEEDS(DEVDAX))
{
	expect(t, !t, "it ran");
}

SCENARIO("T-segv", "", ANY)
{
	reconnect(t);
	signal(SIGSEGV, SIG_DFL); /* cmocka has a handler of its own */
	raise(SIGSEGV);
}

SCENARIO("T-killed", "", ANY)
{
	raise(SIGKILL);
}

SCENARIO("T-exit", "", ANY)
{
	_exit(3);
}

SCENARIO("T-hang", "", ANY)
{
	reconnect(t);
	/* only SIGKILL cannot be ignored */
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
}

SCENARIO("T-spin", "", ANY)
{
	for (;; clock_sleep_ns(NSEC_PER_MSEC))
		test_note(t, "still here");
}

static void say(const struct test *t, const char *text)
{
	if (write(t->pipe, text, strlen(text)) < 0)
		_exit(9);
}

SCENARIO("T-flood", "", ANY)
{
	static char block[1 << 16];

	memset(block, 'x', sizeof(block));
	for (;;)
		if (write(t->pipe, block, sizeof(block)) < 0)
			_exit(9);
}

SCENARIO("T-flood-lines", "", ANY)
{
	static char block[1 << 16];

	memset(block, 'x', sizeof(block));
	for (size_t i = 1000; i < sizeof(block); i += 1000)
		block[i] = '\n';
	for (;;)
		if (write(t->pipe, block, sizeof(block)) < 0)
			_exit(9);
}

SCENARIO("T-garbage", "", ANY)
{
	say(t,
	    "no JSON\n\n[1,2\n\"verdict\"\n{\"watch\": 5}\n{\"note\": [1]}\n\xff\xfe\n");
}

SCENARIO("T-invented", "", ANY)
{
	say(t, "{\"verdict\": \"FINE\", \"why\": \"because\"}\n");
	pause();
}

SCENARIO("T-invented-end", "", ANY)
{
	say(t, "{\"verdict\": \"FINE\", \"why\": \"because\"}\n");
	_exit(0);
}

/* All that was said has been read. */
static void wait_for_reader(const struct test *t)
{
	int left;

	do
		clock_sleep_ns(NSEC_PER_MSEC);
	while (!ioctl(t->pipe, FIONREAD, &left) && left);
}

SCENARIO("T-in-pieces", "", ANY)
{
	say(t, "{\"note\": \"first\"}\n{\"note\": \"sec");
	wait_for_reader(t);
	say(t, "ond\"}\n{\"note\": \"");
	wait_for_reader(t);
	say(t, "third\"}\n");
}

int given_signal;

SCENARIO("T-signal", "", ANY)
{
	raise(given_signal);
}

SCENARIO("T-unfinished", "", ANY)
{
	say(t, "{\"verdict\": \"PASS\", \"why\"");
	_exit(0);
}

SCENARIO("T-pass-and-hang", "", ANY)
{
	say(t, "{\"verdict\": \"PASS\", \"why\": \"\"}\n");
	pause();
}

SCENARIO("T-close-and-hang", "", ANY)
{
	close(t->pipe);
	pause();
}

/* Two verdicts: the first one counts. */
SCENARIO("T-twice", "", ANY)
{
	say(t, "{\"verdict\": \"FAIL\", \"why\": \"first\"}\n"
	       "{\"verdict\": \"PASS\", \"why\": \"\"}\n");
}

/* A pipe of packets stands for the kernel's log: each read() gives one record. */
int kernel_pipe[2];

SCENARIO("T-kernel", "", ANY)
{
	const char record[] =
		"4,77,12345678,-;BUG: unable to handle page fault\n KEY=v\n";

	if (write(kernel_pipe[1], record, sizeof(record) - 1) < 0)
		_exit(9);
}

SCENARIO("T-large", "", ANY)
{
	static char large[MiB(64)];

	memset(large, 1, sizeof(large));
	test_note(t, "%d", large[MiB(1)]);
}

pid_t *child;

SCENARIO("T-child", "", ANY)
{
	*child = getpid();
	pause();
}

struct outcome isolated(const char *id, uint64_t deadline_ns, const struct pace *pace,
			struct kernel_log *kernel)
{
	char *glob = (char *)(uintptr_t)id;
	const struct scenario **scenarios;
	struct outcome outcome;
	struct fake_env env;

	fake_env_init(&env);
	env.env.place[REGION_DEVDAX] = NULL;
	env.env.pace = *pace;
	assert_int_equal(registry_select(&scenarios, &glob, 1), 1);
	isolate_run(&env.env, scenarios[0], deadline_ns, kernel, &outcome);
	free(scenarios);
	return outcome;
}
