// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * summary.c - what is noted at the end of a scenario, read from the pipe that it goes to
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "testcase/test.h"

static struct test test;
static int reader;

static int open_pipe(void **state)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	test = (struct test){ .pipe = ends[1] };
	reader = ends[0];
	return 0;
}

static int close_pipe(void **state)
{
	close(reader);
	close(test.pipe);
	return 0;
}

static void expect_lines(const char *expected)
{
	char text[1024];
	ssize_t n = read(reader, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	assert_string_equal(text, expected);
}

static void stopwatches__each_that_was_used(void **state)
{
	test_say_stopwatches(&test);
	expect_lines("");
	test.stopwatches[0] =
		(struct stopwatch){ 12, 3, 1500000, 2000000000, "rdma_write()" };
	test.stopwatches[1] = (struct stopwatch){ 20, 1, 5, 10, "rdma_read()" };
	test_say_stopwatches(&test);
	expect_lines(
		"{\"note\":\"rdma_write() took 1.5 ms at most, of 3 times; it may take "
		"2.0 s\"}\n"
		"{\"note\":\"rdma_read() took 5 ns at most, of 1 times; it may take "
		"10 ns\"}\n");
}

/* There is no entry after the last; the table can be full. */
static void stopwatches__a_full_table(void **state)
{
	char text[1024];
	unsigned int lines = 0;
	ssize_t n;

	for (unsigned int i = 0; i < STOPWATCHES; i++)
		test.stopwatches[i] = (struct stopwatch){ 1, 1, 1, 1, "step" };
	test.show_ns = UINT64_MAX; /* what lies after the table looks used */
	test_say_stopwatches(&test);
	n = read(reader, text, sizeof(text));
	for (ssize_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	assert_int_equal(lines, STOPWATCHES);
}

static void background__where_there_was_some(void **state)
{
	test_say_background(&test);
	expect_lines("");
	test.background = (struct background_traffic){ .times = 2,
						       .turns = 17,
						       .longest_ns = 250000 };
	test_say_background(&test);
	expect_lines(
		"{\"note\":\"background traffic x 2: 17 WRITEs read back, the longest "
		"operation 250 us\"}\n");
}

#define WITH_PIPE(test) cmocka_unit_test_setup_teardown(test, open_pipe, close_pipe)

static const struct CMUnitTest tests[] = {
	WITH_PIPE(stopwatches__each_that_was_used),
	WITH_PIPE(stopwatches__a_full_table),
	WITH_PIPE(background__where_there_was_some),
};

int main(void)
{
	return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
