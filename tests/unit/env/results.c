// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* results.c - the folder that a run leaves: whole, or not there */
#include "env/results.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include <cmocka.h>

#include "base/file.h"

static char folder[] = "/tmp/odplab-results-XXXXXX";
static const struct env env = { .device = { .name = "fake0" } };

static int make_folder(void **state)
{
	return mkdtemp(folder) && !chdir(folder) ? 0 : -1;
}

static int clean(void **state)
{
	return system("rm -rf ./* ./.[!.]*");
}

static int remove_folder(void **state)
{
	return chdir("/") || rmdir(folder);
}

/* How many entries there are, hidden ones and others. */
static void count(const char *path, int *hidden, int *shown)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;

	*hidden = *shown = 0;
	while (directory && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			++*(entry->d_name[0] == '.' ? hidden : shown);
	if (directory)
		closedir(directory);
}

static void holds(const char *path, int expected_hidden, int expected_shown)
{
	int hidden, shown;

	count(path, &hidden, &shown);
	assert_int_equal(hidden, expected_hidden);
	assert_int_equal(shown, expected_shown);
}

static void print(FILE *out, const void *data)
{
	fputs(data, out);
}

static void run__leaves_a_folder(void **state)
{
	struct results results;
	char path[PATH_MAX + 16], text[16];

	assert_int_equal(results_open(&results, "out", &env), 0);
	assert_int_equal(results_file(&results, "a", print, "one"), 0);
	assert_int_equal(results_file(&results, "b", print, "two\xff"), 0);
	holds("out", 1, 0);
	assert_int_equal(results_finish(&results), 0);
	results_drop(&results);
	holds("out", 0, 1);
	holds(results.path, 0, 2);
	snprintf(path, sizeof(path), "%s/b", results.path);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "two?");
	assert_non_null(strstr(results.path, "Z-fake0-"));
}

static void run__given_up(void **state)
{
	struct results results;

	assert_int_equal(results_open(&results, "out", &env), 0);
	assert_int_equal(results_file(&results, "a", print, "one"), 0);
	results_drop(&results);
	holds("out", 0, 0);
	results_drop(&results); /* twice does no harm */
}

/* Two runs of the same second: each has its own. */
static void run__name_taken(void **state)
{
	struct results first, second, third;

	assert_int_equal(results_open(&first, "out", &env), 0);
	assert_int_equal(results_file(&first, "a", print, "1"), 0);
	assert_int_equal(results_finish(&first), 0);
	second = first;
	assert_int_equal(mkdir("out/.x", 0755), 0);
	strcpy(second.hidden, "out/.x");
	assert_int_equal(results_file(&second, "a", print, "2"), 0);
	third = second;
	assert_int_equal(results_finish(&second), 0);
	assert_string_not_equal(second.path, first.path);
	assert_int_equal(mkdir("out/.x", 0755), 0);
	strcpy(third.path, first.path);
	assert_int_equal(results_finish(&third), 0);
	assert_string_not_equal(third.path, second.path);
	holds("out", 0, 3);
	holds(first.path, 0, 1);
	holds(second.path, 0, 1);
}

/* The second is -2, the last -99: so many runs in a second are a mistake. */
static void run__names_taken(void **state)
{
	char base[PATH_MAX], path[PATH_MAX + 16], text[PATH_MAX * 2];
	struct results results;
	struct capture c;
	int ret;

	assert_int_equal(results_open(&results, "out", &env), 0);
	strcpy(base, results.path);
	for (int i = 1; i <= 99; i++) {
		assert_int_equal(results_file(&results, "a", print, "1"), 0);
		assert_int_equal(results_finish(&results), 0);
		snprintf(path, sizeof(path), i == 1 ? "%s" : "%s-%d", base, i);
		assert_string_equal(results.path, path);
		assert_string_equal(results.hidden, "");
		strcpy(results.path, base);
		strcpy(results.hidden, "out/.x");
		assert_int_equal(mkdir("out/.x", 0755), 0);
	}
	c = capture_start(stderr);
	ret = results_finish(&results);
	capture_end(&c, text, sizeof(text));
	assert_true(ret == -ENOTEMPTY || ret == -EEXIST);
	assert_non_null(strstr(text, "name the results folder out/"));
	results_drop(&results);
	holds("out", 0, 99);
}

/* A folder that has gone meanwhile is no reason to look for another name. */
static void run__whose_folder_is_gone(void **state)
{
	struct results results;
	struct capture c;
	char text[PATH_MAX];
	int ret;

	assert_int_equal(results_open(&results, "out", &env), 0);
	assert_int_equal(rmdir(results.hidden), 0);
	c = capture_start(stderr);
	ret = results_finish(&results);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -ENOENT);
	assert_null(strstr(text, "-2: "));
}

/* Others may read the results, and only the owner changes them. */
static void run__leaves_it_readable(void **state)
{
	mode_t mask = umask(0);
	struct results results;
	struct stat st;

	assert_int_equal(results_open(&results, "out", &env), 0);
	umask(mask);
	assert_int_equal(stat("out", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(stat(results.hidden, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(strncmp(results.hidden, "out/.", 5), 0);
	results_drop(&results);
	assert_string_equal(results.hidden, "");
}

static void text__of_any_length(void **state)
{
	static const char *const texts[] = { "", "x", "two\xff lines\n" };
	size_t size;

	for (size_t i = 0; i < 3; i++) {
		char *text = results_text(print, texts[i], &size);

		assert_int_equal(size, strlen(texts[i]));
		assert_string_equal(text, i == 2 ? "two? lines\n" : texts[i]);
		free(text);
	}
}

/* As the system kills it: what is left begins with a dot. */
static void be_killed(bool begun)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		struct results results;

		results_open(&results, "out", &env);
		if (begun)
			results_file(&results, "run.json", print, "{}");
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void run__killed(void **state)
{
	be_killed(true);
	holds("out", 1, 0);
}

#define ELSEWHERE "out/.20260102T030405Z-fake0-7.3@no-such-host-4194303"

/*
 * Its folder gets a name, whatever is in it; one with nothing in it goes, one in use
 * stays.
 */
static void run__killed_is_named_by_the_next(void **state)
{
	struct results results;
	glob_t names;

	run__killed(NULL);
	assert_int_equal(results_open(&results, "out", &env), 0);
	holds("out", 1, 1);
	assert_int_equal(glob("out/*-fake0-*-killed/run.json", 0, NULL, &names), 0);
	assert_int_equal(names.gl_pathc, 1);
	globfree(&names);
	/*
	 * this process, which is alive, has one of its own; so may a process of another
	 * host
	 */
	assert_int_equal(mkdir(ELSEWHERE, 0700), 0);
	assert_int_equal(results_adopt("out"), 0);
	assert_int_equal(rmdir(ELSEWHERE), 0);
	assert_int_equal(access(results.hidden, F_OK), 0);
	results_drop(&results);
	be_killed(false);
	assert_int_equal(results_adopt("out"), 1);
	holds("out", 0, 1);
}

static void refused(const char *directory, int error, const char *says)
{
	struct capture c = capture_start(stderr);
	struct results results;
	char text[PATH_MAX * 2];
	int ret = results_open(&results, directory, &env);

	capture_end(&c, text, sizeof(text));
	if (ret != error || !strstr(text, says) || !strstr(text, directory) ||
	    strchr(text, '\n') != text + strlen(text) - 1)
		fail_msg("%d, expected %d and one line with \"%s\": %s", ret, error, says,
			 text);
	results_drop(&results);
}

static void open__cannot_be_written(void **state)
{
	char name[300];

	refused("missing/out", -ENOENT, "--output");
	assert_int_equal(file_replace("file", "x", 1), 0);
	refused("file", -ENOTDIR, "--output");
	refused("/proc", -ENOENT, "--output");
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	refused(name, -ENAMETOOLONG, "--output");
}

static void open__is_not_permitted(void **state)
{
	(void)state;
	assert_int_equal(mkdir("closed", 0555) || chmod(".", 0755), 0);
	if (!geteuid() && seteuid(65534)) {
		print_message("no other user than root in this user namespace\n");
		skip();
	}
	refused("closed", -EACCES, "--output");
	if (!getuid() && seteuid(0))
		fail();
}

/* A limit on the size of files stands for a full file system. */
static void file__no_room(void **state)
{
	static char large[8192];
	struct rlimit old, tiny;
	struct results results;
	struct capture c;
	char text[PATH_MAX];
	int ret;

	memset(large, 'x', sizeof(large) - 1);
	assert_int_equal(results_open(&results, "out", &env), 0);
	assert_int_equal(results_file(&results, "a", print, "one"), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	tiny = (struct rlimit){ .rlim_cur = 4096, .rlim_max = old.rlim_max };
	c = capture_start(stderr);
	setrlimit(RLIMIT_FSIZE, &tiny);
	ret = results_file(&results, "b", print, large);
	setrlimit(RLIMIT_FSIZE, &old);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EFBIG);
	assert_non_null(strstr(text, "/b; no results are left: File too large\n"));
	results_drop(&results);
	holds("out", 0, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_teardown(run__leaves_a_folder, clean),
	cmocka_unit_test_teardown(run__given_up, clean),
	cmocka_unit_test_teardown(run__name_taken, clean),
	cmocka_unit_test_teardown(run__names_taken, clean),
	cmocka_unit_test_teardown(run__whose_folder_is_gone, clean),
	cmocka_unit_test_teardown(run__leaves_it_readable, clean),
	cmocka_unit_test_teardown(text__of_any_length, clean),
	cmocka_unit_test_teardown(run__killed, clean),
	cmocka_unit_test_teardown(run__killed_is_named_by_the_next, clean),
	cmocka_unit_test_teardown(open__cannot_be_written, clean),
	cmocka_unit_test_teardown(open__is_not_permitted, clean),
	cmocka_unit_test_teardown(file__no_room, clean),
};

int main(void)
{
	return cmocka_run_group_tests_name("results", tests, make_folder, remove_folder);
}
