// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * vm_sysctl_state.c - settings are restored after the process that changed them was
 * killed
 */
#include <errno.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_files.h"
#include "invalidation/vm_sysctl.h"

#define RUN   "/sys/kernel/mm/ksm/run"
#define PAGES "/sys/kernel/mm/ksm/pages_to_scan"

/* The file under /run: one at most. */
static struct {
	char path[64], text[512];
} kept;
static bool run_refused, process_ended;

int __wrap_file_replace(const char *path, const char *text, size_t len);
int __wrap_file_read_all(const char *path, char **text);
int __wrap_unlink(const char *path);
int __wrap_glob64(const char *pattern, int flags, int (*error)(const char *, int),
		  glob_t *names);
void __wrap_globfree64(glob_t *names);
int __wrap_kill(pid_t pid, int signal);

int __wrap_file_replace(const char *path, const char *text, size_t len)
{
	if (run_refused)
		return -EACCES;
	assert_int_equal(strlen(text), len);
	snprintf(kept.path, sizeof(kept.path), "%s", path);
	snprintf(kept.text, sizeof(kept.text), "%s", text);
	return 0;
}

int __wrap_file_read_all(const char *path, char **text)
{
	assert_string_equal(path, kept.path);
	*text = strdup(kept.text);
	return 0;
}

int __wrap_unlink(const char *path)
{
	if (strcmp(path, kept.path))
		return -1;
	kept.path[0] = '\0';
	return 0;
}

int __wrap_glob64(const char *pattern, int flags, int (*error)(const char *, int),
		  glob_t *names)
{
	static char *paths[] = { kept.path };

	assert_string_equal(pattern, "/run/odplab-sysctl-*");
	*names = (glob_t){ .gl_pathc = 1, .gl_pathv = paths };
	return kept.path[0] ? 0 : GLOB_NOMATCH;
}

void __wrap_globfree64(glob_t *names)
{
}

int __wrap_kill(pid_t pid, int signal)
{
	assert_int_equal(pid, getpid());
	assert_int_equal(signal, 0);
	errno = ESRCH;
	return process_ended ? -1 : 0;
}

/* A run that has saved the settings of a host, and changed them. */
static int a_changed_host(void **state)
{
	struct vm_sysctl saved;

	run_refused = process_ended = false;
	fake_files_reset();
	fake_file(RUN, "0", 0);
	fake_file(PAGES, "100", 0);
	vm_sysctl_save(&saved);
	vm_sysctl_keep(&saved);
	fake_file(RUN, "1", 0);
	fake_file(PAGES, "1000", 0);
	return 0;
}

static void killed__is_restored_once(void **state)
{
	process_ended = true;
	assert_int_equal(vm_sysctl_tidy(), 1);
	assert_string_equal(fake_file_text(RUN), "0");
	assert_string_equal(fake_file_text(PAGES), "100");
	assert_int_equal(vm_sysctl_tidy(), 0);
}

static void alive__is_left_alone(void **state)
{
	assert_int_equal(vm_sysctl_tidy(), 0);
	assert_string_equal(fake_file_text(RUN), "1");
	assert_string_equal(kept.text, RUN " 0\n" PAGES " 100\n");
}

static void forgotten__has_nothing_to_restore(void **state)
{
	vm_sysctl_forget();
	process_ended = true;
	assert_int_equal(vm_sysctl_tidy(), 0);
	assert_string_equal(fake_file_text(RUN), "1");
}

/* A line that was cut short, and a setting that is no longer known. */
static void kept__what_can_be_read_is_restored(void **state)
{
	process_ended = true;
	snprintf(kept.text, sizeof(kept.text),
		 "/sys/none 7\n" RUN "\n" PAGES " 100\n" RUN);
	assert_int_equal(vm_sysctl_tidy(), 1);
	assert_string_equal(fake_file_text(RUN), "1");
	assert_string_equal(fake_file_text(PAGES), "100");
	assert_int_equal(fake_files_writes(), 1);
}

static void keep__without_the_right_to_write(void **state)
{
	struct vm_sysctl saved = { .value = { "0" } };

	vm_sysctl_forget();
	run_refused = true;
	vm_sysctl_keep(&saved);
	assert_string_equal(kept.path, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(killed__is_restored_once, a_changed_host),
		cmocka_unit_test_setup(alive__is_left_alone, a_changed_host),
		cmocka_unit_test_setup(forgotten__has_nothing_to_restore, a_changed_host),
		cmocka_unit_test_setup(kept__what_can_be_read_is_restored,
				       a_changed_host),
		cmocka_unit_test_setup(keep__without_the_right_to_write, a_changed_host),
	};

	return cmocka_run_group_tests_name("vm_sysctl_state", tests, NULL, NULL);
}
