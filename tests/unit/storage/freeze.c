// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* freeze.c - a filesystem is frozen, thawed after a while, and always */
#include "storage/freeze.h"

#include <errno.h>
#include <linux/fs.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"

#define FD	  77
#define FROZEN_NS (50 * NSEC_PER_MSEC)

/* What the process that thaws has called; the tests share it. */
static struct {
	atomic_int frozen, thawed;
	int freeze_error, thaw_error;
} *host;

int __wrap_ioctl(int fd, unsigned long request, long argument);
int __wrap_ioctl(int fd, unsigned long request, long argument)
{
	int error = request == FIFREEZE ? host->freeze_error : host->thaw_error;

	if (fd != FD || argument || (request != FIFREEZE && request != FITHAW))
		_exit(3);
	atomic_fetch_add(request == FIFREEZE ? &host->frozen : &host->thawed, 1);
	errno = error;
	return error ? -1 : 0;
}

static int share(void **state)
{
	host = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	return host == MAP_FAILED;
}

static int reset(void **state)
{
	memset(host, 0, sizeof(*host));
	return 0;
}

static void freeze__for_a_while(void **state)
{
	struct freeze freeze = { 0 };
	uint64_t begin = clock_ns(), thawed;

	assert_int_equal(freeze_begin(&freeze, FD, FROZEN_NS), 0);
	assert_int_equal(host->frozen, 1);
	assert_int_equal(freeze_begin(&freeze, FD, FROZEN_NS), -EBUSY);
	thawed = freeze_end(&freeze);
	assert_in_range(thawed, begin + FROZEN_NS, clock_ns());
	assert_int_equal(host->frozen, 1);
	assert_int_equal(host->thawed, 1);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(freeze_end(&freeze), 0);
}

static void freeze__refused(void **state)
{
	struct freeze freeze = { 0 };

	host->freeze_error = EOPNOTSUPP;
	assert_int_equal(freeze_begin(&freeze, FD, FROZEN_NS), -EOPNOTSUPP);
	assert_int_equal(freeze_end(&freeze), 0);
	assert_int_equal(host->thawed, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	host->freeze_error = 0;
	assert_int_equal(freeze_begin(&freeze, FD, 0), 0);
	assert_int_not_equal(freeze_end(&freeze), 0);
}

static void freeze__cannot_be_thawed(void **state)
{
	struct freeze freeze = { 0 };

	host->thaw_error = EINVAL;
	assert_int_equal(freeze_begin(&freeze, FD, 0), 0);
	assert_int_equal(freeze_end(&freeze), 0);
	assert_int_equal(host->thawed, 1);
}

/* As after a scenario's deadline; and signals of a terminal reach it in vain. */
static void freeze__outlives_its_process(void **state)
{
	uint64_t deadline = clock_ns() + 10 * NSEC_PER_SEC;
	struct freeze freeze = { 0 };
	pid_t pid = fork();

	if (!pid) {
		if (!freeze_begin(&freeze, FD, FROZEN_NS)) {
			kill(freeze.thawer, SIGINT);
			kill(freeze.thawer, SIGTERM);
		}
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(host->frozen, 1);
	while (!atomic_load(&host->thawed) && !clock_passed(deadline))
		clock_sleep_ns(NSEC_PER_MSEC);
	assert_int_equal(host->thawed, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

static const struct CMUnitTest tests[] = {
	TEST(freeze__for_a_while),
	TEST(freeze__refused),
	TEST(freeze__cannot_be_thawed),
	TEST(freeze__outlives_its_process),
};

int main(void)
{
	return cmocka_run_group_tests_name("freeze", tests, share, NULL);
}
