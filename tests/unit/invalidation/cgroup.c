// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * cgroup.c - a control group is made, joined and reclaimed; those of ended processes go
 */
#include "invalidation/cgroup.h"

#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "capture.h"
#include "fake_files.h"

#define ROOT	    "/sys/fs/cgroup"
#define CONTROLLERS ROOT "/cgroup.controllers"
#define SUBTREE	    ROOT "/cgroup.subtree_control"

/* The host: its user, its groups, and which of their processes are alive. */
static struct {
	uid_t user;
	int mkdir_error;
	char made[256], removed[256];
	char *groups[3];
} host;

static char own_procs[128], own_reclaim[128], own_max[128], own_swap[128], own_group[128],
	own_mark[128];

uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
	return host.user;
}

int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode)
{
	size_t used = strlen(host.made);

	snprintf(host.made + used, sizeof(host.made) - used, "%s ", path);
	errno = host.mkdir_error;
	return host.mkdir_error ? -1 : 0;
}

int __wrap_rmdir(const char *path);
int __wrap_rmdir(const char *path)
{
	size_t used = strlen(host.removed);

	snprintf(host.removed + used, sizeof(host.removed) - used, "%s ", path);
	return 0;
}

/* Process 10 has ended, 11 is alive; 12 is alive and another user's. */
int __wrap_kill(pid_t pid, int sig);
int __wrap_kill(pid_t pid, int sig)
{
	assert_int_equal(sig, 0);
	assert_true(pid > 0); /* not a group of processes */
	errno = pid == 10 ? ESRCH : pid == 12 ? EPERM : 0;
	return errno ? -1 : 0;
}

int __wrap_glob64(const char *pattern, int flags, int (*error)(const char *, int),
		  glob_t *names);
int __wrap_glob64(const char *pattern, int flags, int (*error)(const char *, int),
		  glob_t *names)
{
	static char *found[3];

	names->gl_pathv = found;
	names->gl_pathc = 0;
	for (size_t i = 0; i < ARRAY_SIZE(host.groups) && host.groups[i]; i++)
		if (!fnmatch(pattern, host.groups[i], 0) &&
		    !strstr(host.removed, host.groups[i]))
			found[names->gl_pathc++] = host.groups[i];
	return names->gl_pathc ? 0 : GLOB_NOMATCH;
}

void __wrap_globfree64(glob_t *names);
void __wrap_globfree64(glob_t *names)
{
}

static int a_host(void **state)
{
	memset(&host, 0, sizeof(host));
	snprintf(own_group, sizeof(own_group), ROOT "/odplab-%d", (int)getpid());
	snprintf(own_mark, sizeof(own_mark), ROOT "/odplab-memory-%d", (int)getpid());
	snprintf(own_procs, sizeof(own_procs), "%s/cgroup.procs", own_group);
	snprintf(own_reclaim, sizeof(own_reclaim), "%s/memory.reclaim", own_group);
	snprintf(own_max, sizeof(own_max), "%s/memory.max", own_group);
	snprintf(own_swap, sizeof(own_swap), "%s/memory.swap.max", own_group);
	fake_files_reset();
	fake_file(CONTROLLERS, "cpu io memory pids", 0);
	fake_file(SUBTREE, "", 0);
	fake_file(own_procs, "", 0);
	fake_file(own_reclaim, "", 0);
	fake_file(own_max, "max", 0);
	fake_file(own_swap, "max", 0);
	return 0;
}

static void can_reclaim__with_root_and_the_controller(void **state)
{
	assert_true(cgroup_can_reclaim());
	host.user = 1000;
	assert_false(cgroup_can_reclaim());
	host.user = 0;
	fake_file(CONTROLLERS, "cpu io pids", 0);
	assert_false(cgroup_can_reclaim());
	fake_files_reset();
	assert_false(cgroup_can_reclaim());
}

static void join__a_group_named_after_the_process(void **state)
{
	char both[256];

	fake_file(SUBTREE, "cpu pids", 0);
	assert_int_equal(cgroup_join(), 0);
	snprintf(both, sizeof(both), "%s %s ", own_mark, own_group);
	assert_string_equal(host.made, both);
	assert_string_equal(fake_file_text(SUBTREE), "+memory");
	assert_string_equal(fake_file_text(own_procs), "0");
	/* once more, the group is there already */
	host.mkdir_error = EEXIST;
	assert_int_equal(cgroup_join(), 0);
}

/* It is not for us to disable then. */
static void join__where_the_controller_is_enabled(void **state)
{
	char group[256];

	fake_file(SUBTREE, "cpu memory pids", 0);
	assert_int_equal(cgroup_join(), 0);
	snprintf(group, sizeof(group), "%s ", own_group);
	assert_string_equal(host.made, group);
	assert_string_equal(fake_file_text(SUBTREE), "cpu memory pids");
}

static int one_line_of(int (*call)(void), const char *part)
{
	struct capture c = capture_start(stderr);
	char text[512];
	int ret = call();

	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, part));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	return ret;
}

static void join__each_error_is_returned(void **state)
{
	fake_file(SUBTREE, "", EBUSY);
	assert_int_equal(one_line_of(cgroup_join, "controller"), -EBUSY);
	assert_null(strstr(host.made, own_group));
	fake_file(SUBTREE, "", 0);
	host.mkdir_error = EROFS;
	assert_int_equal(one_line_of(cgroup_join, own_mark), -EROFS);
	assert_string_equal(fake_file_text(SUBTREE), "");
	fake_file(SUBTREE, "memory", 0);
	assert_int_equal(one_line_of(cgroup_join, own_group), -EROFS);
	assert_string_equal(fake_file_text(own_procs), "");
	host.mkdir_error = 0;
	fake_file(own_procs, "", EACCES);
	assert_int_equal(one_line_of(cgroup_join, "join"), -EACCES);
}

static int reclaim_some(void)
{
	return cgroup_reclaim(123456);
}

static void reclaim__as_many_bytes_or_fewer(void **state)
{
	assert_int_equal(reclaim_some(), 0);
	assert_string_equal(fake_file_text(own_reclaim), "123456");
	fake_file(own_reclaim, "", EAGAIN);
	assert_int_equal(reclaim_some(), 0);
	fake_file(own_reclaim, "", EINVAL);
	assert_int_equal(one_line_of(reclaim_some, own_reclaim), -EINVAL);
}

static int limit_some(void)
{
	return cgroup_limit(8192);
}

static void limit__of_memory_and_of_swap(void **state)
{
	assert_int_equal(limit_some(), 0);
	assert_string_equal(fake_file_text(own_max), "8192");
	assert_string_equal(fake_file_text(own_swap), "0");
}

static void limit__each_error_is_returned(void **state)
{
	fake_file(own_swap, "", ENOENT); /* no swap is accounted for */
	assert_int_equal(limit_some(), 0);
	fake_file(own_swap, "", EACCES);
	assert_int_equal(one_line_of(limit_some, own_swap), -EACCES);
	fake_file(own_swap, "", 0);
	fake_file(own_max, "", EBUSY);
	assert_int_equal(one_line_of(limit_some, own_max), -EBUSY);
}

/* What is no process's number is none of ours. */
static void tidy__removes_groups_of_ended_processes(void **state)
{
	static char ended[] = ROOT "/odplab-10", lives[] = ROOT "/odplab-11",
		    others[] = ROOT "/odplab-12", no_number[] = ROOT "/odplab-x";

	cgroup_tidy();
	assert_string_equal(host.removed, "");
	host.groups[0] = lives;
	host.groups[1] = ended;
	host.groups[2] = others;
	cgroup_tidy();
	assert_string_equal(host.removed, ROOT "/odplab-10 ");
	host.removed[0] = '\0';
	host.groups[1] = no_number;
	cgroup_tidy();
	assert_string_equal(host.removed, "");
}

/* After the last group; where another run has one, with the mark, that run does it. */
static void tidy__disables_the_controller_again(void **state)
{
	static char ended[] = ROOT "/odplab-10", mark[] = ROOT "/odplab-memory-10",
		    lives[] = ROOT "/odplab-11";

	fake_file(SUBTREE, "memory", 0);
	host.groups[0] = ended;
	assert_int_equal(cgroup_tidy(), 1);
	assert_string_equal(fake_file_text(SUBTREE), "memory"); /* without a mark */
	host.removed[0] = '\0';
	host.groups[1] = mark;
	assert_int_equal(cgroup_tidy(), 2);
	assert_string_equal(host.removed, ROOT "/odplab-10 " ROOT "/odplab-memory-10 ");
	assert_string_equal(fake_file_text(SUBTREE), "-memory");
	fake_file(SUBTREE, "memory", 0);
	host.removed[0] = '\0';
	host.groups[0] = lives;
	cgroup_tidy();
	assert_string_equal(host.removed, "");
	assert_string_equal(fake_file_text(SUBTREE), "memory");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(can_reclaim__with_root_and_the_controller, a_host),
	cmocka_unit_test_setup(join__a_group_named_after_the_process, a_host),
	cmocka_unit_test_setup(join__where_the_controller_is_enabled, a_host),
	cmocka_unit_test_setup(join__each_error_is_returned, a_host),
	cmocka_unit_test_setup(reclaim__as_many_bytes_or_fewer, a_host),
	cmocka_unit_test_setup(limit__of_memory_and_of_swap, a_host),
	cmocka_unit_test_setup(limit__each_error_is_returned, a_host),
	cmocka_unit_test_setup(tidy__removes_groups_of_ended_processes, a_host),
	cmocka_unit_test_setup(tidy__disables_the_controller_again, a_host),
};

int main(void)
{
	return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
