// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mount.c - lines of mountinfo, whole and broken */
#include "storage/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

static struct mount mount;

static void parses(const char *line)
{
	mount = (struct mount){ 0 };
	assert_int_equal(mount_parse(line, &mount), 0);
}

static void parse__all_fields(void **state)
{
	parses("36 35 98:0 /sub /mnt/pmem rw,noatime master:1 - ext4 /dev/pmem0 "
	       "rw,dax=always");
	assert_int_equal(mount.id, 36);
	assert_string_equal(mount.point, "/mnt/pmem");
	assert_string_equal(mount.type, "ext4");
	assert_string_equal(mount.source, "/dev/pmem0");
	assert_string_equal(mount.options, "rw,noatime,dax=always");
}

static void parse__any_number_of_optional_fields(void **state)
{
	parses("1 0 0:1 / / rw - tmpfs none rw");
	assert_string_equal(mount.type, "tmpfs");
	assert_string_equal(mount.options, "rw");
	parses("1 0 0:1 / / ro shared:1 master:2 propagate_from:3 - xfs /dev/sda "
	       "ro,quota");
	assert_string_equal(mount.type, "xfs");
	assert_string_equal(mount.options, "ro,ro,quota");
}

static void parse__escaped_names(void **state)
{
	parses("1 0 0:1 / /a\\040b\\134c rw - xfs /dev/sda rw");
	assert_string_equal(mount.point, "/a b\\c");
	parses("1 0 0:1 / /p rw - xfs /d\\011e rw");
	assert_string_equal(mount.source, "/d\te");
}

static void parse__broken(void **state)
{
	static const char *const lines[] = {
		"",
		"36",
		"x 35 98:0 / / rw - ext4 /dev/sda rw",
		"1 0 0:1 / / rw - xfs",
		"1 0 0:1 / / rw xfs /dev/sda rw",
		"1 0 0:1 / / rw -",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(mount_parse(lines[i], &mount), -EINVAL);
}

static void option__whole_words_only(void **state)
{
	parses("1 0 0:1 / / rw,noatime - xfs /dev/sda rw,dax=always,nodax2");
	assert_true(mount_has_option(&mount, "rw"));
	assert_true(mount_has_option(&mount, "dax=always"));
	assert_true(mount_has_option(&mount, "nodax2"));
	assert_false(mount_has_option(&mount, "dax"));
	assert_false(mount_has_option(&mount, "nodax"));
	assert_false(mount_has_option(&mount, "atime"));
}

static void of__proc(void **state)
{
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(mount_of(fd, &mount), 0);
	assert_string_equal(mount.type, "proc");
	assert_string_equal(mount.point, "/proc");
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(parse__all_fields),
	cmocka_unit_test(parse__any_number_of_optional_fields),
	cmocka_unit_test(parse__escaped_names),
	cmocka_unit_test(parse__broken),
	cmocka_unit_test(option__whole_words_only),
	cmocka_unit_test(of__proc),
};

int main(void)
{
	return cmocka_run_group_tests_name("mount", tests, NULL, NULL);
}
