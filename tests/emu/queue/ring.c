// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ring.c - a queue's buffer, scattered over pages: how many it needs, what lies where */
#include "queue/ring.h"
#include "cmocka_all.h"

#include "base/field.h"

#include <errno.h>

#define PAGE 4096u
#define AT   0x10000ull

static uint8_t memory[4 * PAGE];
static uint8_t pas[4 * sizeof(uint64_t)];

/* Pages in the order 2, 0, 3, 1 */
static int begin(void **state)
{
	static const unsigned int order[] = { 2, 0, 3, 1 };
	static struct dma dma;

	dma = (struct dma){ .n = 0 };
	assert_int_equal(dma_map_host(&dma, AT, sizeof(memory), memory), 0);
	for (unsigned int i = 0; i < 4; i++)
		store_be64(pas + i * sizeof(uint64_t), AT + (uint64_t)order[i] * PAGE);
	*state = &dma;
	return 0;
}

static int end(void **state)
{
	dma_unmap_all(*state);
	return 0;
}

static struct ring_place place(uint64_t bytes, unsigned int pages)
{
	return (struct ring_place){ .pas = pas,
				    .pas_bytes = pages * sizeof(uint64_t),
				    .bytes = bytes };
}

/* As many pages as hold the buffer from its offset on, and the list must have them. */
static void ring__pages(void **state)
{
	static const struct {
		unsigned int log_page, offset; /* the latter in 64ths of a page */
		uint64_t bytes;
		unsigned int n;
	} rows[] = {
		{ 0, 0, PAGE, 1 },
		{ 0, 0, PAGE + 1, 2 },
		{ 0, 0, 1, 1 },
		{ 0, 1, PAGE, 2 },
		{ 0, 63, PAGE / 64, 1 },
		{ 0, 63, PAGE / 64 + 1, 2 },
		{ 1, 0, 2 * PAGE, 1 },
		{ 1, 63, 2 * PAGE / 64, 1 },
		{ 1, 32, 3 * PAGE + 1, 3 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ring_place wanted = place(rows[i].bytes, rows[i].n);
		struct ring ring;

		wanted.log_page = rows[i].log_page;
		wanted.offset = rows[i].offset;
		assert_int_equal(ring_init(&ring, &wanted), 0);
		assert_int_equal(ring.n, rows[i].n);
		assert_int_equal(ring.bytes, rows[i].bytes);
		assert_int_equal(ring.page_shift, 12 + rows[i].log_page);
		assert_int_equal(ring.offset,
				 rows[i].offset * (PAGE << rows[i].log_page) / 64);
		ring_free(&ring);
		wanted.pas_bytes--;
		assert_int_equal(ring_init(&ring, &wanted), -EINVAL);
	}
}

static void ring__places(void **state)
{
	struct dma *dma = *state;
	struct ring_place wanted = place(2 * PAGE, 3);
	struct ring ring;

	wanted.offset = 32; /* half a page */
	assert_int_equal(ring_init(&ring, &wanted), 0);
	assert_ptr_equal(ring_at(dma, &ring, 0, 8), memory + 2 * PAGE + PAGE / 2);
	assert_ptr_equal(ring_at(dma, &ring, 65, PAGE / 2 - 65),
			 memory + 2 * PAGE + PAGE / 2 + 65);
	assert_ptr_equal(ring_at(dma, &ring, PAGE / 2, PAGE), memory);
	assert_ptr_equal(ring_at(dma, &ring, PAGE + PAGE / 2 + 4, 8),
			 memory + 3 * PAGE + 4);
	assert_ptr_equal(ring_at(dma, &ring, 2 * PAGE - 64, 64),
			 memory + 3 * PAGE + PAGE / 2 - 64);
	ring_free(&ring);
}

/* Beyond the buffer, over the end of a page, or out of the device's reach */
static void ring__nowhere(void **state)
{
	struct dma *dma = *state;
	struct ring_place wanted = place(2 * PAGE - 64, 2);
	struct ring ring;

	assert_int_equal(ring_init(&ring, &wanted), 0);
	assert_non_null(ring_at(dma, &ring, 2 * PAGE - 128, 64));
	assert_null(ring_at(dma, &ring, 2 * PAGE - 128, 65));
	assert_null(ring_at(dma, &ring, 2 * PAGE - 64, 1));
	assert_null(ring_at(dma, &ring, 2 * PAGE, 0));
	assert_null(ring_at(dma, &ring, PAGE - 8, 9));
	assert_non_null(ring_at(dma, &ring, PAGE - 8, 8));
	dma_window(dma, AT)->writable = false;
	assert_null(ring_at(dma, &ring, 0, 8));
	ring_free(&ring);
	assert_int_equal(ring.bytes, 0);
	assert_null(ring.pages);
	assert_null(ring_at(dma, &ring, 0, 8));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ring__pages),
		TEST(ring__places),
		TEST(ring__nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
