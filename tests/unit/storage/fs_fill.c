// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fs_fill.c - what is too large to be filled up is left alone, and said so */
#include "storage/fs_fill.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture.h"

static void take__not_there(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];
	int ret = fs_fill("/nonexistent");

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -ENOENT);
	assert_non_null(strstr(text, "/nonexistent"));
}

/* The one filesystem here whose size is known: it has none. */
static void take__what_cannot_hold_files(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];
	int ret = fs_fill("/proc");

	capture_end(&c, text, sizeof(text));
	assert_true(ret < 0);
	assert_non_null(strstr(text, "/proc"));
}

/* Whatever this machine has, it is either too large or left as it is. */
static void take__too_much(void **state)
{
	struct capture c;
	struct statfs st;
	char text[256];
	int ret;

	assert_int_equal(statfs(".", &st), 0);
	if ((uint64_t)st.f_bfree * (uint64_t)st.f_bsize <= FS_FILL_MOST)
		skip();
	c = capture_start(stderr);
	ret = fs_fill(".");
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EFBIG);
	assert_non_null(strstr(text, "give it a small filesystem"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(take__not_there),
	cmocka_unit_test(take__what_cannot_hold_files),
	cmocka_unit_test(take__too_much),
};

int main(void)
{
	return cmocka_run_group_tests_name("hog", tests, NULL, NULL);
}
