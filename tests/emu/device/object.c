// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* object.c - numbers of objects: given out in turn, up to a limit */
#include "cmocka_all.h"

#include "device/object.h"

#include <errno.h>

#define FIRST 0x40u
#define LIMIT 200u

static struct object objects[LIMIT + 1];

static void object__numbers(void **state)
{
	struct objects table;
	uint32_t number = 0;

	objects_init(&table, FIRST, LIMIT);
	for (unsigned int i = 0; i < LIMIT; i++) {
		assert_int_equal(objects_add(&table, &objects[i]), 0);
		assert_ptr_equal(objects_get(&table, objects[i].number), &objects[i]);
		assert_in_range(objects[i].number, FIRST, FIRST + LIMIT - 1);
		assert_int_equal(table.count, i + 1);
	}
	assert_int_equal(objects_add(&table, &objects[LIMIT]), -ENOSPC);
	assert_null(objects_get(&table, FIRST - 1));
	assert_null(objects_get(&table, FIRST + LIMIT));
	for (unsigned int i = 0; i < LIMIT; i++)
		assert_non_null(objects_next(&table, &number));
	assert_null(objects_next(&table, &number));
	objects_remove(&table, &objects[7]);
	assert_null(objects_get(&table, objects[7].number));
	assert_int_equal(objects_add(&table, &objects[LIMIT]), 0);
	assert_int_equal(objects[LIMIT].number, objects[7].number);
	objects_free(&table);
	assert_int_equal(table.count, 0);
	assert_int_equal(table.first, FIRST);
	assert_int_equal(table.limit, LIMIT);
}

/* A number that was just given back is not the next one. */
static void object__number_rests(void **state)
{
	struct objects table;

	objects_init(&table, FIRST, LIMIT);
	for (unsigned int i = 0; i < 100; i++) {
		assert_int_equal(objects_add(&table, &objects[0]), 0);
		assert_int_equal(objects[0].number, FIRST + i % 64);
		objects_remove(&table, &objects[0]);
	}
	objects_free(&table);
}

static void object__next_from(void **state)
{
	struct objects table;
	uint32_t number = 0;

	objects_init(&table, FIRST, LIMIT);
	assert_null(objects_next(&table, &number));
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(objects_add(&table, &objects[i]), 0);
	objects_remove(&table, &objects[1]);
	assert_ptr_equal(objects_next(&table, &number), &objects[0]);
	assert_int_equal(number, FIRST + 1);
	assert_ptr_equal(objects_next(&table, &number), &objects[2]);
	assert_int_equal(number, FIRST + 3);
	number = FIRST;
	assert_ptr_equal(objects_next(&table, &number), &objects[0]);
	objects_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(object__numbers),
		cmocka_unit_test(object__number_rests),
		cmocka_unit_test(object__next_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
