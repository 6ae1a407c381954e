// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* race.c - races are held open through a port, at whose other end is the test */
#include "kernel/race.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "capture.h"
#include "fake_files.h"
#include "kernel/place.h"
#include "kernel/symbol.h"

static struct {
	int error;		/* of the search for a place */
	int end[2];		/* of the port: the plugin's, and the other */
	const char *answers[8]; /* of the plugin, in order */
	unsigned int answered;
	char asked[8][128];
} plugin;

int __wrap_kernel_symbols_open(struct kernel_symbols *symbols);
int __wrap_kernel_place_find(const struct kernel_symbols *symbols, const char *text,
			     struct kernel_place *place);
int __wrap_glob64(const char *pattern, int flags, int (*error)(const char *, int),
		  glob64_t *found);
int __wrap_open64(const char *path, int flags, ...);
ssize_t __wrap_write(int fd, const void *data, size_t len);

int __wrap_kernel_symbols_open(struct kernel_symbols *symbols)
{
	*symbols = (struct kernel_symbols){ 0 };
	return 0;
}

int __wrap_kernel_place_find(const struct kernel_symbols *symbols, const char *text,
			     struct kernel_place *place)
{
	*place = (struct kernel_place){ .n = 2, .address = { 0x1000, 0x2000 } };
	return plugin.error;
}

/* Two ports, of which the second is the plugin's. */
int __wrap_glob64(const char *pattern, int flags, int (*error)(const char *, int),
		  glob64_t *found)
{
	static const char *const paths[] = { "/sys/class/virtio-ports/vport3p1/name",
					     "/sys/class/virtio-ports/vport3p2/name" };

	*found = (glob64_t){ .gl_pathc = 2, .gl_pathv = calloc(2, sizeof(char *)) };
	for (size_t i = 0; i < 2; i++)
		found->gl_pathv[i] = strdup(paths[i]);
	return 0;
}

int __wrap_open64(const char *path, int flags, ...)
{
	assert_string_equal(path, "/dev/vport3p2");
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, plugin.end), 0);
	return plugin.end[1];
}

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	const char *answer;

	if (fd != plugin.end[1])
		return __real_write(fd, data, len);
	answer = plugin.answers[plugin.answered];
	snprintf(plugin.asked[plugin.answered++], sizeof(plugin.asked[0]), "%.*s",
		 (int)len, (const char *)data);
	if (answer)
		assert_int_equal(__real_write(plugin.end[0], answer, strlen(answer)),
				 strlen(answer));
	close(plugin.end[0]);
	return (ssize_t)len;
}

static int setup(void **state)
{
	memset(&plugin, 0, sizeof(plugin));
	plugin.end[1] = -1;
	fake_files_reset();
	fake_file("/sys/class/virtio-ports/vport3p1/name", "odplab.card", 0);
	fake_file("/sys/class/virtio-ports/vport3p2/name", "odplab.delay", 0);
	return 0;
}

static void race__is_held_and_released(void **state)
{
	plugin.answers[0] = plugin.answers[1] = plugin.answers[3] = "ok\n";
	plugin.answers[2] = "0x1000 9 3\n0x2000 8 4\nok\n";
	assert_true(race_possible());
	assert_int_equal(race_hold(&race_rows[RACE_FLAGS_READ]), 0);
	assert_string_equal(plugin.asked[0], "pause 0x1000 30000 97\n");
	assert_string_equal(plugin.asked[1], "pause 0x2000 30000 97\n");
	assert_int_equal(race_release(), 7);
	assert_string_equal(plugin.asked[2], "list\n");
	assert_string_equal(plugin.asked[3], "clear\n");
}

static void race__that_is_refused(void **state)
{
	struct capture c = capture_start(stderr);
	char text[512];

	plugin.answers[0] = "error: there are 64 delays already\n";
	assert_int_equal(race_hold(&race_rows[0]), -EBADMSG);
	/* it has hung up */
	assert_int_equal(race_release(), -EPIPE);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "there are 64 delays already"));
	plugin.error = -ESRCH;
	assert_int_equal(race_hold(&race_rows[0]), -ESRCH);
	fake_file("/sys/class/virtio-ports/vport3p2/name", "odplab.other", 0);
	assert_false(race_possible());
	assert_int_equal(race_release(), -ENODEV);
}

static void parse__names_and_places(void **state)
{
	static const char *const wrong[] = { "flags-rea", "a:us=3",	   "a+90:us=0",
					     "a+90:us=x", "a+90:every=2x", "a+90:ms=3" };
	char copy[RACE_TEXT];
	struct race_row row;

	assert_int_equal(race_parse("flags-read", copy, &row), 0);
	assert_string_equal(row.place, race_rows[RACE_FLAGS_READ].place);
	assert_int_equal(race_parse("a,b+call=c", copy, &row), 0);
	assert_int_equal(row.us, 1000);
	assert_int_equal(row.every, 1);
	assert_int_equal(race_parse("a+90:every=7:us=50", copy, &row), 0);
	assert_string_equal(row.place, "a+90");
	assert_int_equal(row.us, 50);
	assert_int_equal(row.every, 7);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(race_parse(wrong[i], copy, &row), -EINVAL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(race__is_held_and_released, setup),
	cmocka_unit_test_setup(race__that_is_refused, setup),
	cmocka_unit_test_setup(parse__names_and_places, setup),
};

int main(void)
{
	return cmocka_run_group_tests_name("race", tests, NULL, NULL);
}
