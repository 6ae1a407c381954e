// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vendor_error.c - codes of a device's own in words, and those that have none */
#include "rdma/vendor_error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_known(void **state)
{
	char text[VENDOR_ERROR_TEXT];

	assert_string_equal(vendor_error_text("mlx5", 0x93, text),
			    "vendor error 0x93: aborted by a page fault on demand");
	assert_string_equal(vendor_error_text("mlx5", 0x81, text),
			    "vendor error 0x81: the peer did not answer");
}

static void test_unknown(void **state)
{
	char text[VENDOR_ERROR_TEXT];

	assert_string_equal(vendor_error_text("mlx5", 0x1, text), "vendor error 0x01");
	assert_string_equal(vendor_error_text("mlx5", UINT32_MAX, text),
			    "vendor error 0xffffffff");
}

/* A code means something on the devices of its vendor only. */
static void test_of_another_vendor(void **state)
{
	char text[VENDOR_ERROR_TEXT];

	assert_string_equal(vendor_error_text("rxe", 0x93, text), "vendor error 0x93");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_of_another_vendor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
