// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fail_alloc.c - what is written to the kernel's fault injection */
#include "invalidation/fail_alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "capture.h"
#include "fake_files.h"
#include "kernel/symbol.h"

#define NTH  "/proc/thread-self/fail-nth"
#define SLAB "/sys/kernel/debug/failslab/"
#define PAGE "/sys/kernel/debug/fail_page_alloc/"

static uid_t user;
static int nth_file, nth_error; /* stands for the file of the thread */
static const char *unwritable;
static int symbol_error;
static char symbol_asked[64];

uid_t __wrap_geteuid(void);
int __wrap_access(const char *path, int mode);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_kernel_symbol_find(const char *name, struct kernel_symbol *symbol);

int __wrap_open64(const char *path, int flags, ...)
{
	assert_string_equal(path, NTH);
	lseek(nth_file, 0, SEEK_SET);
	errno = nth_error;
	return nth_error ? -1 : dup(nth_file);
}

uid_t __wrap_geteuid(void)
{
	return user;
}

int __wrap_access(const char *path, int mode)
{
	assert_int_equal(mode, W_OK);
	return unwritable && !strcmp(path, unwritable) ? -1 : 0;
}

int __wrap_kernel_symbol_find(const char *name, struct kernel_symbol *symbol)
{
	snprintf(symbol_asked, sizeof(symbol_asked), "%s", name);
	*symbol = (struct kernel_symbol){ 0x1000, 0x1800 };
	return symbol_error;
}

/* As a kernel has them after boot. */
static int a_kernel(void **state)
{
	static const char *const of_both[][2] = {
		{ "probability", "0" },	    { "interval", "1" },
		{ "times", "1" },	    { "verbose", "2" },
		{ "require-start", "0" },   { "require-end", "1" },
		{ "ignore-gfp-wait", "Y" },
	};
	char path[96];

	fake_files_reset();
	for (size_t i = 0; i < ARRAY_SIZE(of_both); i++) {
		snprintf(path, sizeof(path), SLAB "%s", of_both[i][0]);
		fake_file(path, of_both[i][1], 0);
		snprintf(path, sizeof(path), PAGE "%s", of_both[i][0]);
		fake_file(path, of_both[i][1], 0);
	}
	fake_file(PAGE "ignore-gfp-highmem", "Y", 0);
	fake_file(PAGE "min-order", "1", 0);
	close(nth_file);
	nth_file = memfd_create("nth", MFD_CLOEXEC);
	nth_error = 0;
	user = 0;
	unwritable = NULL;
	symbol_error = 0;
	return 0;
}

static void possible__with_all_that_is_written(void **state)
{
	static const char *const needed[] = { NTH, SLAB "require-start",
					      PAGE "require-start" };

	assert_true(fail_alloc_possible());
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		unwritable = needed[i];
		assert_false(fail_alloc_possible());
	}
	unwritable = NULL;
	user = 1000;
	assert_false(fail_alloc_possible());
}

static void nth__of_the_thread_wherever_it_is(void **state)
{
	char text[8] = "";

	assert_int_equal(fail_alloc_nth(7), 0);
	assert_int_equal(pread(nth_file, text, sizeof(text), 0), 1);
	assert_string_equal(text, "7");
	assert_string_equal(fake_file_text(SLAB "require-start"), "0");
	assert_string_equal(fake_file_text(SLAB "require-end"), "18446744073709551615");
	assert_string_equal(fake_file_text(SLAB "ignore-gfp-wait"), "0");
	assert_string_equal(fake_file_text(PAGE "ignore-gfp-wait"), "0");
	assert_string_equal(fake_file_text(PAGE "ignore-gfp-highmem"), "0");
	assert_string_equal(fake_file_text(PAGE "min-order"), "0");
	/* no other thread's fail */
	assert_string_equal(fake_file_text(SLAB "probability"), "0");
	assert_string_equal(fake_file_text(PAGE "probability"), "0");
	assert_int_equal(fail_alloc_nth_end(), 0);
}

static void nth__has_come_or_not(void **state)
{
	char text[8] = "";

	assert_int_equal(fail_alloc_nth(7), 0);
	assert_int_equal(fail_alloc_nth_end(), 0);
	assert_int_equal(pread(nth_file, text, sizeof(text), 0), 1);
	assert_string_equal(text, "0");
	assert_int_equal(fail_alloc_nth(7), 0);
	assert_int_equal(pwrite(nth_file, "0", 1, 0), 1);
	assert_int_equal(fail_alloc_nth_end(), 1);
}

static void begin__within_a_function(void **state)
{
	assert_int_equal(fail_alloc_begin(FAIL_ALLOC_PAGING, 3), 0);
	assert_string_equal(symbol_asked, "ib_umem_odp_map_dma_and_lock");
	assert_string_equal(fake_file_text(SLAB "require-start"), "4096");
	assert_string_equal(fake_file_text(SLAB "require-end"), "6144");
	assert_string_equal(fake_file_text(PAGE "require-start"), "4096");
	assert_string_equal(fake_file_text(PAGE "require-end"), "6144");
	assert_string_equal(fake_file_text(SLAB "interval"), "3");
	assert_string_equal(fake_file_text(PAGE "interval"), "3");
	assert_string_equal(fake_file_text(SLAB "times"), "1000");
	assert_string_equal(fake_file_text(PAGE "times"), "1000");
	assert_string_equal(fake_file_text(SLAB "probability"), "100");
	assert_string_equal(fake_file_text(PAGE "probability"), "100");
}

static void end__counts_both(void **state)
{
	assert_int_equal(fail_alloc_begin(FAIL_ALLOC_INVALIDATION, 1), 0);
	fake_file(SLAB "times", "996", 0);
	fake_file(PAGE "times", "990", 0);
	assert_int_equal(fail_alloc_end(), 14);
	assert_string_equal(fake_file_text(SLAB "probability"), "0");
	assert_string_equal(fake_file_text(PAGE "probability"), "0");
}

static void error__of_a_file(void **state)
{
	struct capture c = capture_start(stderr);
	char text[512];

	assert_int_equal(fail_alloc_nth(7), 0);
	assert_int_equal(ftruncate(nth_file, 0), 0);
	assert_int_equal(fail_alloc_nth_end(), -EIO);
	nth_error = EACCES;
	assert_int_equal(fail_alloc_nth(7), -EACCES);
	fake_file(PAGE "verbose", "2", EACCES);
	assert_int_equal(fail_alloc_nth(7), -EACCES);
	assert_int_equal(fail_alloc_begin(FAIL_ALLOC_HANDLER, 1), -EACCES);
	assert_string_equal(fake_file_text(SLAB "probability"), "0");
	fake_file(PAGE "probability", "0", EACCES);
	assert_int_equal(fail_alloc_end(), -EACCES);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, NTH));
	assert_non_null(strstr(text, PAGE "verbose"));
	assert_non_null(strstr(text, PAGE "probability"));
}

static void error__of_an_unknown_function(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];

	symbol_error = -ENOENT;

	assert_int_equal(fail_alloc_begin(FAIL_ALLOC_HANDLER, 1), -ENOENT);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "mlx5_ib_eqe_pf_action in /proc/kallsyms"));
	assert_int_equal(fake_files_writes(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(possible__with_all_that_is_written, a_kernel),
		cmocka_unit_test_setup(nth__of_the_thread_wherever_it_is, a_kernel),
		cmocka_unit_test_setup(nth__has_come_or_not, a_kernel),
		cmocka_unit_test_setup(begin__within_a_function, a_kernel),
		cmocka_unit_test_setup(end__counts_both, a_kernel),
		cmocka_unit_test_setup(error__of_a_file, a_kernel),
		cmocka_unit_test_setup(error__of_an_unknown_function, a_kernel),
	};

	return cmocka_run_group_tests_name("fail_alloc", tests, NULL, NULL);
}
