// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* calls.c - calls are found in the code of a kernel of the test's own */
#include "kernel/calls.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "kernel/code.h"
#include "kernel/symbol.h"

#define START 0xffffffff81000100ull

static const unsigned char code[] = {
	0xe8, 0xeb, 0xfe, 0xff, 0xff, /* call of 0xffffffff80fffff0 */
	0xe8, 0x00, 0x00, 0x00, 0x00, /* of the next instruction: no function */
	0xe8, 0xf1, 0xff, 0xff, 0xff, /* of itself */
	0xe8, 0xdc, 0xfe, 0xff, 0xff, /* of 0xffffffff80fffff0 once more */
	0x0f, 0x1f, 0xe8,	      /* the last byte is none */
};

static int read_error;

int __wrap_file_read_all(const char *path, char **text);
int __wrap_kernel_code_read(uint64_t address, void *data, size_t len);

int __wrap_file_read_all(const char *path, char **text)
{
	*text = strdup("ffffffff80fffff0 T unlock\n"
		       "ffffffff80fffff0 T release\n"
		       "ffffffff81000100 t caller\t[mlx5_ib]\n"
		       "ffffffff81000117 t next\t[mlx5_ib]\n");
	return 0;
}

int __wrap_kernel_code_read(uint64_t address, void *data, size_t len)
{
	assert_true(address == START);
	assert_int_equal(len, sizeof(code));
	memcpy(data, code, len);
	return read_error;
}

static char *printed(char *const *names, int n, int expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct kernel_symbols symbols;

	assert_non_null(out);
	assert_int_equal(kernel_symbols_open(&symbols), 0);
	assert_int_equal(kernel_calls_print(out, &symbols, names, n), expected);
	kernel_symbols_close(&symbols);
	fclose(out);
	return text;
}

static unsigned int count_lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void calls__are_places(void **state)
{
	char absent[] = "no_such_function", caller[] = "caller";
	char *const names[] = { absent, caller };
	char *text = printed(names, ARRAY_SIZE(names), 0);

	assert_non_null(strstr(text, "caller+entry: 0xffffffff81000100\n"));
	assert_non_null(strstr(text, "caller+call=unlock: 0xffffffff81000105 "
				     "0xffffffff81000114\n"));
	assert_non_null(strstr(text, "caller+call=release: 0xffffffff81000105 "
				     "0xffffffff81000114\n"));
	assert_non_null(strstr(text, "caller+call=caller: 0xffffffff8100010f\n"));
	assert_null(strstr(text, "no_such_function"));
	assert_int_equal(count_lines(text), 4);
	free(text);
}

static void calls__of_closed_memory(void **state)
{
	char caller[] = "caller", *const names[] = { caller };

	read_error = -EPERM;
	free(printed(names, ARRAY_SIZE(names), -EPERM));
	read_error = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls__are_places),
		cmocka_unit_test(calls__of_closed_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
