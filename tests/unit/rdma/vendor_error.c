// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vendor_error.c - codes of a device's own in words, and those that have none */
#include "rdma/vendor_error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void text__of_a_known_code(void **state)
{
	char text[VENDOR_ERROR_TEXT];

	assert_string_equal(vendor_error_text("mlx5", 0x93, text),
			    "vendor error 0x93: aborted by a page fault on demand");
	assert_string_equal(vendor_error_text("mlx5", 0x81, text),
			    "vendor error 0x81: the peer did not answer");
}

static void text__of_an_unknown_code(void **state)
{
	char text[VENDOR_ERROR_TEXT];

	assert_string_equal(vendor_error_text("mlx5", 0x1, text), "vendor error 0x01");
	assert_string_equal(vendor_error_text("mlx5", UINT32_MAX, text),
			    "vendor error 0xffffffff");
}

/* A code means something on the devices of its vendor only. */
static void text__of_another_vendors_device(void **state)
{
	char text[VENDOR_ERROR_TEXT];

	assert_string_equal(vendor_error_text("rxe", 0x93, text), "vendor error 0x93");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(text__of_a_known_code),
	cmocka_unit_test(text__of_an_unknown_code),
	cmocka_unit_test(text__of_another_vendors_device),
};

int main(void)
{
	return cmocka_run_group_tests_name("vendor_error", tests, NULL, NULL);
}
