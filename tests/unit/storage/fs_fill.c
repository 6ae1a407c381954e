// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fs_fill.c - takes all blocks of a small filesystem, and refuses a large one */
#include "storage/fs_fill.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <sys/wait.h>
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

/* Returns whether a block can be had. */
static bool has_space(const char *directory)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	bool has = fd >= 0 && !fallocate(fd, 0, 0, 4096);

	close(fd);
	return has;
}

#define CANNOT_MOUNT 77

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(CANNOT_MOUNT);
	close(fd);
}

/*
 * A mount namespace; as an ordinary user in a user namespace, in which that user is root.
 */
static void enter_namespace(void)
{
	char user[32], group[32];

	snprintf(user, sizeof(user), "0 %u 1", geteuid());
	snprintf(group, sizeof(group), "0 %u 1", getegid());
	if (!unshare(CLONE_NEWNS))
		return;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		_exit(CANNOT_MOUNT);
	write_text("/proc/self/uid_map", user);
	write_text("/proc/self/setgroups", "deny");
	write_text("/proc/self/gid_map", group);
}

/* In a mount namespace of its own. Returns the line that was not as expected, or 0. */
static int fill_small_filesystem(void)
{
	int fd;

	enter_namespace();
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/tmp", "tmpfs", 0, "size=3m"))
		return CANNOT_MOUNT;
	if (!has_space("/tmp"))
		return 1;
	fd = fs_fill("/tmp");
	if (fd < 0)
		return 2;
	if (has_space("/tmp"))
		return 3;
	close(fd);
	return has_space("/tmp") ? 0 : 4;
}

static void take__all_blocks_until_it_is_closed(void **state)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(fill_small_filesystem());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CANNOT_MOUNT) {
		print_message("no tmpfs can be mounted in a namespace of its own here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

/*
 * The filesystem here is either too large to be filled, or this test does not touch it.
 */
static void take__too_much(void **state)
{
	struct capture c;
	struct statfs st;
	char text[256];
	int ret;

	assert_int_equal(statfs(".", &st), 0);
	if ((uint64_t)st.f_bfree * (uint64_t)st.f_bsize <= FS_FILL_MOST) {
		assert_true(fs_fillable("."));
		skip();
	}
	assert_false(fs_fillable("."));
	c = capture_start(stderr);
	ret = fs_fill(".");
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EFBIG);
	assert_non_null(strstr(text, "give it a small filesystem"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(take__not_there),
	cmocka_unit_test(take__what_cannot_hold_files),
	cmocka_unit_test(take__all_blocks_until_it_is_closed),
	cmocka_unit_test(take__too_much),
};

int main(void)
{
	return cmocka_run_group_tests_name("fs_fill", tests, NULL, NULL);
}
