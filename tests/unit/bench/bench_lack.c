// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * bench_lack.c - a measurement on a full filesystem comes to an end, which is the host's
 */
#include "bench/bench_lack.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "bench/bench.h"
#include "capture.h"
#include "env/env.h"

static const struct env_config config = { .kind = REGION_FSDAX };
static struct env env = { .config = &config };
static struct bench bench;

/* What the host refuses: space, or a step that ended with this error. */
static bool full;
static int refused;
static unsigned int asked; /* for space */

bool __wrap_shortage_of(const struct env *of, int error, uint64_t pins,
			char why[SHORTAGE_TEXT]);
bool __wrap_shortage_of_space(const struct env *of, uint64_t kinds,
			      char why[SHORTAGE_TEXT]);

bool __wrap_shortage_of(const struct env *of, int error, uint64_t pins,
			char why[SHORTAGE_TEXT])
{
	assert_ptr_equal(of, &env);
	assert_int_equal(pins, MiB(4));
	strcpy(why, "no more memory");
	return error == refused;
}

bool __wrap_shortage_of_space(const struct env *of, uint64_t kinds,
			      char why[SHORTAGE_TEXT])
{
	assert_int_equal(kinds, 1 << REGION_FSDAX);
	asked++;
	strcpy(why, "pmem is full");
	return full;
}

/* In the test: cmocka sets a handler of its own before. */
static void begin(void)
{
	full = false;
	refused = 0;
	asked = 0;
	bench = (struct bench){ .env = &env, .pins = MiB(4) };
	bench_lack_begin(&bench);
}

static int end(void **state)
{
	bench_lack_end();
	return 0;
}

/* Two pages as on a full filesystem: there is none. */
static volatile char *no_pages(void)
{
	int fd = memfd_create("empty", MFD_CLOEXEC);
	void *pages =
		mmap(NULL, 2 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	close(fd);
	assert_ptr_not_equal(pages, MAP_FAILED);
	return pages;
}

/* @said: the line on stderr. */
static void is(int error, int wanted, const char *said)
{
	struct capture c = capture_start(stderr);
	char text[512];
	int ret = bench_lack(&bench, error);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, wanted);
	assert_string_equal(text, said);
}

static void page__of_a_full_filesystem_is_replaced(void **state)
{
	volatile char *pages = no_pages();

	begin();
	full = true;
	pages[5] = 7;
	assert_int_equal(pages[5], 7);
	assert_true(bench.lacks);
	/* others have freed blocks meanwhile */
	full = false;
	pages[PAGE_BYTES + 5] = 8;
	assert_int_equal(pages[5], 7);
	assert_int_equal(asked, 1);
	is(0, -ENOSR, "odplab: error: pmem is full\n");
	is(-EBADMSG, -ENOSR, "odplab: error: pmem is full\n");
	munmap((void *)(uintptr_t)pages, 2 * PAGE_BYTES);
}

/* The wait status of a process that touches a page which is not there, after @leave. */
static int touch(bool leave)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		/* not that of a sanitizer, which exits; nor a core file */
		bench_lack_end();
		signal(SIGBUS, SIG_DFL);
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		bench_lack_begin(&bench);
		if (leave)
			bench_lack_end();
		*no_pages() = 1;
		_exit(3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void page__that_is_missing_otherwise_is_a_crash(void **state)
{
	begin();
	assert_int_equal(WTERMSIG(touch(false)), SIGBUS);
}

static void page__is_replaced_in_a_measurement_only(void **state)
{
	begin();
	full = true;
	assert_int_equal(WTERMSIG(touch(true)), SIGBUS);
	assert_int_equal(WEXITSTATUS(touch(false)), 3);
}

static void error__of_the_host(void **state)
{
	begin();
	is(-EIO, -EIO, "");
	refused = -ENOMEM;
	is(-ENOMEM, -ENOSR, "odplab: error: no more memory\n");
	full = true;
	is(-EIO, -ENOSR, "odplab: error: pmem is full\n");
}

static void error__that_no_shortage_explains(void **state)
{
	begin();
	full = true;
	is(0, 0, "");
	is(-EINTR, -EINTR, "");
	is(-EBADMSG, -EBADMSG, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(page__of_a_full_filesystem_is_replaced, end),
		cmocka_unit_test_teardown(page__that_is_missing_otherwise_is_a_crash,
					  end),
		cmocka_unit_test_teardown(page__is_replaced_in_a_measurement_only, end),
		cmocka_unit_test_teardown(error__of_the_host, end),
		cmocka_unit_test_teardown(error__that_no_shortage_explains, end),
	};

	return cmocka_run_group_tests_name("bench_lack", tests, NULL, NULL);
}
