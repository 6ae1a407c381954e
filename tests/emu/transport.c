// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* transport.c - every operation between two queue pairs, on memory that is mapped */
#include "cmocka_all.h"
#include "guest.h"
#include "port.h"

#include <string.h>

#define BYTES (4 * PAGE)

struct world {
	struct guest *g;
	struct guest_pair pair;
	uint64_t local, remote;
	uint32_t lkey, rkey;
};

static int begin(void **state)
{
	static struct world w;

	memset(&w, 0, sizeof(w));
	w.g = guest_new(SCHEME_MEMORY);
	w.pair = (struct guest_pair){ .service = SERVICE_RC,
				      .rnr_retries = 7,
				      .retries = 1 };
	guest_connect(w.g, &w.pair);
	w.local = guest_alloc(w.g, BYTES);
	w.remote = guest_alloc(w.g, BYTES);
	w.lkey = guest_mkey(w.g, w.local, 4, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	w.rkey = guest_mkey(w.g, w.remote, 4, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	for (unsigned int i = 0; i < BYTES; i++)
		*((uint8_t *)guest_at(w.g, w.local) + i) = (uint8_t)(i * 7 + i / PAGE);
	*state = &w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	guest_free(w->g);
	return 0;
}

static struct guest_work work(const struct world *w, enum opcode opcode, uint32_t offset,
			      uint32_t len)
{
	return (struct guest_work){ .opcode = opcode,
				    .local = w->local + offset,
				    .remote = w->remote + offset,
				    .len = len,
				    .lkey = w->lkey,
				    .rkey = w->rkey };
}

static void same(const struct world *w, uint32_t offset, uint32_t len)
{
	assert_memory_equal(guest_at(w->g, w->local + offset),
			    guest_at(w->g, w->remote + offset), len);
}

static void write_crosses_pages(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_WRITE, 100, 2 * PAGE + 333);

	guest_post(w->g, &w->pair.a, &k);
	assert_int_equal(guest_completion(w->g), 0);
	same(w, 100, k.len);
	/* and nothing else was touched */
	assert_int_equal(*(uint8_t *)guest_at(w->g, w->remote + 99), 0);
	assert_int_equal(*(uint8_t *)guest_at(w->g, w->remote + 100 + k.len), 0);
}

/* From a buffer into itself: what comes of it is a driver's own affair, but no harm. */
static void write_overlaps(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_WRITE, 0, 64);
	uint8_t *at = guest_at(w->g, w->local);

	for (unsigned int i = 0; i < 64; i++)
		at[i] = (uint8_t)i;
	k.remote = w->local + 8;
	k.rkey = w->lkey;
	guest_post(w->g, &w->pair.a, &k);
	assert_int_equal(guest_completion(w->g), 0);
	for (unsigned int i = 0; i < 64; i++)
		assert_int_equal(at[i + 8], i);
}

static void read_brings_back(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_READ, 5, PAGE);
	uint8_t cqe[64];

	memset(guest_at(w->g, w->remote), 0x5a, BYTES);
	guest_post(w->g, &w->pair.a, &k);
	assert_true(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_byte_cnt), PAGE);
	same(w, 5, PAGE);
}

static void send_with_immediate(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_SEND_IMM, 0, 1000);
	uint8_t cqe[64];

	k.immediate = 0xcafe;
	k.unsignaled = true;
	guest_receive(w->g, &w->pair.b, w->remote, PAGE, w->rkey);
	guest_post(w->g, &w->pair.a, &k);
	assert_true(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE_IMM);
	assert_int_equal(field_get(cqe, cqe_byte_cnt), 1000);
	assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), 0xcafe);
	same(w, 0, 1000);
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
}

static void write_with_immediate(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_WRITE_IMM, 0, PAGE);
	uint8_t cqe[64];

	k.immediate = 7;
	guest_receive(w->g, &w->pair.b, w->remote, 0, w->rkey);
	guest_post(w->g, &w->pair.a, &k);
	assert_true(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_WRITE_IMM);
	assert_int_equal(guest_completion(w->g), 0);
	same(w, 0, PAGE);
}

static void inline_data(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_WRITE, 0, 0);

	k.inlined = 60;
	guest_post(w->g, &w->pair.a, &k);
	assert_int_equal(guest_completion(w->g), 0);
	same(w, 0, 60);
}

static void atomics(void **state)
{
	struct world *w = *state;
	struct guest_work add = work(w, OPCODE_FETCH_ADD, 8, 8);
	struct guest_work swap = work(w, OPCODE_COMPARE_SWAP, 8, 8);
	uint64_t *target = guest_at(w->g, w->remote + 8), *result;

	result = guest_at(w->g, w->local + 8);
	*target = 40;
	add.swap = 2;
	guest_post(w->g, &w->pair.a, &add);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(*target, 42);
	assert_int_equal(*result, 40);
	swap.compare = 41;
	swap.swap = 1;
	guest_post(w->g, &w->pair.a, &swap);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(*target, 42);
	swap.compare = 42;
	guest_post(w->g, &w->pair.a, &swap);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(*target, 1);
	assert_int_equal(*result, 42);
}

/* More messages than the queue holds, so that every index wraps. */
static void queues_wrap(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_WRITE, 0, 64);

	for (unsigned int i = 0; i < 5u << QUEUE_LOG; i++) {
		*(uint32_t *)guest_at(w->g, w->local) = i;
		guest_post(w->g, &w->pair.a, &k);
		assert_int_equal(guest_completion(w->g), 0);
		same(w, 0, 64);
	}
}

static void a_late_receive_is_waited_for(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_SEND, 0, 64);
	uint8_t cqe[64];

	guest_post(w->g, &w->pair.a, &k);
	guest_run(w->g);
	assert_int_equal(w->g->dev->stats.rnr_naks, 1);
	guest_receive(w->g, &w->pair.b, w->remote, 64, w->rkey);
	assert_true(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE);
	assert_int_equal(guest_completion(w->g), 0);
	same(w, 0, 64);
}

static void interrupts_come_when_armed(void **state)
{
	struct world *w = *state;
	struct guest_work k = work(w, OPCODE_WRITE, 0, 64);
	uint8_t bell[8], eqe[64];
	uint32_t arm = htobe32(w->g->events.number << 24);

	guest_post(w->g, &w->pair.a, &k);
	assert_int_equal(guest_completion(w->g), 0);
	assert_false(guest_event(w->g, &w->g->events, eqe));
	bar_write(w->g->dev, 0x10040, &arm, sizeof(arm));
	assert_int_equal(w->g->interrupts, 0);
	store_be32(bell, w->g->cq.consumed);
	store_be32(bell + 4, w->g->cq.number);
	bar_write(w->g->dev, 0x10020, bell, sizeof(bell));
	guest_post(w->g, &w->pair.a, &k);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->g->interrupts, 1);
	assert_true(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_comp_cqn),
			 w->g->cq.number);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(write_crosses_pages),
		TEST(write_overlaps),
		TEST(read_brings_back),
		TEST(send_with_immediate),
		TEST(write_with_immediate),
		TEST(inline_data),
		TEST(atomics),
		TEST(queues_wrap),
		TEST(a_late_receive_is_waited_for),
		TEST(interrupts_come_when_armed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
