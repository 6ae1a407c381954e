// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* log.c - levels, the words of a line, and one write for each */
#include "base/log.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "capture.h"
#include <cmocka.h>

static char text[4096];

static int set_name(void **state)
{
	log_set_name("prog");
	log_set_level(LOG_WARNING);
	return 0;
}

static void line__levels_up_to_the_threshold(void **state)
{
	struct capture c = capture_start(stderr);

	log_error("%d", 1);
	log_warning("%d", 2);
	log_info("%d", 3);
	log_debug("%d", 4);
	capture_end(&c, text, sizeof(text));
	assert_string_equal(text, "prog: error: 1\nprog: warning: 2\n");

	c = capture_start(stderr);
	log_set_level(LOG_DEBUG);
	log_info("%d", 3);
	log_debug("%d", 4);
	capture_end(&c, text, sizeof(text));
	assert_string_equal(text, "prog: 3\nprog: debug: 4\n");
}

static void errno__negative_with_its_text(void **state)
{
	struct capture c = capture_start(stderr);
	int ret[] = { log_errno(ENOENT, "open %s", "x"), log_errno(-ENOENT, "open x"),
		      log_errno(0, "open x") };

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret[0], -ENOENT);
	assert_int_equal(ret[1], -ENOENT);
	assert_int_equal(ret[2], -EIO);
	assert_string_equal(text, "prog: error: open x: No such file or directory\n"
				  "prog: error: open x: No such file or directory\n"
				  "prog: error: open x: Input/output error\n");
}

/* A datagram socket keeps writes apart. */
static void line__one_write(void **state)
{
	static char longest[900];
	int ends[2], saved = dup(STDERR_FILENO);

	memset(longest, 'x', sizeof(longest) - 1);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends), 0);
	dup2(ends[0], STDERR_FILENO);
	log_errno(ENOENT, "%s", longest);
	dup2(saved, STDERR_FILENO);
	memset(text, 0, sizeof(text));
	assert_true(recv(ends[1], text, sizeof(text), 0) > (ssize_t)sizeof(longest));
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_int_equal(recv(ends[1], text, sizeof(text), 0), -1);
	close(saved);
	close(ends[0]);
	close(ends[1]);
}

static void line__too_long_is_cut(void **state)
{
	static char endless[5000];
	struct capture c = capture_start(stderr);

	memset(endless, 'x', sizeof(endless) - 1);
	log_error("%s", endless);
	capture_end(&c, text, sizeof(text));
	assert_in_range(strlen(text), 900, 1100);
	assert_int_equal(text[strlen(text) - 1], '\n');
}

/* The reason comes last, and the end of the line after it, however long both are. */
static void line__too_long_with_its_reason(void **state)
{
	static char endless[5000], name[300];
	struct capture c = capture_start(stderr);

	memset(endless, 'x', sizeof(endless) - 1);
	memset(name, 'n', sizeof(name) - 1);
	log_set_name(name);
	log_errno(ENOENT, "%s", endless);
	log_errno(ENOENT, "short");
	log_set_name("prog");
	capture_end(&c, text, sizeof(text));
	assert_int_equal(strcspn(text, "\n"), 1278); /* 1280 with the newline and the 0 */
	assert_int_equal(strspn(text, "n"), sizeof(name) - 1);
	assert_int_equal(strncmp(text + 1279, name, sizeof(name) - 1), 0);
	assert_string_equal(text + 1279 + sizeof(name) - 1,
			    ": error: short: No such file or directory\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(line__too_long_with_its_reason, set_name),
	cmocka_unit_test_setup(line__levels_up_to_the_threshold, set_name),
	cmocka_unit_test_setup(errno__negative_with_its_text, set_name),
	cmocka_unit_test_setup(line__one_write, set_name),
	cmocka_unit_test_setup(line__too_long_is_cut, set_name),
};

int main(void)
{
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
