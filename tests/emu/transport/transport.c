// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* transport.c - every operation between two queue pairs, on memory that is mapped */
#include "cmocka_all.h"
#include "port/port.h"
#include "qp_pair.h"

#include <string.h>

static void same(const struct qp_pair *l, uint32_t offset, uint32_t len)
{
	assert_memory_equal(guest_at(l->g, l->local + offset),
			    guest_at(l->g, l->remote + offset), len);
}

static void write__crosses_pages(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 100, 2 * PAGE + 333);

	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), 0);
	same(l, 100, k.len);
	/* and nothing else was touched */
	assert_int_equal(*(uint8_t *)guest_at(l->g, l->remote + 99), 0);
	assert_int_equal(*(uint8_t *)guest_at(l->g, l->remote + 100 + k.len), 0);
}

/* From a buffer into itself: what comes of it is a driver's own affair, but no harm. */
static void write__overlaps(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 64);
	uint8_t *at = l->from;

	for (unsigned int i = 0; i < 64; i++)
		at[i] = (uint8_t)i;
	k.remote = l->local + 8;
	k.rkey = l->lkey;
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), 0);
	for (unsigned int i = 0; i < 64; i++)
		assert_int_equal(at[i + 8], i);
}

static void read__returns_data(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_READ, 5, PAGE);
	uint8_t cqe[64];

	memset(guest_at(l->g, l->remote), 0x5a, BYTES);
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_byte_cnt), PAGE);
	same(l, 5, PAGE);
}

static void send__immediate(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_SEND_IMM, 0, 1000);
	uint8_t cqe[64];

	k.immediate = 0xcafe;
	k.unsignaled = true;
	guest_receive(l->g, &l->pair.b, l->remote, PAGE, l->rkey);
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE_IMM);
	assert_int_equal(field_get(cqe, cqe_byte_cnt), 1000);
	assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), 0xcafe);
	same(l, 0, 1000);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
}

static void write__immediate(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE_IMM, 0, PAGE);
	uint8_t cqe[64];

	k.immediate = 7;
	guest_receive(l->g, &l->pair.b, l->remote, 0, l->rkey);
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_WRITE_IMM);
	assert_int_equal(guest_completion(l->g), 0);
	same(l, 0, PAGE);
}

static void write__inline(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 0);

	k.inlined = 60;
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), 0);
	same(l, 0, 60);
}

static void atomic__results(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work add = qp_pair_work(l, OPCODE_FETCH_ADD, 8, 8);
	struct guest_work swap = qp_pair_work(l, OPCODE_COMPARE_SWAP, 8, 8);
	uint64_t *target = guest_at(l->g, l->remote + 8), *result;

	result = guest_at(l->g, l->local + 8);
	*target = 40;
	add.swap = 2;
	guest_post(l->g, &l->pair.a, &add);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(*target, 42);
	assert_int_equal(*result, 40);
	swap.compare = 41;
	swap.swap = 1;
	guest_post(l->g, &l->pair.a, &swap);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(*target, 42);
	swap.compare = 42;
	guest_post(l->g, &l->pair.a, &swap);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(*target, 1);
	assert_int_equal(*result, 42);
}

/* More messages than the queue holds, so that every index wraps. */
static void queue__wraps(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 64);

	for (unsigned int i = 0; i < 5u << QUEUE_LOG; i++) {
		*(uint32_t *)l->from = i;
		guest_post(l->g, &l->pair.a, &k);
		assert_int_equal(guest_completion(l->g), 0);
		same(l, 0, 64);
	}
}

static void send__waits_for_receive(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_SEND, 0, 64);
	uint8_t cqe[64];

	guest_post(l->g, &l->pair.a, &k);
	guest_run(l->g);
	assert_int_equal(l->g->dev->stats.rnr_naks, 1);
	guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE);
	assert_int_equal(guest_completion(l->g), 0);
	same(l, 0, 64);
}

static void interrupt__when_armed(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 64);
	uint8_t bell[8], eqe[64];
	uint32_t arm = htobe32(l->g->events.number << 24);

	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), 0);
	assert_false(guest_event(l->g, &l->g->events, eqe));
	bar_write(l->g->dev, 0x10040, &arm, sizeof(arm));
	assert_int_equal(l->g->interrupts, 0);
	store_be32(bell, l->g->cq.consumed);
	store_be32(bell + 4, l->g->cq.number);
	bar_write(l->g->dev, 0x10020, bell, sizeof(bell));
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->g->interrupts, 1);
	assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_comp_cqn),
			 l->g->cq.number);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(write__crosses_pages),    TEST(write__overlaps),
		TEST(read__returns_data),      TEST(send__immediate),
		TEST(write__immediate),	       TEST(write__inline),
		TEST(atomic__results),	       TEST(queue__wraps),
		TEST(send__waits_for_receive), TEST(interrupt__when_armed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
