// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* zeros.c - one byte in the kernel's zero page, small or huge, is noticed */
#include "invalidation/zeros.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/util.h"

/*
 * mmap() is mmap64(), as files have 64 bits. Which call of it returns memory with a byte
 * in it, and where; 0: none does.
 */
static struct {
	unsigned int call, calls, fail;
	size_t at;
} spoil;

void *__real_mmap64(void *addr, size_t len, int protection, int flags, int fd,
		    off_t offset);
void *__wrap_mmap64(void *addr, size_t len, int protection, int flags, int fd,
		    off_t offset);

void *__wrap_mmap64(void *addr, size_t len, int protection, int flags, int fd,
		    off_t offset)
{
	unsigned char *memory;

	if (++spoil.calls == spoil.fail)
		return MAP_FAILED;
	memory = __real_mmap64(addr, len, PROT_READ | PROT_WRITE, flags, fd, offset);
	if (spoil.calls == spoil.call && memory != MAP_FAILED) {
		/* counted from the start of the aligned part, where there is one */
		unsigned char *from =
			len >= MiB(4) ?
				(unsigned char *)round_up((uintptr_t)memory, MiB(2)) :
				memory;

		from[spoil.at] = 1;
	}
	return memory;
}

static bool intact(unsigned int call, size_t at, unsigned int fail)
{
	spoil.call = call;
	spoil.at = at;
	spoil.fail = fail;
	spoil.calls = 0;
	return zeros_intact();
}

static void zeros__are_intact(void **state)
{
	assert_true(intact(0, 0, 0));
	assert_int_equal(spoil.calls, 2);
}

static void zeros__one_byte_of_the_huge_page(void **state)
{
	assert_false(intact(1, 0, 0));
	assert_false(intact(1, 1, 0));
	assert_false(intact(1, MiB(2) - 1, 0));
}

static void zeros__one_byte_of_the_small_page(void **state)
{
	assert_false(intact(2, 0, 0));
	assert_false(intact(2, PAGE_BYTES - 1, 0));
}

/* Without memory nothing is known, and intact is assumed. */
static void zeros__no_memory(void **state)
{
	assert_true(intact(0, 0, 1));
	assert_true(intact(0, 0, 2));
	/* what was seen before counts */
	assert_false(intact(1, 5, 2));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(zeros__are_intact),
	cmocka_unit_test(zeros__one_byte_of_the_huge_page),
	cmocka_unit_test(zeros__one_byte_of_the_small_page),
	cmocka_unit_test(zeros__no_memory),
};

int main(void)
{
	return cmocka_run_group_tests_name("zeros", tests, NULL, NULL);
}
