// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * file_failures.c - what becomes of a file when a system call fails or does its work in
 * part
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/odplab-file-XXXXXX";

/* What is done to the files under test, and the call of each sort that fails, 0: none. */
static struct {
	unsigned int writes, syncs, closes, opens;
	bool short_reads; /* a byte each */
	unsigned int short_write, failing_write, failing_sync, failing_close,
		failing_open;
	int error;
	int flags[4];	/* of each open() */
	bool folder[4]; /* of each fsync(): is it of a folder? */
} calls;

static int fails(unsigned int *done, unsigned int failing)
{
	if (++*done != failing)
		return 0;
	errno = calls.error;
	return -1;
}

int __real_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, mode_t mode)
{
	if (calls.opens < 4)
		calls.flags[calls.opens] = flags;
	return fails(&calls.opens, calls.failing_open) ? -1 :
							 __real_open64(path, flags, mode);
}

ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
	if (fails(&calls.writes, calls.failing_write))
		return -1;
	return __real_write(fd, bytes, calls.writes == calls.short_write ? 2 : len);
}

ssize_t __real_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len)
{
	return __real_read(fd, bytes, calls.short_reads && len ? 1 : len);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	if (calls.syncs < 4)
		calls.folder[calls.syncs] = fcntl(fd, F_GETFL) & O_DIRECTORY;
	return fails(&calls.syncs, calls.failing_sync) ? -1 : __real_fsync(fd);
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	int ret = __real_close(fd);

	return fails(&calls.closes, calls.failing_close) ? -1 : ret;
}

static int make_folder(void **state)
{
	return mkdtemp(folder) && !chdir(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	unlink("f");
	return chdir("/") || rmdir(folder); /* fails where a test left another file */
}

static int make_file(void **state)
{
	memset(&calls, 0, sizeof(calls));
	if (file_replace("f", "old", 3))
		return -1;
	memset(&calls, 0, sizeof(calls));
	calls.error = EIO;
	return 0;
}

static void holds(const char *expected)
{
	char text[64];

	memset(&calls, 0, sizeof(calls));
	assert_int_equal(file_read("f", text, sizeof(text)), 0);
	assert_string_equal(text, expected);
	assert_int_equal(calls.closes, 1);
}

static void read__leaves_no_file_open(void **state)
{
	char *text;

	holds("old");
	assert_int_equal(calls.flags[0], O_RDONLY | O_CLOEXEC);
	assert_int_equal(file_read_all("f", &text), 0);
	free(text);
	assert_int_equal(calls.flags[1], O_RDONLY | O_CLOEXEC);
	assert_int_equal(calls.closes, calls.opens);
}

static void read__in_parts(void **state)
{
	char text[4];
	char *all;

	calls.short_reads = true;
	assert_int_equal(file_read("f", text, sizeof(text)), 0);
	assert_string_equal(text, "old");
	assert_int_equal(file_read("f", text, 3), -EFBIG);
	assert_int_equal(file_read_all("f", &all), 0);
	assert_string_equal(all, "old");
	free(all);
}

/*
 * sysfs takes a value in one write() or not at all: a second one would be another value.
 */
static void write__in_part_is_an_error(void **state)
{
	calls.short_write = 1;
	assert_int_equal(file_write("f", "new"), -EIO);
	assert_int_equal(calls.writes, 1);
	assert_int_equal(calls.flags[0], O_WRONLY | O_CLOEXEC | O_TRUNC);
	calls.short_write = 2;
	assert_int_equal(file_append("f", "er!"), -EIO);
	assert_int_equal(calls.writes, 2);
	assert_int_equal(calls.flags[1], O_WRONLY | O_CLOEXEC | O_APPEND);
	assert_int_equal(calls.closes, 2);
	holds("neer");
}

static void replace__goes_on_after_a_part(void **state)
{
	calls.short_write = 1;
	assert_int_equal(file_replace("f", "new text", 8), 0);
	assert_int_equal(calls.writes, 2);
	holds("new text");
}

static void replace__goes_on_after_a_signal(void **state)
{
	calls.failing_write = 1;
	calls.error = EINTR;
	assert_int_equal(file_replace("f", "new", 3), 0);
	assert_int_equal(calls.writes, 2);
	holds("new");
}

/* The data before the name: after a power cut there is the old file or the new one. */
static void replace__syncs_the_file_and_its_folder(void **state)
{
	assert_int_equal(file_replace("f", "new", 3), 0);
	assert_int_equal(calls.flags[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
	assert_int_equal(calls.flags[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(calls.syncs, 2);
	assert_false(calls.folder[0]);
	assert_true(calls.folder[1]);
	assert_int_equal(calls.closes, 2);
	holds("new");
}

static void replace__what_fails_leaves_the_old_file(void **state)
{
	unsigned int *const steps[] = { &calls.failing_open, &calls.failing_write,
					&calls.failing_sync, &calls.failing_close };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		make_file(NULL);
		*steps[i] = 1;
		assert_int_equal(file_replace("f", "new", 3), -EIO);
		assert_int_equal(access("f.new", F_OK), -1);
		holds("old");
	}
}

/* The new file is there, but its name may be lost with the power. */
static void replace__folder_that_cannot_be_synced(void **state)
{
	calls.failing_sync = 2;
	assert_int_equal(file_replace("f", "new", 3), -EIO);
	assert_int_equal(calls.closes, 2);
	calls.failing_sync = 4;
	calls.error = EINVAL; /* no such thing on this filesystem */
	assert_int_equal(file_replace("f", "newer", 5), 0);
	calls.failing_open = 6;
	calls.error = EACCES;
	assert_int_equal(file_replace("f", "newest", 6), -EACCES);
	holds("newest");
}

#define ON_A_FILE(test) cmocka_unit_test_setup(test, make_file)

static const struct CMUnitTest tests[] = {
	ON_A_FILE(read__leaves_no_file_open),
	ON_A_FILE(read__in_parts),
	ON_A_FILE(write__in_part_is_an_error),
	ON_A_FILE(replace__goes_on_after_a_part),
	ON_A_FILE(replace__goes_on_after_a_signal),
	ON_A_FILE(replace__syncs_the_file_and_its_folder),
	ON_A_FILE(replace__what_fails_leaves_the_old_file),
	ON_A_FILE(replace__folder_that_cannot_be_synced),
};

int main(void)
{
	return cmocka_run_group_tests_name("file_failures", tests, make_folder,
					   remove_folder);
}
