// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * devdax.c - reads and writes across alignment units, on a memfd in the place of a device
 */
#include "region/devdax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"

#define UNIT  KiB(64)
#define BEGIN UNIT /* of the region in the file */

static struct region region;

static int open_file(void **state)
{
	region = (struct region){ .kind = REGION_DEVDAX,
				  .len = 4 * UNIT,
				  .page_bytes = UNIT,
				  .file_offset = BEGIN,
				  .fd = memfd_create("devdax", MFD_CLOEXEC) };
	return ftruncate(region.fd, BEGIN + 4 * UNIT);
}

static int close_file(void **state)
{
	return close(region.fd);
}

/* Of two whole units and a part of a third and fourth one. */
#define FROM (UNIT - 3)
#define LEN  (2 * UNIT + 10)

static unsigned char data[LEN], back[LEN];

static void fill(void)
{
	for (size_t i = 0; i < LEN; i++)
		data[i] = (unsigned char)(i * 7 + i / 256 + 1);
}

static void write__across_units(void **state)
{
	unsigned char around[2];

	fill();
	assert_int_equal(region_write(&region, FROM, data, LEN), 0);
	assert_int_equal(pread(region.fd, back, LEN, BEGIN + FROM), LEN);
	assert_memory_equal(back, data, LEN);
	assert_int_equal(pread(region.fd, &around[0], 1, BEGIN + FROM - 1), 1);
	assert_int_equal(pread(region.fd, &around[1], 1, BEGIN + FROM + LEN), 1);
	assert_int_equal(around[0] + around[1], 0);
}

static void read__across_units(void **state)
{
	fill();
	assert_int_equal(pwrite(region.fd, data, LEN, BEGIN + FROM), LEN);
	memset(back, 0, LEN);
	assert_int_equal(region_read(&region, FROM, back, LEN), 0);
	assert_memory_equal(back, data, LEN);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(write__across_units, open_file, close_file),
	cmocka_unit_test_setup_teardown(read__across_units, open_file, close_file),
};

int main(void)
{
	return cmocka_run_group_tests_name("devdax", tests, NULL, NULL);
}
