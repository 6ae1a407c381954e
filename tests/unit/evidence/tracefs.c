// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tracefs.c - what is written to the kernel's tracer, and the events that it has lost */
#include "evidence/tracefs.h"

#include <errno.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a tracer that notes what is asked of it ---- */

static struct {
	char log[2048]; /* "write PATH: TEXT", a line each; paths without TRACEFS_ROOT */
	int instances_error, events_error, mkdir_error, read_error;
	const char *refused[4]; /* parts of lines for dynamic_events, with .refusal */
	int refusal;
	const char *found[4];	  /* by the next glob(), NULL-terminated */
	const char *instances[4]; /* by the glob() of instances */
	const char *stats[3];	  /* of each processor; NULL: cannot be read */
	int globs;		  /* not yet freed */
} kernel;

#define LOG(...)                                  \
	snprintf(kernel.log + strlen(kernel.log), \
		 sizeof(kernel.log) - strlen(kernel.log), __VA_ARGS__)

static const char *inside(const char *path)
{
	assert_ptr_equal(strstr(path, TRACEFS_ROOT "/"), path);
	return path + sizeof(TRACEFS_ROOT);
}

int __wrap_file_write(const char *path, const char *text);
int __wrap_file_write(const char *path, const char *text)
{
	LOG("write %s: %s\n", inside(path), text);
	return 0;
}

int __wrap_file_append(const char *path, const char *text);
int __wrap_file_append(const char *path, const char *text)
{
	assert_string_equal(inside(path), "dynamic_events");
	for (unsigned int i = 0; kernel.refused[i]; i++)
		if (strstr(text, kernel.refused[i]))
			return kernel.refusal;
	LOG("%s\n", text);
	return 0;
}

int __wrap_file_read(const char *path, char *text, size_t size);
int __wrap_file_read(const char *path, char *text, size_t size)
{
	unsigned int cpu = (unsigned int)atoi(path);

	if (!kernel.stats[cpu])
		return -EIO;
	snprintf(text, size, "%s", kernel.stats[cpu]);
	return 0;
}

int __wrap_file_drain(const char *path, char **text);
int __wrap_file_drain(const char *path, char **text)
{
	LOG("drain %s\n", inside(path));
	*text = kernel.read_error ? NULL : strdup("the record");
	return kernel.read_error;
}

int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
	assert_int_equal(mode, strcmp(inside(path), "instances") ? W_OK : F_OK);
	errno = strcmp(inside(path), "instances") ? kernel.events_error :
						    kernel.instances_error;
	return errno ? -1 : 0;
}

int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode)
{
	assert_int_equal(mode, 0700);
	LOG("mkdir %s\n", inside(path));
	errno = kernel.mkdir_error;
	return errno ? -1 : 0;
}

int __wrap_rmdir(const char *path);
int __wrap_rmdir(const char *path)
{
	LOG("rmdir %s\n", inside(path));
	return 0;
}

/* Process 10 has ended; 11 is alive, 12 is another user's. */
int __wrap_kill(pid_t pid, int sig);
int __wrap_kill(pid_t pid, int sig)
{
	assert_true(pid > 0 && !sig);
	errno = pid == 10 ? ESRCH : pid == 12 ? EPERM : 0;
	return errno ? -1 : 0;
}

int __wrap_glob64(const char *pattern, int flags, int (*error)(const char *, int),
		  glob_t *names);
int __wrap_glob64(const char *pattern, int flags, int (*error)(const char *, int),
		  glob_t *names)
{
	const char **found = strstr(pattern, "/instances/odplab-*") ? kernel.instances :
								      kernel.found;

	assert_int_equal(flags, 0);
	if (!found[0])
		return GLOB_NOMATCH;
	names->gl_pathc = 0;
	names->gl_pathv = calloc(4, sizeof(*names->gl_pathv));
	assert_non_null(names->gl_pathv);
	for (; found[names->gl_pathc]; names->gl_pathc++)
		names->gl_pathv[names->gl_pathc] = strdup(found[names->gl_pathc]);
	kernel.globs++;
	return 0;
}

void __wrap_globfree64(glob_t *names);
void __wrap_globfree64(glob_t *names)
{
	for (size_t i = 0; i < names->gl_pathc; i++)
		free(names->gl_pathv[i]);
	free(names->gl_pathv);
	kernel.globs--;
}

static struct tracefs trace;

static int a_kernel(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	snprintf(trace.instance, sizeof(trace.instance), TRACEFS_ROOT "/instances/ours");
	return 0;
}

/* Fails where a list of names was not freed. */
static int no_leak(void **state)
{
	return kernel.globs;
}

/* ---- tests ---- */

static void open__an_instance_of_this_process(void **state)
{
	char expected[256];

	assert_int_equal(tracefs_open(&trace), 0);
	snprintf(expected, sizeof(expected),
		 "mkdir instances/odplab-%d\n"
		 "write instances/odplab-%d/buffer_size_kb: 4096\n"
		 "write instances/odplab-%d/trace_clock: global\n",
		 (int)getpid(), (int)getpid(), (int)getpid());
	assert_string_equal(kernel.log, expected);
	kernel.mkdir_error = EEXIST;
	assert_int_equal(tracefs_open(&trace), 0);
	kernel.mkdir_error = ENOSPC;
	assert_int_equal(tracefs_open(&trace), -ENOSPC);
}

static void open__without_tracefs_or_privilege(void **state)
{
	kernel.instances_error = ENOENT;
	assert_int_equal(tracefs_open(&trace), -ENOENT);
	kernel.instances_error = EACCES;
	assert_int_equal(tracefs_open(&trace), -EACCES);
	kernel.instances_error = 0;
	kernel.events_error = ENOENT; /* a kernel without dynamic events */
	assert_int_equal(tracefs_open(&trace), -ENOENT);
	kernel.events_error = EROFS;
	assert_int_equal(tracefs_open(&trace), -EACCES);
	assert_string_equal(kernel.log, "");
}

static void open__removes_instances_of_ended_processes(void **state)
{
	kernel.instances[0] = TRACEFS_ROOT "/instances/odplab-11";
	kernel.instances[1] = TRACEFS_ROOT "/instances/odplab-10";
	kernel.instances[2] = TRACEFS_ROOT "/instances/odplab-12";
	kernel.mkdir_error = ENOSPC;
	assert_int_equal(tracefs_open(&trace), -ENOSPC);
	*strstr(kernel.log, "mkdir") = '\0';
	assert_string_equal(kernel.log, "write instances/odplab-10/events/enable: 0\n"
					"rmdir instances/odplab-10\n");
	kernel.log[0] = '\0';
	kernel.instances[1] = TRACEFS_ROOT "/instances/odplab-other";
	assert_int_equal(tracefs_open(&trace), -ENOSPC);
	assert_null(strstr(kernel.log, "rmdir"));
	kernel.instances[0] = TRACEFS_ROOT "/instances/odplab-10";
	assert_int_equal(tracefs_open(&trace), -ENOSPC);
	assert_non_null(strstr(kernel.log, "rmdir instances/odplab-10\n"));
}

static void close__the_instance_then_its_events(void **state)
{
	kernel.found[0] = TRACEFS_ROOT "/events/odplab/odp_map/format";
	kernel.found[1] = TRACEFS_ROOT "/events/odplab/odp_unmap/format";
	tracefs_close(&trace);
	assert_string_equal(kernel.log, "write instances/ours/events/enable: 0\n"
					"rmdir instances/ours\n"
					"-:odplab/odp_map\n"
					"-:odplab/odp_unmap\n");
}

static const char *const functions[] = { "new_name", "old_name", NULL };

/* By @refused, what the kernel cannot do. */
static void expect_probe(bool returns, int ret, const char *used, const char *line)
{
	char name[64] = "", expected[256] = "";

	kernel.log[0] = '\0';
	assert_int_equal(tracefs_probe(&trace, "ev", functions, returns, "a=$arg1", name,
				       sizeof(name)),
			 ret);
	assert_string_equal(name, used);
	if (!ret)
		snprintf(expected, sizeof(expected),
			 "%swrite instances/ours/events/odplab/ev/enable: 1\n", line);
	assert_string_equal(kernel.log, expected);
}

static void probe__the_first_function_that_there_is(void **state)
{
	expect_probe(false, 0, "kprobe new_name", "p:odplab/ev new_name a=$arg1\n");
	expect_probe(true, 0, "kprobe new_name", "r512:odplab/ev new_name a=$arg1\n");
	kernel.refusal = -ENOENT;
	kernel.refused[0] = "new_name";
	expect_probe(false, 0, "kprobe old_name", "p:odplab/ev old_name a=$arg1\n");
	kernel.refused[1] = "old_name";
	expect_probe(false, -ENOENT, "", "");
	/* another process has defined it */
	kernel.refusal = -EEXIST;
	expect_probe(false, 0, "kprobe new_name", "");
}

static void probe__by_fprobe_where_there_are_no_kprobes(void **state)
{
	kernel.refusal = -EINVAL;
	kernel.refused[0] = "p:odplab";
	kernel.refused[1] = "r512:odplab";
	expect_probe(false, 0, "fprobe new_name", "f:odplab/ev new_name a=$arg1\n");
	expect_probe(true, 0, "fprobe new_name",
		     "f512:odplab/ev new_name%return a=$arg1\n");
}

static void record__marked_cleared_enabled(void **state)
{
	assert_int_equal(tracefs_mark(&trace, "here"), 0);
	assert_int_equal(tracefs_clear(&trace), 0);
	assert_int_equal(tracefs_enable(&trace, "fs_dax/x"), 0);
	assert_string_equal(kernel.log,
			    "write instances/ours/trace_marker: here\n"
			    "write instances/ours/trace: \n\n"
			    "write instances/ours/events/fs_dax/x/enable: 1\n");
}

#define STATS(overrun, commit_overrun, dropped)                              \
	"entries: 12\noverrun: " overrun "\ncommit overrun: " commit_overrun \
	"\nbytes: 1204\noldest event ts:  120.123456\nnow ts:  130.000001\n" \
	"dropped events: " dropped "\nread events: 5"

static uint64_t lost(const char *stats)
{
	uint64_t n;

	assert_int_equal(tracefs_stats_lost(stats, &n), 0);
	return n;
}

static void stats__lost_events_of_each_sort(void **state)
{
	assert_int_equal(lost(STATS("0", "0", "0")), 0);
	assert_int_equal(lost(STATS("1", "0", "0")), 1);
	assert_int_equal(lost(STATS("0", "7", "0")), 7);
	assert_int_equal(lost(STATS("0", "0", "1000000")), 1000000);
	assert_int_equal(lost(STATS("1", "2", "3")), 6);
}

static void stats__that_say_nothing_prove_nothing(void **state)
{
	uint64_t n;

	assert_int_equal(tracefs_stats_lost("", &n), -ENODATA);
	assert_int_equal(tracefs_stats_lost("entries: 12\noverrun: 0\ncommit overrun: 0",
					    &n),
			 -ENODATA);
}

/* The names that are found stand for the processors: "0", "1". */
static bool lost_with(const char *first, const char *second)
{
	bool lost = false;
	char *text;

	kernel.found[0] = first ? "0" : NULL;
	kernel.found[1] = "1";
	kernel.stats[0] = first;
	kernel.stats[1] = second;
	assert_int_equal(tracefs_take(&trace, &text, &lost), 0);
	assert_string_equal(text, "the record");
	free(text);
	return lost;
}

static void take__lost_events_of_any_processor(void **state)
{
	bool lost;
	char *text;

	assert_false(lost_with(STATS("0", "0", "0"), STATS("0", "0", "0")));
	assert_non_null(strstr(kernel.log, "drain instances/ours/trace_pipe"));
	assert_true(lost_with(STATS("0", "0", "0"), STATS("1", "0", "0")));
	assert_true(lost_with(STATS("1", "0", "0"), STATS("1", "0", "0")));
	assert_true(lost_with(STATS("0", "0", "0"), NULL));
	assert_true(lost_with(NULL, NULL)); /* no processor is found */
	kernel.read_error = -ENOMEM;
	assert_int_equal(tracefs_take(&trace, &text, &lost), -ENOMEM);
}

/* The kernel's figures are sums since the record was emptied. */
static void take__events_lost_before_are_not_lost_again(void **state)
{
	assert_true(lost_with(STATS("3", "0", "0"), STATS("0", "0", "0")));
	assert_false(lost_with(STATS("3", "0", "0"), STATS("0", "0", "0")));
	assert_true(lost_with(STATS("3", "0", "0"), STATS("0", "1", "0")));
	tracefs_clear(&trace);
	assert_false(lost_with(STATS("0", "0", "0"), STATS("0", "0", "0")));
}

#define ON_A_KERNEL(test) cmocka_unit_test_setup_teardown(test, a_kernel, no_leak)

static const struct CMUnitTest tests[] = {
	ON_A_KERNEL(open__an_instance_of_this_process),
	ON_A_KERNEL(open__without_tracefs_or_privilege),
	ON_A_KERNEL(open__removes_instances_of_ended_processes),
	ON_A_KERNEL(close__the_instance_then_its_events),
	ON_A_KERNEL(probe__the_first_function_that_there_is),
	ON_A_KERNEL(probe__by_fprobe_where_there_are_no_kprobes),
	ON_A_KERNEL(record__marked_cleared_enabled),
	ON_A_KERNEL(take__lost_events_of_any_processor),
	ON_A_KERNEL(take__events_lost_before_are_not_lost_again),
	cmocka_unit_test(stats__lost_events_of_each_sort),
	cmocka_unit_test(stats__that_say_nothing_prove_nothing),
};

int main(void)
{
	return cmocka_run_group_tests_name("tracefs", tests, NULL, NULL);
}
