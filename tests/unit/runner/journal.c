// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* journal.c - the journal's lines, and that each is whole or absent */
#include "runner/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "capture.h"
#include <cmocka.h>

#include "base/file.h"
#include "base/util.h"
#include "runner/defects.h"
#include "testcase/registry.h"

#define LINES	  16

#define TEN	  "0123456789"
#define LONG_ID	  TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define LONG_LINE sizeof("{\"event\":\"begin\",\"id\":\"" LONG_ID "\",\"repetition\":1}")

static char path[] = "/tmp/odplab-journal-XXXXXX";
static const struct scenario first = { .id = "DP-01.read" }, second = { .id = "DP-02" },
			     longer = { .id = LONG_ID };
static const struct scenario *const both[] = { &first, &second };
static const struct env env = { .device = { .name = "fake0", .driver = "fake" } };
static const struct defect known = { .name = "known-one" };

static int make_file(void **state)
{
	(void)state;
	return close(mkstemp(path));
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

/* Parses all lines; each must be whole. The caller puts the objects. */
static int lines(struct json_object *object[LINES])
{
	char text[16384], *line, *rest = text;
	int n = 0;

	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	while ((line = strsep(&rest, "\n")) && *line) {
		assert_true(n < LINES);
		object[n] = json_tokener_parse(line);
		assert_non_null(object[n++]);
	}
	return n;
}

static void is_line(struct json_object *object, const char *json)
{
	struct json_object *expected = json_tokener_parse(json);

	assert_non_null(expected);
	if (!json_object_equal(object, expected))
		fail_msg("%s, expected %s", json_object_to_json_string(object), json);
	json_object_put(expected);
	json_object_put(object);
}

static void line__of_each_event(void **state)
{
	struct run run = { .env = &env,
			   .started = "2026-01-02T03:04:05Z",
			   .finished = "2026-01-02T03:04:06Z",
			   .count = { [VERDICT_PASS] = 1, [VERDICT_XFAIL] = 1 },
			   .exit_status = 1 };
	struct outcome good = { .scenario = &first,
				.repetition = 3,
				.duration_ns = 1234567890,
				.verdict = VERDICT_PASS };
	struct outcome bad = { .scenario = &second,
			       .repetition = 1,
			       .verdict = VERDICT_XFAIL,
			       .why = "two\nlines, \xff, \"quoted\"",
			       .defect = &known };
	struct json_object *object[LINES], *kernel;
	struct journal journal;

	(void)state;
	run.config = json_tokener_parse("{\"seed\": 7}");
	assert_int_equal(journal_open(&journal, path), 0);
	journal_run(&journal, &run, both, ARRAY_SIZE(both));
	journal_begin(&journal, &first, 3);
	journal_end(&journal, &good);
	journal_end(&journal, &bad);
	journal_finish(&journal, &run);
	assert_int_equal(journal_close(&journal), 0);
	assert_int_equal(lines(object), 5);
	assert_true(json_object_object_get_ex(object[0], "kernel", &kernel));
	assert_true(json_object_get_string_len(kernel) > 0);
	json_object_object_del(object[0], "kernel");
	is_line(object[0],
		"{\"event\": \"run\", \"odplab\": \"" ODPLAB_VERSION "\", "
		"\"started\": \"2026-01-02T03:04:05Z\", \"device\": \"fake0\", "
		"\"driver\": \"fake\", \"config\": {\"seed\": 7}, "
		"\"scenarios\": [\"DP-01.read\", \"DP-02\"]}");
	is_line(object[1],
		"{\"event\": \"begin\", \"id\": \"DP-01.read\", \"repetition\": 3}");
	is_line(object[2],
		"{\"event\": \"end\", \"id\": \"DP-01.read\", \"repetition\": 3, "
		"\"verdict\": \"PASS\", \"seconds\": 1.235, \"why\": null, \"defect\": "
		"null}");
	is_line(object[3], "{\"event\": \"end\", \"id\": \"DP-02\", \"repetition\": 1, "
			   "\"verdict\": \"XFAIL\", \"seconds\": 0.0, "
			   "\"why\": \"two\\nlines, ?, \\\"quoted\\\"\", \"defect\": "
			   "\"known-one\"}");
	is_line(object[4],
		"{\"event\": \"finish\", \"finished\": \"2026-01-02T03:04:06Z\", "
		"\"exit_status\": 1, \"counts\": {\"PASS\": 1, \"FAIL\": 0, \"SKIP\": 0, "
		"\"XFAIL\": 1, \"XPASS\": 0, \"UNPROVEN\": 0, \"ERROR\": 0}}");
	json_object_put(run.config);
}

static int synced; /* the file, at last */

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd)
{
	synced = fd;
	return __real_fdatasync(fd);
}

/*
 * A program that follows the run must not wait for its end; nor may a power cut take it.
 */
static void line__is_there_at_once(void **state)
{
	static const struct scenario slash = { .id = "DP/01" };
	struct json_object *object[LINES];
	struct journal journal;
	char text[128];

	(void)state;
	assert_int_equal(journal_open(&journal, path), 0);
	assert_int_equal(lines(object), 0);
	journal_begin(&journal, &slash, 1);
	assert_int_equal(synced, journal.fd);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "{\"event\":\"begin\",\"id\":\"DP/01\","
				  "\"repetition\":1}");
	journal_close(&journal);
}

/*
 * A limit on the size of files stands for a full filesystem. What is logged goes to a
 * file, too, and must be shorter than a line of the journal.
 */
static void whole_or_absent(rlim_t limit)
{
	struct rlimit old, tiny;
	struct json_object *object[LINES];
	struct journal journal;
	struct capture c;
	char text[1024];

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	tiny = (struct rlimit){ .rlim_cur = limit, .rlim_max = old.rlim_max };
	assert_int_equal(journal_open(&journal, path), 0);
	c = capture_start(stderr);
	setrlimit(RLIMIT_FSIZE, &tiny);
	journal_begin(&journal, &longer, 1);
	journal_begin(&journal, &longer, 2);
	setrlimit(RLIMIT_FSIZE, &old);
	journal_begin(&journal, &second,
		      1); /* there is room again: a gap would mislead */
	capture_end(&c, text, sizeof(text));
	assert_int_equal(journal_close(&journal), -EIO);
	assert_int_equal(lines(object), 1);
	is_line(object[0],
		"{\"event\": \"begin\", \"id\": \"" LONG_ID "\", \"repetition\": 1}");
	if (!strstr(text, "the journal") || !strstr(text, path) ||
	    (!strstr(text, strerror(ENOSPC)) && !strstr(text, strerror(EFBIG))) ||
	    strchr(text, '\n') != text + strlen(text) - 1)
		fail_msg("%ju: expected one line that names the journal: %s",
			 (uintmax_t)limit, text);
}

static void line__is_whole_or_absent(void **state)
{
	const rlim_t one = LONG_LINE;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	whole_or_absent(one); /* not a byte of the second line */
	whole_or_absent(one + 1);
	whole_or_absent(2 * one - 1);
}

static void close__gives_the_file_back(void **state)
{
	struct journal journal;
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(journal_open(&journal, path), 0);
	fd = journal.fd;
	assert_int_equal(journal_close(&journal), 0);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(journal.fd, -1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0111, 0);
}

static void open__empties_the_file(void **state)
{
	struct json_object *object[LINES];
	struct journal journal;

	(void)state;
	assert_int_equal(file_replace(path, "old\n", 4), 0);
	assert_int_equal(journal_open(&journal, path), 0);
	assert_int_equal(journal_close(&journal), 0);
	assert_int_equal(lines(object), 0);
}

static void open__that_fails_names_the_file(void **state)
{
	struct capture c = capture_start(stderr);
	struct journal journal;
	char text[1024];
	int ret = journal_open(&journal, "/none/journal");

	(void)state;
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -ENOENT);
	assert_non_null(strstr(text, "journal /none/journal: No such file"));
	assert_int_equal(journal_close(&journal), 0);
}

static void none__does_nothing(void **state)
{
	struct journal journal;

	(void)state;
	assert_int_equal(journal_open(&journal, NULL), 0);
	journal_begin(&journal, &first, 1);
	journal_finish(&journal, NULL);
	assert_int_equal(journal_close(&journal), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(line__of_each_event),
	cmocka_unit_test(line__is_there_at_once),
	cmocka_unit_test(line__is_whole_or_absent),
	cmocka_unit_test(close__gives_the_file_back),
	cmocka_unit_test(open__empties_the_file),
	cmocka_unit_test(open__that_fails_names_the_file),
	cmocka_unit_test(none__does_nothing),
};

int main(void)
{
	return cmocka_run_group_tests_name("journal", tests, make_file, remove_file);
}
