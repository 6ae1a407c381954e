// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* place.c - places are found in the code of a kernel of the test's own */
#include "kernel/place.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "kernel/code.h"
#include "kernel/symbol.h"

#define START  0xffffffff81000100ull
#define CALLEE 0xffffffff80fffff0ull

static const unsigned char code[] = {
	0x0f, 0x1f, 0x00,	      /* nop */
	0xe8, 0xe8, 0xfe, 0xff, 0xff, /* call CALLEE: at 3, to -0x110 */
	0x4c, 0x21, 0xc0,	      /* and %r8,%rax: at 8 */
	0x48, 0x09, 0xd0,	      /* or %rdx,%rax */
	0x49, 0x89, 0x47, 0xf8,	      /* mov %rax,-8(%r15): at 14 */
	0xe8, 0x00, 0x00, 0x00, 0x00, /* call of the next instruction */
	0xe8, 0xd4, 0xfe, 0xff, 0xff, /* call CALLEE: at 23 */
	0xc3,			      /* ret: at 28 */
};

static int read_error;

int __wrap_kernel_code_read(uint64_t address, void *data, size_t len);

/* The caller's code ends where the next symbol is. */
static const struct kernel_symbols symbols = {
	.row = (struct kernel_symbol[]){ { CALLEE, START, "callee" },
					 { START, START + sizeof(code), "caller" } },
	.n = 2,
};

int __wrap_kernel_code_read(uint64_t address, void *data, size_t len)
{
	assert_true(address == START);
	assert_int_equal(len, sizeof(code));
	memcpy(data, code, len);
	return read_error;
}

static void is_at(const char *text, uint64_t offset)
{
	struct kernel_place place;

	assert_int_equal(kernel_place_find(&symbols, text, &place), 0);
	assert_int_equal(place.n, 1);
	assert_int_equal(place.address[0] - START, offset);
}

static void bytes__with_any_among_them(void **state)
{
	is_at("caller+4c21c0", 8);
	is_at("caller+4C21C0.4809D0.@498947f8", 14);
	is_at("caller+??21??.??09??.@??89????", 14);
	is_at("caller+??21??.??09??.??89????.@", 18);
}

/* After each call, of that function and no other. */
static void call__of_a_function(void **state)
{
	struct kernel_place place;

	assert_int_equal(kernel_place_find(&symbols, "caller+call=callee", &place), 0);
	assert_int_equal(place.n, 2);
	assert_int_equal(place.address[0] - START, 8);
	assert_int_equal(place.address[1] - START, 28);
	/* of several the first that it calls */
	assert_int_equal(kernel_place_find(&symbols, "caller+call=nowhere,caller,callee",
					   &place),
			 0);
	assert_int_equal(place.n, 2);
}

static void entry__is_the_first_instruction(void **state)
{
	is_at("caller+entry", 0);
}

/* Where a compiler has inlined it, the function is another one. */
static void symbol__the_first_that_is_there(void **state)
{
	is_at("inlined,caller+4c21c0", 8);
	is_at("caller,inlined+4c21c0", 8);
}

static void find__nothing(void **state)
{
	static const struct {
		const char *text;
		int error;
	} rows[] = {
		{ "", -EINVAL },
		{ "caller", -EINVAL },
		{ "+90", -EINVAL },
		{ "caller+", -EINVAL },
		{ "caller+9", -EINVAL },
		{ "caller+9g", -EINVAL },
		{ "caller+?0", -EINVAL },
		{ ",caller+90", -EINVAL },
		{ "caller+@", -EINVAL },
		{ "nowhere+90", -ENOENT },
		{ "a,b+90", -ENOENT },
		{ "caller+call=nowhere", -ENOENT },
		{ "caller+9090", -ESRCH },
		{ "caller+call=caller", -ESRCH },
		{ "caller+call=", -EINVAL },
		{ "caller+??", -E2BIG },
	};
	struct kernel_place place;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(kernel_place_find(&symbols, rows[i].text, &place),
				 rows[i].error);
		assert_non_null(kernel_place_error(rows[i].error));
	}
	read_error = -EACCES;
	assert_int_equal(kernel_place_find(&symbols, "caller+4c21c0", &place), -EACCES);
	read_error = 0;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(bytes__with_any_among_them),
	cmocka_unit_test(call__of_a_function),
	cmocka_unit_test(entry__is_the_first_instruction),
	cmocka_unit_test(symbol__the_first_that_is_there),
	cmocka_unit_test(find__nothing),
};

int main(void)
{
	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
