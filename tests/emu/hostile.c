// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * hostile.c - random input at every door, a fixed number of rounds from fixed seeds
 *
 * What the fuzz targets look for at length, as a test of seconds. A crash, a hang or a
 * touch outside the guest's memory (with the sanitizers) fails it.
 */
#include "cmocka_all.h"
#include "fuzz_entry.h"

#include "base/rand.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 2000

/* Random bytes with a bias to the values that hurt: all zeros, all ones, small ones. */
static void fill(struct rand *r, uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		switch (rand_below(r, 4)) {
		case 0:
			data[i] = 0;
			break;
		case 1:
			data[i] = (uint8_t)rand_below(r, 8);
			break;
		case 2:
			data[i] = rand_below(r, 8) ? 0 : 0xff;
			break;
		default:
			data[i] = (uint8_t)rand_next(r);
		}
	}
}

static void barrage(int (*door)(const uint8_t *data, size_t len), uint64_t seed)
{
	struct rand r = { .state = seed };
	uint8_t data[1024];

	for (unsigned int i = 0; i < ROUNDS; i++) {
		size_t len = rand_below(&r, sizeof(data) + 1);

		fill(&r, data, len);
		assert_int_equal(door(data, len), 0);
	}
}

static void commands(void **state)
{
	barrage(fuzz_entry_commands, 1);
}

static void work_requests(void **state)
{
	barrage(fuzz_entry_work, 2);
}

static void messages(void **state)
{
	barrage(fuzz_entry_messages, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands),
		cmocka_unit_test(work_requests),
		cmocka_unit_test(messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
