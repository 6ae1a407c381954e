// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* library.c - the file of a library that is loaded, and of one that is not */
#include "process/library.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

#include <cmocka.h>

static void file__of_a_loaded_library(void **state)
{
	char file[NAME_MAX + 1];

	assert_ptr_equal(library_file("libcmocka.so", file), file);
	/* the version, which the name that the program was linked with has in part */
	assert_int_equal(strncmp(file, "libcmocka.so.0.", 15), 0);
}

static void file__of_none(void **state)
{
	char file[NAME_MAX + 1];

	assert_null(library_file("libnone.so", file));
}

/* The kernel's own has no file, and so no longer name. */
static void file__of_the_vdso(void **state)
{
	char file[NAME_MAX + 1];

	if (!getauxval(AT_SYSINFO_EHDR)) {
		print_message("this kernel maps no vdso\n");
		skip();
	}
	assert_non_null(library_file("linux-vdso.so", file));
	assert_string_equal(file, "linux-vdso.so.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file__of_a_loaded_library),
		cmocka_unit_test(file__of_none),
		cmocka_unit_test(file__of_the_vdso),
	};

	return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
