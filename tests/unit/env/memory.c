// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* memory.c - the host's memory, or what a control group leaves of it */
#include "env/memory.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"

#define FILES 16

/* What can be read. A file that is not here is missing. */
static struct {
	const char *path, *text;
} files[FILES];
static uint64_t available; /* MemAvailable; 0: unknown */

static const char *text_of(const char *path)
{
	for (size_t i = 0; i < FILES && files[i].path; i++)
		if (!strcmp(files[i].path, path))
			return files[i].text;
	return NULL;
}

int __wrap_file_read_kib(const char *path, const char *key, uint64_t *bytes);
int __wrap_file_read_number(const char *path, uint64_t *number);
int __wrap_file_read_all(const char *path, char **text);

int __wrap_file_read_kib(const char *path, const char *key, uint64_t *bytes)
{
	assert_string_equal(path, "/proc/meminfo");
	assert_string_equal(key, "MemAvailable");
	*bytes = available;
	return available ? 0 : -ENOENT;
}

int __wrap_file_read_number(const char *path, uint64_t *number)
{
	const char *text = text_of(path);

	if (!text || !strcmp(text, "max"))
		return text ? -EINVAL : -ENOENT;
	*number = strtoull(text, NULL, 10);
	return 0;
}

int __wrap_file_read_all(const char *path, char **text)
{
	const char *found = text_of(path);

	*text = found ? strdup(found) : NULL;
	return found ? 0 : -ENOENT;
}

static int no_files(void **state)
{
	memset(files, 0, sizeof(files));
	available = 1000;
	return 0;
}

static void put(const char *path, const char *text)
{
	size_t i = 0;

	while (files[i].path && strcmp(files[i].path, path))
		i++;
	files[i].path = path;
	files[i].text = text;
}

static void is(uint64_t bytes, const char *cgroup)
{
	struct memory_left left;

	assert_int_equal(memory_left(&left), 0);
	assert_int_equal(left.bytes, bytes);
	assert_string_equal(left.cgroup, cgroup);
}

static void host__is_what_limits(void **state)
{
	struct memory_left left;

	is(1000, "");
	/* in no group of memory */
	put("/proc/self/cgroup", "4:memory_else:/lab\n1:cpu:/lab\n");
	put("/sys/fs/cgroup/lab/memory.max", "100");
	put("/sys/fs/cgroup/lab/memory.current", "0");
	is(1000, "");
	available = 0;
	assert_int_equal(memory_left(&left), -ENOENT);
}

static void group__limits(void **state)
{
	put("/proc/self/cgroup", "4:memory:/no\n0::/lab\n");
	put("/sys/fs/cgroup/lab/memory.max", "900");
	put("/sys/fs/cgroup/lab/memory.current", "300");
	is(600, "/sys/fs/cgroup/lab");
	available = 599;
	is(599, "");
	available = 1000;
	put("/sys/fs/cgroup/lab/memory.current", "901");
	is(0, "/sys/fs/cgroup/lab");
	put("/sys/fs/cgroup/lab/memory.max", "max");
	is(1000, "");
}

static void page_cache__can_be_had(void **state)
{
	put("/proc/self/cgroup", "0::/lab\n");
	put("/sys/fs/cgroup/lab/memory.max", "900");
	put("/sys/fs/cgroup/lab/memory.current", "800");
	put("/sys/fs/cgroup/lab/memory.stat",
	    "anon 500\nfile 200\ninactive_anon 7\nactive_anon 9\ninactive_file 120\n"
	    "active_file 80\nworkingset_activate_file 33\n");
	is(300, "/sys/fs/cgroup/lab");
	/* the figures are of different moments */
	put("/sys/fs/cgroup/lab/memory.current", "150");
	is(900, "/sys/fs/cgroup/lab");
}

static void groups__above_limit_too(void **state)
{
	put("/proc/self/cgroup", "0::/all/lab/run\n");
	put("/sys/fs/cgroup/all/lab/run/memory.max", "max");
	put("/sys/fs/cgroup/all/lab/run/memory.current", "1");
	put("/sys/fs/cgroup/all/lab/memory.max", "500");
	put("/sys/fs/cgroup/all/lab/memory.current", "100");
	put("/sys/fs/cgroup/all/memory.max", "700");
	put("/sys/fs/cgroup/all/memory.current", "200");
	is(400, "/sys/fs/cgroup/all/lab");
	put("/sys/fs/cgroup/all/memory.current", "650");
	is(50, "/sys/fs/cgroup/all");
}

/* Its own group is the root there. */
static void container__has_the_limit_at_its_root(void **state)
{
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/memory.max", "700");
	put("/sys/fs/cgroup/memory.current", "200");
	is(500, "/sys/fs/cgroup");
	put("/proc/self/cgroup", "0::/inner\n");
	is(500, "/sys/fs/cgroup");
}

static void version_1__limits(void **state)
{
	put("/proc/self/cgroup", "5:cpu,memory,pids:/lab/run\n1:cpu:/no\n0::/no\n");
	put("/sys/fs/cgroup/memory/lab/run/memory.limit_in_bytes", "9223372036854771712");
	put("/sys/fs/cgroup/memory/lab/run/memory.usage_in_bytes", "100");
	is(1000, "");
	put("/sys/fs/cgroup/memory/lab/memory.limit_in_bytes", "900");
	put("/sys/fs/cgroup/memory/lab/memory.usage_in_bytes", "800");
	is(100, "/sys/fs/cgroup/memory/lab");
	/* those of the group alone are in the first lines */
	put("/sys/fs/cgroup/memory/lab/memory.stat",
	    "cache 300\ninactive_file 1\nactive_file 2\ntotal_inactive_file 120\n"
	    "total_active_file 80\n");
	is(300, "/sys/fs/cgroup/memory/lab");
	/* of the container, whose folder is the root of what it sees */
	put("/proc/self/cgroup", "4:memory:/docker/0123\n");
	put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "700");
	put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "500");
	is(200, "/sys/fs/cgroup/memory");
	put("/proc/self/cgroup", "4:memory:/\n");
	is(200, "/sys/fs/cgroup/memory");
}

static void limit__is_named(void **state)
{
	struct memory_left left;

	put("/proc/self/cgroup", "4:memory:/lab\n0::/lab\n");
	put("/sys/fs/cgroup/memory/lab/memory.limit_in_bytes", "500");
	put("/sys/fs/cgroup/memory/lab/memory.usage_in_bytes", "100");
	assert_int_equal(memory_left(&left), 0);
	assert_string_equal(left.limit, "memory.limit_in_bytes");
	put("/sys/fs/cgroup/lab/memory.max", "300");
	put("/sys/fs/cgroup/lab/memory.current", "100");
	assert_int_equal(memory_left(&left), 0);
	assert_string_equal(left.limit, "memory.max");
	assert_int_equal(left.bytes, 200);
	available = 100;
	assert_int_equal(memory_left(&left), 0);
	assert_string_equal(left.limit, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(host__is_what_limits, no_files),
		cmocka_unit_test_setup(group__limits, no_files),
		cmocka_unit_test_setup(page_cache__can_be_had, no_files),
		cmocka_unit_test_setup(groups__above_limit_too, no_files),
		cmocka_unit_test_setup(container__has_the_limit_at_its_root, no_files),
		cmocka_unit_test_setup(version_1__limits, no_files),
		cmocka_unit_test_setup(limit__is_named, no_files),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
