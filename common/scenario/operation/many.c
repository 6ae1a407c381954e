// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* many.c - words that are many operations of the initiator in flight */
#include "scenario/operation/many.h"

#include <inttypes.h>

#include "base/clock.h"
#include "scenario/memory/data.h"
#include "scenario/operation/scratch.h"
#include "testcase/execute.h"
#include "testcase/expect.h"

/* What is common to the operations of one step: each has a part of the scratch memory. */
struct many {
	enum rdma_opcode opcode;
	struct target *local, *target;
	uint64_t offset, stride, len;
	uint64_t add; /* FETCH_ADD */
};

static struct side_op nth(const struct many *many, unsigned int i)
{
	struct side_op op = { .rdma.opcode = many->opcode,
			      .rdma.compare_add = many->add };

	side_op_add(&op, many->local, SCRATCH_AT + i * many->len, many->len);
	side_op_aim(&op, many->target, many->offset + i * many->stride);
	return op;
}

/* Fills the parts with what each is to write, or with what no READ may leave there. */
static void fill(struct test *t, struct many *many, unsigned int n, uint16_t generation)
{
	many->local = test_scratch(t, n * many->len);
	for (unsigned int i = 0; i < n; i++)
		(target_fill_for)(t, many->local, SCRATCH_AT + i * many->len,
				  many->target, many->offset + i * many->stride,
				  many->len, generation);
}

/* One on each queue pair. */
static struct side_op post_each(struct test *t, const struct many *many)
{
	struct side_op op = nth(many, 0);

	for (unsigned int pair = 0; pair < t->pairs; pair++) {
		op = nth(many, pair);
		test_post(t, pair, &op);
	}
	return op;
}

static void wait_for_each(struct test *t, const struct side_op *op)
{
	for (unsigned int pair = 0; pair < t->pairs; pair++)
		test_succeeded(t, test_wait(t, pair, op));
	test_scratch_check(t);
}

static void at_once(struct test *t, const struct many *many)
{
	struct side_op op = post_each(t, many);

	wait_for_each(t, &op);
}

void(rdma_write_at_once)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t stride, uint64_t len, uint16_t generation)
{
	struct many many = { RDMA_WRITE, NULL, target, offset, stride, len, 0 };

	fill(t, &many, t->pairs, generation);
	at_once(t, &many);
}

void(rdma_read_at_once)(struct test *t, struct target *target, uint64_t offset,
			uint64_t stride, uint64_t len, uint16_t generation)
{
	struct many many = { RDMA_READ, NULL, target, offset, stride, len, 0 };

	fill(t, &many, t->pairs, BEFORE_READ);
	at_once(t, &many);
	for (unsigned int pair = 0; pair < t->pairs; pair++)
		(check_mapping_for)(t, many.local, SCRATCH_AT + pair * len, target,
				    offset + pair * stride, len, generation);
}

/* Time for the faults of all to have come to the driver. */
#define ARRIVAL_MS 200

/* Of a part of @many's, on the last queue pair. */
static uint64_t read_other(struct test *t, const struct many *many, struct target *other)
{
	unsigned int last = t->pairs - 1;
	struct many one = *many;
	struct side_op op;
	uint64_t begin;

	one.target = other;
	one.stride = 0;
	op = nth(&one, last);
	clock_sleep_ns(patience(t, ARRIVAL_MS * NSEC_PER_MSEC));
	begin = clock_ns();
	test_post(t, last, &op);
	test_succeeded(t, test_wait(t, last, &op));
	return clock_ns() - begin;
}

uint64_t(rdma_read_beside)(struct test *t, struct target *waiting, uint64_t len,
			   struct target *other)
{
	struct many many = { RDMA_READ, NULL, waiting, 0, len, len, 0 };
	unsigned int last = t->pairs - 1;
	struct side_op op;
	uint64_t took;

	fill(t, &many, t->pairs, BEFORE_READ);
	for (unsigned int pair = 0; pair < last; pair++) {
		op = nth(&many, pair);
		test_post(t, pair, &op);
	}
	took = read_other(t, &many, other);
	ASK(t, waiting->side, "end the delay", SIDE_UFFD_DELAY_END);
	for (unsigned int pair = 0; pair < last; pair++)
		test_succeeded(t, test_wait(t, pair, &op));
	for (unsigned int pair = 0; pair <= last; pair++)
		(check_mapping_for)(t, many.local, SCRATCH_AT + pair * len,
				    pair < last ? waiting : other,
				    pair < last ? pair * len : 0, len, ZEROS);
	test_scratch_check(t);
	return took;
}

/*
 * The old value that each queue pair got. Atomics on one word have an order, whichever it
 * is: each sees what the one before left.
 */
static void check_old_values(struct test *t, const struct many *many, uint64_t first)
{
	uint64_t seen = 0;

	for (unsigned int pair = 0; pair < t->pairs; pair++) {
		uint64_t offset = SCRATCH_AT + pair * many->len;
		uint64_t old = ASK_TARGET(t, many->local, "read a word",
					  SIDE_TARGET_READ_WORD, .offset = offset)
				       .number;
		uint64_t nth = (old - first) / many->add;

		if ((old - first) % many->add || nth >= t->pairs)
			test_fail(t,
				  "the atomic of queue pair %u returned %" PRIu64
				  ", expected %" PRIu64 " and a multiple of %" PRIu64
				  " up to %u times",
				  pair, old, first, many->add, t->pairs - 1);
		if (seen >> nth & 1)
			test_fail(t,
				  "the atomic of queue pair %u returned %" PRIu64
				  ", as another one did",
				  pair, old);
		seen |= 1ull << nth;
	}
}

void(rdma_fetch_add_at_once)(struct test *t, struct target *target, uint64_t offset,
			     uint64_t first, uint64_t add)
{
	struct many many = { RDMA_FETCH_ADD,   NULL, target, offset, 0,
			     sizeof(uint64_t), add };

	fill(t, &many, t->pairs, BEFORE_READ);
	at_once(t, &many);
	check_old_values(t, &many, first);
}

void(rdma_fetch_add_with_cpu)(struct test *t, struct target *target, uint64_t offset,
			      uint64_t first, uint64_t add, uint64_t cpu_offset,
			      uint32_t times)
{
	struct many many = { RDMA_FETCH_ADD,   NULL, target, offset, 0,
			     sizeof(uint64_t), add };
	struct side_op op;

	fill(t, &many, t->pairs, BEFORE_READ);
	op = post_each(t, &many);
	ASK_TARGET(t, target, "add by the CPU", SIDE_TARGET_ADD, .offset = cpu_offset,
		   .argument = times);
	wait_for_each(t, &op);
	check_old_values(t, &many, first);
}

void(rdma_write_in_a_row)(struct test *t, unsigned int n, struct target *target,
			  uint64_t offset, uint64_t len, uint16_t generation)
{
	struct many many = { RDMA_WRITE, NULL, target, offset, len, len, 0 };
	struct side_op op;

	fill(t, &many, n, generation);
	for (unsigned int i = 0; i < n; i++) {
		op = nth(&many, i);
		test_post(t, 0, &op);
	}
	for (unsigned int i = 0; i < n; i++)
		test_succeeded(t, test_wait(t, 0, &op));
	test_scratch_check(t);
}
