// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* file.c - small files: whole or not at all, each error by its name */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/odplab-file-XXXXXX";

static int make_folder(void **state)
{
	return mkdtemp(folder) && !chdir(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	unlink("f");
	return chdir("/") || rmdir(folder); /* fails where a test left another file */
}

static void make(const char *text)
{
	assert_int_equal(file_replace("f", text, strlen(text)), 0);
}

static void holds(const char *expected)
{
	char *text;

	assert_int_equal(file_read_all("f", &text), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void read__without_the_last_newline(void **state)
{
	char text[8];

	make("one\n\n");
	assert_int_equal(file_read("f", text, sizeof(text)), 0);
	assert_string_equal(text, "one\n");
	make("1");
	assert_int_equal(file_read("f", text, sizeof(text)), 0);
	assert_string_equal(text, "1");
	make("");
	assert_int_equal(file_read("f", text, sizeof(text)), 0);
	assert_string_equal(text, "");
}

static void read__does_not_fit(void **state)
{
	char text[5] = "";

	make("1234");
	assert_int_equal(file_read("f", text, sizeof(text)), 0);
	assert_string_equal(text, "1234");
	make("12345");
	assert_int_equal(file_read("f", text, sizeof(text)), -EFBIG);
}

static void read__errors(void **state)
{
	char text[8], *all = NULL;
	uint64_t value;

	assert_int_equal(file_read("missing", text, sizeof(text)), -ENOENT);
	assert_int_equal(file_read(".", text, sizeof(text)), -EISDIR);
	assert_int_equal(file_read_all("missing", &all), -ENOENT);
	assert_int_equal(file_read_all(".", &all), -EISDIR);
	assert_int_equal(file_read_number("missing", &value), -ENOENT);
	assert_null(all);
}

static void read_all__any_length(void **state)
{
	static const size_t lengths[] = { 0, 1, 4094, 4095, 4096, 4097, 100000 };
	static char text[100001];

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(text, 0, sizeof(text));
		memset(text, 'x', lengths[i]);
		make(text);
		holds(text);
	}
}

/* A pipe whose other end is open: a read that waits would have no end. */
static void drain__what_a_pipe_holds_now(void **state)
{
	char *text = NULL;
	int fd;

	assert_int_equal(mkfifo("p", 0600), 0);
	fd = open("p", O_RDWR | O_CLOEXEC);
	unlink("p");
	assert_true(fd >= 0);
	assert_int_equal(file_drain("/proc/self/fd/none", &text), -ENOENT);
	assert_null(text);
	for (int i = 0; i < 2; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (!i)
			assert_int_equal(write(fd, "one\ntwo", 7), 7);
		assert_int_equal(file_drain(path, &text), 0);
		assert_string_equal(text, i ? "" : "one\ntwo");
		free(text);
		text = NULL;
	}
	close(fd);
}

static void read_number__sysfs_forms(void **state)
{
	uint64_t value = 7;

	make("0x15b3\n");
	assert_int_equal(file_read_number("f", &value), 0);
	assert_int_equal(value, 0x15b3);
	make("0017\n");
	assert_int_equal(file_read_number("f", &value), 0);
	assert_int_equal(value, 17);
	make("none\n");
	assert_int_equal(file_read_number("f", &value), -EINVAL);
	make("");
	assert_int_equal(file_read_number("f", &value), -EINVAL);
	assert_int_equal(value, 17);
}

static void write__existing_files_only(void **state)
{
	make("old and long");
	assert_int_equal(file_write("f", "new"), 0);
	holds("new");
	assert_int_equal(file_append("f", "er"), 0);
	holds("newer");
	assert_int_equal(file_write("missing", "x"), -ENOENT);
	assert_int_equal(file_append("missing", "x"), -ENOENT);
	assert_int_equal(access("missing", F_OK), -1);
}

static void write__device_full(void **state)
{
	assert_int_equal(file_write("/dev/full", "x"), -ENOSPC);
	assert_int_equal(file_append("/dev/full", "x"), -ENOSPC);
}

static void replace__whole(void **state)
{
	char text[8];

	make("old and long");
	make("new");
	holds("new");
	assert_int_equal(file_replace("f", "a\0b", 3), 0);
	assert_int_equal(file_read("f", text, sizeof(text)), 0);
	assert_memory_equal(text, "a\0b", 4);
	assert_int_equal(access("f.new", F_OK), -1);
}

/* Readable by all, writable by the user: as far as the umask has it. */
static void replace__rights(void **state)
{
	mode_t old = umask(0);
	struct stat st;

	unlink("f");
	make("x");
	umask(old);
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
}

/* As a crash in the middle of an earlier one leaves it. */
static void replace__leftover_of_an_earlier_one(void **state)
{
	make("longer than what follows");
	assert_int_equal(rename("f", "f.new"), 0);
	make("short");
	holds("short");
}

/* A limit on the size of files stands for a full file system: write() falls short. */
static void replace__no_room(void **state)
{
	static char large[8192];
	struct rlimit old, tiny;
	int ret;

	make("old");
	memset(large, 'x', sizeof(large));
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	tiny = (struct rlimit){ .rlim_cur = 100, .rlim_max = old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
	ret = file_replace("f", large, sizeof(large));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(ret, -EFBIG);
	holds("old");
	assert_int_equal(access("f.new", F_OK), -1);
}

static void replace__errors(void **state)
{
	char name[PATH_MAX];

	assert_int_equal(file_replace("missing/f", "x", 1), -ENOENT);
	assert_int_equal(file_replace("/dev/null/f", "x", 1), -ENOTDIR);
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(file_replace(name, "x", 1), -ENAMETOOLONG);
}

/* The name is taken by a folder, so that the rename fails when all is written. */
static void replace__rename_fails(void **state)
{
	assert_int_equal(mkdir("taken", 0700), 0);
	assert_int_equal(file_replace("taken", "x", 1), -EISDIR);
	assert_int_equal(access("taken.new", F_OK), -1);
	assert_int_equal(rmdir("taken"), 0);
}

static void kib__of_a_line(void **state)
{
	static const char text[] = "XMemFree:        1 kB\n"
				   "MemFreeX:        2 kB\n"
				   "Node 0 MemFree:  3 kB\n"
				   "MemFree:         4 kB\n"
				   "VmLck:\t       17 kB\n"
				   "Close:18 kB\n"
				   "Empty:\n";
	uint64_t bytes = 0;

	assert_int_equal(file_replace("kib", text, strlen(text)), 0);
	assert_int_equal(file_read_kib("kib", "MemFree", &bytes), 0);
	assert_int_equal(bytes, 3 * 1024);
	assert_int_equal(file_read_kib("kib", "VmLck", &bytes), 0);
	assert_int_equal(bytes, 17 * 1024);
	assert_int_equal(file_read_kib("kib", "Close", &bytes), 0);
	assert_int_equal(bytes, 18 * 1024);
	assert_int_equal(file_read_kib("kib", "Mem", &bytes), -ENODATA);
	assert_int_equal(file_read_kib("kib", "Empty", &bytes), -ENODATA);
	assert_int_equal(file_read_kib("no-kib", "MemFree", &bytes), -ENOENT);
	unlink("kib");
}

/* A daemon has no standard input: then the first file that it opens is descriptor 0. */
static void all__as_descriptor_0(void **state)
{
	int standard_input = dup(0);
	char text[8];

	assert_true(standard_input >= 0);
	close(0);
	make("zero");
	assert_int_equal(file_read("f", text, sizeof(text)), 0);
	assert_string_equal(text, "zero");
	holds("zero");
	assert_int_equal(file_append("f", "!"), 0);
	holds("zero!");
	assert_int_equal(dup2(standard_input, 0), 0);
	close(standard_input);
}

static void append__nothing(void **state)
{
	make("x");
	errno = EIO;
	assert_int_equal(file_append("f", ""), 0);
	holds("x");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(read__without_the_last_newline),
	cmocka_unit_test(read__does_not_fit),
	cmocka_unit_test(read__errors),
	cmocka_unit_test(read_all__any_length),
	cmocka_unit_test(drain__what_a_pipe_holds_now),
	cmocka_unit_test(read_number__sysfs_forms),
	cmocka_unit_test(kib__of_a_line),
	cmocka_unit_test(all__as_descriptor_0),
	cmocka_unit_test(append__nothing),
	cmocka_unit_test(write__existing_files_only),
	cmocka_unit_test(write__device_full),
	cmocka_unit_test(replace__whole),
	cmocka_unit_test(replace__rights),
	cmocka_unit_test(replace__leftover_of_an_earlier_one),
	cmocka_unit_test(replace__no_room),
	cmocka_unit_test(replace__errors),
	cmocka_unit_test(replace__rename_fails),
};

int main(void)
{
	return cmocka_run_group_tests_name("file", tests, make_folder, remove_folder);
}
