// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* death.c - a crash is a failure, but for one that the host has caused */
#include "runner/death.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"

static const char *vmstat; /* NULL: there is none */

int __wrap_file_read_all(const char *path, char **text);

int __wrap_file_read_all(const char *path, char **text)
{
	assert_string_equal(path, "/proc/vmstat");
	*text = vmstat ? strdup(vmstat) : NULL;
	return vmstat ? 0 : -ENOENT;
}

static void oom_kills__are_counted(void **state)
{
	vmstat = "pgfault 9\nnot_oom_kill 8\noom_kill 7\noom_kill_ 6\n";
	assert_int_equal(death_oom_kills(), 7);
	vmstat = "pgfault 9\n";
	assert_int_equal(death_oom_kills(), 0);
	vmstat = NULL;
	assert_int_equal(death_oom_kills(), 0);
}

/* @status: of wait(): a signal's number, or an exit status in the second byte. */
static void is(int status, uint64_t oom_kills, enum verdict verdict, const char *why)
{
	struct outcome outcome = { 0 };

	death_judge(&outcome, status, oom_kills);
	assert_int_equal(outcome.verdict, verdict);
	assert_string_equal(outcome.why, why);
}

static void judge__a_crash(void **state)
{
	vmstat = "x 1\noom_kill 7\n";
	is(SIGSEGV, 7, VERDICT_FAIL, "crashed: Segmentation fault");
	is(SIGKILL, 7, VERDICT_FAIL, "crashed: Killed");
	is(SIGBUS, 7, VERDICT_FAIL, "crashed: Bus error");
	is(3 << 8, 7, VERDICT_FAIL, "ended without a verdict, exit status 3");
}

static void judge__what_the_host_ended(void **state)
{
	vmstat = "x 1\noom_kill 8\n";
	is(SIGKILL, 7, VERDICT_ERROR,
	   "crashed: Killed: by the OOM killer; end other programs, or raise the limit "
	   "of "
	   "the control group");
	/* what explains one signal explains no other */
	is(SIGSEGV, 7, VERDICT_FAIL, "crashed: Segmentation fault");
	is(SIGABRT, 7, VERDICT_FAIL, "crashed: Aborted");
	is(SIGBUS, 7, VERDICT_FAIL, "crashed: Bus error");
	is(3 << 8, 7, VERDICT_FAIL, "ended without a verdict, exit status 3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oom_kills__are_counted),
		cmocka_unit_test(judge__a_crash),
		cmocka_unit_test(judge__what_the_host_ended),
	};

	return cmocka_run_group_tests_name("death", tests, NULL, NULL);
}
