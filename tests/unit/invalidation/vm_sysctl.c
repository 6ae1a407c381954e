// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * vm_sysctl.c - the host's settings are restored as they were, and only where they differ
 */
#include "invalidation/vm_sysctl.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "fake_files.h"
#include "invalidation/ksm.h"
#include "invalidation/nodes.h"

#define RUN	"/sys/kernel/mm/ksm/run"
#define PAGES	"/sys/kernel/mm/ksm/pages_to_scan"
#define SLEEP	"/sys/kernel/mm/ksm/sleep_millisecs"
#define COMPACT "/proc/sys/vm/compact_unevictable_allowed"

static int a_host(void **state)
{
	fake_files_reset();
	fake_file(RUN, "0", 0);
	fake_file(PAGES, "100", 0);
	fake_file(SLEEP, "20", 0);
	fake_file(COMPACT, "1", 0);
	return 0;
}

static void restore__what_was_changed(void **state)
{
	struct vm_sysctl saved;

	vm_sysctl_save(&saved);
	assert_int_equal(ksm_start(), 0);
	assert_string_equal(fake_file_text(RUN), "1");
	assert_string_equal(fake_file_text(PAGES), "1000");
	assert_string_equal(fake_file_text(SLEEP), "1");
	assert_int_equal(vm_sysctl_write(SYSCTL_COMPACT_LOCKED, 0), 0);
	assert_string_equal(fake_file_text(COMPACT), "0");
	vm_sysctl_restore(&saved);
	assert_string_equal(fake_file_text(RUN), "0");
	assert_string_equal(fake_file_text(PAGES), "100");
	assert_string_equal(fake_file_text(SLEEP), "20");
	assert_string_equal(fake_file_text(COMPACT), "1");
}

/* Settings of others must not be written to without need. */
static void restore__nothing_where_nothing_was_changed(void **state)
{
	struct vm_sysctl saved;

	vm_sysctl_save(&saved);
	vm_sysctl_restore(&saved);
	assert_int_equal(fake_files_writes(), 0);
	assert_int_equal(vm_sysctl_write(SYSCTL_KSM_RUN, 1), 0);
	vm_sysctl_restore(&saved);
	assert_int_equal(fake_files_writes(), 2);
}

/* What could not be read before has no value to go back to. */
static void restore__not_what_is_unknown(void **state)
{
	struct vm_sysctl saved;

	fake_files_reset();
	vm_sysctl_save(&saved);
	for (unsigned int i = 0; i < SYSCTLS; i++)
		assert_string_equal(saved.value[i], "");
	a_host(NULL);
	vm_sysctl_restore(&saved);
	assert_int_equal(fake_files_writes(), 0);
	/* nor what cannot be read any more */
	vm_sysctl_save(&saved);
	fake_files_reset();
	vm_sysctl_restore(&saved);
	assert_int_equal(fake_files_writes(), 0);
}

static void write__an_error(void **state)
{
	struct capture c;
	char text[256];
	int ret;

	fake_file(PAGES, "100", EACCES);
	c = capture_start(stderr);
	ret = ksm_start();
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EACCES);
	assert_non_null(strstr(text, PAGES));
	/* KSM was not started */
	assert_string_equal(fake_file_text(RUN), "0");
}

static void pair__first_two_nodes_with_memory(void **state)
{
	static const struct {
		const char *text;
		int ret, pair[2];
	} rows[] = {
		{ "0-1", 0, { 0, 1 } },	 { "0,2-3", 0, { 0, 2 } },
		{ "1-3", 0, { 1, 2 } },	 { "3,5,7", 0, { 3, 5 } },
		{ "0", -ENODEV, { 0 } }, { "", -ENODEV, { 0 } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int pair[2];

		fake_file("/sys/devices/system/node/has_memory", rows[i].text, 0);
		assert_int_equal(nodes_pair(pair), rows[i].ret);
		if (!rows[i].ret)
			assert_memory_equal(pair, rows[i].pair, sizeof(pair));
	}
	fake_files_reset();
	assert_int_equal(nodes_pair((int[2]){ 0 }), -ENODEV);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(restore__what_was_changed, a_host),
	cmocka_unit_test_setup(restore__nothing_where_nothing_was_changed, a_host),
	cmocka_unit_test_setup(restore__not_what_is_unknown, a_host),
	cmocka_unit_test_setup(write__an_error, a_host),
	cmocka_unit_test_setup(pair__first_two_nodes_with_memory, a_host),
};

int main(void)
{
	return cmocka_run_group_tests_name("vm_sysctl", tests, NULL, NULL);
}
