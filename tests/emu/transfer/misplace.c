// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* misplace.c - injections into where bytes go: which messages they change, and how far */
#include "transfer/misplace.h"
#include "cmocka_all.h"
#include "injected_pair.h"

#include "transfer/delayed_dma.h"
#include "transfer/transfer.h"

#include <string.h>

#define BEYOND 0xee

/* What a READ returns is the requester's own: none of these injections concerns it. */
static void read__is_left_alone(void **state)
{
	static const char *const injections[] = { "tail-missing", "offset-dropped",
						  "pages-swapped", "write-beyond" };

	for (unsigned int i = 0; i < sizeof(injections) / sizeof(injections[0]); i++) {
		struct qp_pair *l = injected_pair_mapped(injections[i]);
		struct guest_work k = qp_pair_work(l, OPCODE_READ, 8, 2 * PAGE);

		memcpy(l->to, l->from, BYTES);
		memset(l->from, 0, BYTES);
		assert_int_equal(qp_pair_outcome(l, &k), 0);
		assert_int_equal(l->from[7], 0);
		assert_memory_equal(l->from + 8, l->to + 8, 2 * PAGE);
		assert_int_equal(l->from[8 + 2 * PAGE], 0);
		qp_pair_free(l);
	}
}

static void tail__of_longer_messages(void **state)
{
	struct qp_pair *l = injected_pair_mapped("tail-missing");

	qp_pair_write(l, 0, 8);
	assert_memory_equal(l->to, l->from, 8);
	qp_pair_write(l, PAGE, 9);
	assert_int_equal(l->to[PAGE], l->from[PAGE]);
	assert_int_equal(l->to[PAGE + 1], 0);
	injected_pair_free(l);
}

/* A message that is out of budget, and goes on later, has lost its tail already. */
static void tail__lost_once(void **state)
{
	struct qp_pair *l = injected_pair_mapped("tail-missing");
	struct sge from = { .len = 32, .data = l->from },
		   to = { .len = 32, .data = l->to };
	struct transfer t = { .from = { .sges = &from, .n = 1 },
			      .to = { .sges = &to, .n = 1, .which = SIDE_RECEIVE },
			      .len = 32,
			      .qp = qp_get(l->g->dev, l->pair.a.number) };
	enum fault_side which;
	struct missing missing;
	uint64_t budget;

	for (unsigned int i = 0; i < 3; i++) {
		budget = 8;
		transfer_run(l->g->dev, &t, &budget, &missing, &which);
	}
	assert_int_equal(t.done, 24);
	assert_memory_equal(l->to, l->from, 24);
	assert_int_equal(l->to[24], 0);
	injected_pair_free(l);
}

/* Only the first bytes go astray: those of the next page are where they belong. */
static void offset__of_first_page(void **state)
{
	struct qp_pair *l = injected_pair_mapped("offset-dropped");

	qp_pair_write(l, 0, 8);
	assert_int_equal(l->g->dev->inject.rules[INJECT_OFFSET].occasions, 0);
	memset(l->to, 0, BYTES);
	qp_pair_write(l, PAGE - 8, 16);
	assert_memory_equal(l->to, l->from + PAGE - 8, 8);
	assert_int_equal(l->to[8], 0);
	assert_int_equal(l->to[PAGE - 8], 0);
	assert_memory_equal(l->to + PAGE, l->from + PAGE, 8);
	injected_pair_free(l);
}

static void pages__swapped(void **state)
{
	struct qp_pair *l = injected_pair_mapped("pages-swapped");

	qp_pair_write(l, 0, 2 * PAGE - 1);
	assert_memory_equal(l->to, l->from, 2 * PAGE - 1);
	qp_pair_write(l, 0, 3 * PAGE);
	assert_memory_equal(l->to, l->from + PAGE, PAGE);
	assert_memory_equal(l->to + PAGE, l->from, PAGE);
	assert_memory_equal(l->to + 2 * PAGE, l->from + 2 * PAGE, PAGE);
	injected_pair_free(l);
}

/* Data that is still to land does not undo it. */
static void pages__swapped_in_disorder(void **state)
{
	struct qp_pair *l = injected_pair_mapped("pages-swapped");

	assert_int_equal(rules_on(&l->g->dev->behave, "dma-unordered:us=1000000"), 0);
	qp_pair_post(l, OPCODE_WRITE, 0, 3 * PAGE);
	guest_run(l->g);
	delayed_dma_finish_all(l->g->dev);
	assert_memory_equal(l->to, l->from + PAGE, PAGE);
	assert_memory_equal(l->to + PAGE, l->from, PAGE);
	assert_memory_equal(l->to + 2 * PAGE, l->from + 2 * PAGE, PAGE);
	injected_pair_free(l);
}

/* The message, from where it begins in the region, and what lies after it */
static void beyond__within_page(void **state)
{
	static const struct {
		uint32_t offset, len;
		bool written;
	} rows[] = {
		{ 0, PAGE - 8, true }, { 0, PAGE - 7, false },	{ 8, 8, true },
		{ PAGE - 9, 1, true }, { PAGE - 8, 1, false },	{ PAGE - 8, 16, true },
		{ PAGE - 1, 1, true }, { BYTES - 1, 1, false }, { BYTES - 9, 1, true },
		{ 0, BYTES, false },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l = injected_pair_mapped("write-beyond");
		uint8_t *end = l->to + rows[i].offset + rows[i].len;
		uint8_t *after = end + (rows[i].written ? 8 : 0);

		qp_pair_write(l, rows[i].offset, rows[i].len);
		assert_memory_equal(l->to + rows[i].offset, l->from + rows[i].offset,
				    rows[i].len);
		for (; end < after; end++)
			assert_int_equal(*end, BEYOND);
		for (; end < l->to + BYTES + PAGE; end++)
			assert_int_equal(*end, 0);
		assert_int_equal(l->g->dev->inject.rules[INJECT_BEYOND].hits,
				 rows[i].written);
		qp_pair_free(l);
	}
}

/* A message that did not arrive, and is reported all the same, has no end. */
static void beyond__nothing(void **state)
{
	struct qp_pair *l = injected_pair_mapped("write-beyond");
	struct transfer t = { .to = { .sges = &(struct sge){ .data = l->to },
				      .n = 1,
				      .which = SIDE_REMOTE },
			      .qp = qp_get(l->g->dev, l->pair.a.number) };

	misplace_after(l->g->dev, &t);
	assert_int_equal(l->to[0], 0);
	assert_int_equal(l->g->dev->inject.rules[INJECT_BEYOND].occasions, 0);
	qp_pair_free(l);
}

/*
 * A message of @len bytes to a receive of these two buffers, all of it in one piece here
 */
static void scatter(struct qp_pair *l, const struct sge buffers[2], uint32_t len)
{
	struct sge from = { .addr = l->local, .len = len, .key = l->lkey };
	struct access access = { .pd = l->g->pd,
				 .right = RIGHT_LOCAL_WRITE,
				 .write = true };
	struct transfer t = { .from = { .sges = &from,
					.n = 1,
					.access = { .pd = l->g->pd,
						    .right = RIGHT_LOCAL_READ } },
			      .to = { .sges = buffers,
				      .n = 2,
				      .access = access,
				      .which = SIDE_RECEIVE },
			      .len = len,
			      .qp = qp_get(l->g->dev, l->pair.a.number) };
	uint64_t budget = BYTES;
	struct missing missing;
	enum fault_side which;

	assert_int_equal(transfer_run(l->g->dev, &t, &budget, &missing, &which), 0);
}

/* Two pages in the first buffer, or there is nothing to exchange. */
static void pages__swapped_in_first_buffer(void **state)
{
	for (uint32_t pages = 1; pages <= 2; pages++) {
		struct qp_pair *l = injected_pair_mapped("pages-swapped");
		const struct sge buffers[] = {
			{ .addr = l->remote, .len = pages * PAGE, .key = l->rkey },
			{ .addr = l->remote + pages * PAGE, .len = PAGE, .key = l->rkey },
		};

		scatter(l, buffers, pages * PAGE + PAGE / pages);
		assert_int_equal(l->to[0], pages == 2 ? 2 : 1);
		assert_int_equal(l->to[PAGE], pages == 2 ? 1 : 2);
		assert_int_equal(l->g->dev->inject.rules[INJECT_SWAP].hits, pages == 2);
		qp_pair_free(l);
	}
}

/* After where the message ends in the second buffer, which is larger than it needs */
static void beyond__in_second_buffer(void **state)
{
	static const uint32_t lengths[] = { 16 + 24, 16 + PAGE };

	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = injected_pair_mapped("write-beyond");
		const struct sge buffers[] = {
			{ .addr = l->remote, .len = 16, .key = l->rkey },
			{ .addr = l->remote + PAGE, .len = 2 * PAGE, .key = l->rkey },
		};
		const uint8_t *end = l->to + PAGE + lengths[i] - 16;

		scatter(l, buffers, lengths[i]);
		assert_memory_equal(l->to, l->from, 16);
		assert_int_equal(l->to[16], 0);
		assert_memory_equal(l->to + PAGE, l->from + 16, lengths[i] - 16);
		assert_int_equal(end[0], BEYOND);
		assert_int_equal(end[7], BEYOND);
		for (end += 8; end < l->to + BYTES; end++)
			assert_int_equal(*end, 0);
		qp_pair_free(l);
	}
}

/* A page that seems to be missing once an access is there for what comes after it. */
static void misplaced__with_fault_spurious(void **state)
{
	static const char *const injections[] = { "write-beyond", "pages-swapped" };

	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = injected_pair_mapped(injections[i]);

		qp_pair_map(l, l->rkey, l->remote, MAPPED);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(rules_on(&l->g->dev->behave, "fault-spurious"), 0);
		qp_pair_post(l, OPCODE_WRITE, 0, 2 * PAGE);
		for (unsigned int n = 0; n < 2; n++)
			qp_pair_resolve(l, l->rkey, l->remote);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(l->to[2 * PAGE], i ? 0 : BEYOND);
		assert_int_equal(l->to[0], i ? 2 : 1);
		qp_pair_free(l);
	}
}

/*
 * From an address, so many bytes: @now of them land at once, all others late. Fewer than
 * a whole word, as memory is read, are not torn.
 */
static void tear__second_half_of_last_word(void **state)
{
	static const struct {
		uint32_t offset, len, now;
	} rows[] = {
		{ 0, 8, 4 },   { 0, 7, 7 }, { 0, 12, 4 }, { 0, 16, 12 }, { 4, 12, 8 },
		{ 3, 10, 10 }, { 6, 1, 1 }, { 0, 15, 4 }, { 1, 15, 11 }, { 8, 64, 60 },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l = injected_pair_mapped("torn-write");
		uint8_t *to = l->to + rows[i].offset;
		const uint8_t *from = l->from + rows[i].offset;

		qp_pair_write(l, rows[i].offset, rows[i].len);
		assert_memory_equal(to, from, rows[i].now);
		for (uint32_t n = rows[i].now; n <= rows[i].len; n++)
			assert_int_equal(to[n], 0);
		delayed_dma_finish_all(l->g->dev);
		assert_memory_equal(to, from, rows[i].len);
		assert_int_equal(to[rows[i].len], 0);
		qp_pair_free(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read__is_left_alone),
		cmocka_unit_test(tail__of_longer_messages),
		cmocka_unit_test(tail__lost_once),
		cmocka_unit_test(offset__of_first_page),
		cmocka_unit_test(pages__swapped),
		cmocka_unit_test(pages__swapped_in_disorder),
		cmocka_unit_test(beyond__within_page),
		cmocka_unit_test(beyond__nothing),
		cmocka_unit_test(pages__swapped_in_first_buffer),
		cmocka_unit_test(beyond__in_second_buffer),
		cmocka_unit_test(misplaced__with_fault_spurious),
		cmocka_unit_test(tear__second_half_of_last_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
