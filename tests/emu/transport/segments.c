// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* segments.c - data segments of a work request, which are sent as if they were one */
#include "cmocka_all.h"
#include "qp_pair.h"

#include <string.h>

#define UNIT 16u

/* Segments of three bytes each, of which as many as a WRITE can have */
static void segments__gathered(void **state)
{
	struct qp_pair *l = *state;
	uint8_t wqe[1024] = { 0 };
	unsigned int n = SEND_SGES - 1;

	qp_pair_begin_write(l, wqe, 2 + n);
	for (unsigned int i = 0; i < n; i++) {
		uint8_t *seg = wqe + (2 + i) * UNIT;

		guest_segment(seg, l->local + i * 64, 3, l->lkey);
	}
	guest_post_raw(l->g, &l->pair.a, wqe, 16);
	assert_int_equal(guest_completion(l->g), 0);
	for (unsigned int i = 0; i < n; i++)
		assert_memory_equal(l->to + i * 3, l->from + i * 64, 3);
	assert_int_equal(l->to[n * 3], 0);
}

static void inline__then_segment(void **state)
{
	struct qp_pair *l = *state;
	uint8_t wqe[2 * WQE_BLOCK] = { 0 }, *seg = wqe + 4 * UNIT;
	static const char text[] = { 'i', 'n', 'l', 'i', 'n', 'e', ' ',
				     'd', 'a', 't', 'a', '.', '.' };

	qp_pair_begin_write(l, wqe, 5);
	store_be32(wqe + 2 * UNIT, 1u << 31 | 13);
	memcpy(wqe + 2 * UNIT + 4, text, sizeof(text));
	guest_segment(seg, l->local, 3, l->lkey);
	guest_post_raw(l->g, &l->pair.a, wqe, 2);
	assert_int_equal(guest_completion(l->g), 0);
	assert_memory_equal(l->to, text, sizeof(text));
	assert_memory_equal(l->to + 13, l->from, 3);
	assert_int_equal(l->to[16], 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(segments__gathered),
		TEST(inline__then_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
