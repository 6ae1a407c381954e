// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* many.c - many operations in flight, and in which order receives are consumed */
#include "scenario/operation/many.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scenario/operation/scratch.h"
#include "scenario/scenario.h"
#include "scripted_side.h"

#define PAIRS 3

static struct test *const t = &script.test;
static struct target *target, *local;

static int begin(void **state)
{
	int ret = script_begin(state);

	target = script_target(RESPONDER, MiB(1));
	local = script_target(INITIATOR, MiB(1));
	script.serve = complete_as_posted;
	t->pairs = PAIRS;
	return ret;
}

/* One operation of each is filled in and posted before the first wait. */
static void in_flight(enum rdma_opcode opcode, unsigned int n, bool one_pair,
		      uint64_t stride, uint32_t len, uint16_t generation)
{
	for (unsigned int i = 0; i < n; i++)
		next_is(INITIATOR,
			&REQUEST(SIDE_TARGET_FILL, .target = t->scratch->info.id,
				 .offset = SCRATCH_AT + i * len, .len = len,
				 .pattern = { target->seed, generation },
				 .pattern_offset = 64 + i * stride));
	for (unsigned int i = 0; i < n; i++) {
		const struct side_request *post = &script.request[script.seen];

		next_is(INITIATOR, &REQUEST(SIDE_POST, .pair = one_pair ? 0 : i));
		assert_int_equal(post->op.rdma.opcode, opcode);
		assert_int_equal(post->op.rdma.remote_addr,
				 target->info.addr + 64 + i * stride);
		assert_int_equal(post->op.piece[0].offset, SCRATCH_AT + i * len);
		assert_int_equal(post->op.piece[0].len, len);
	}
}

static void waited(unsigned int n, bool one_pair)
{
	for (unsigned int i = 0; i < n; i++)
		next_is(INITIATOR, &REQUEST(SIDE_WAIT, .pair = one_pair ? 0 : i));
	/* the guards of all the memory */
	assert_int_equal(next_of(SIDE_TARGET_CHECK_MAPPING)->offset, SCRATCH_AT - 64);
	next_of(SIDE_TARGET_CHECK_MAPPING);
}

static void skip_guards(void)
{
	next_of(SIDE_TARGET_STORE);
	next_of(SIDE_TARGET_STORE);
}

static void at_once__one_on_each_pair(void **state)
{
	(rdma_write_at_once)(t, target, 64, 4096, 16, 5);
	skip_guards();
	in_flight(RDMA_WRITE, PAIRS, false, 4096, 16, 5);
	waited(PAIRS, false);
	(rdma_read_at_once)(t, target, 64, 4096, 16, 5);
	skip_guards();
	in_flight(RDMA_READ, PAIRS, false, 4096, 16, 0);
	waited(PAIRS, false);
	for (unsigned int i = 0; i < PAIRS; i++) {
		next_is(INITIATOR,
			&REQUEST(SIDE_TARGET_CHECK_MAPPING, .target = t->scratch->info.id,
				 .offset = SCRATCH_AT + i * 16, .len = 16,
				 .pattern = { target->seed, 5 },
				 .pattern_offset = 64 + i * 4096));
		next_of(SIDE_TARGET_CHECK_MAPPING); /* its control */
	}
	none_of(SIDE_TARGET_CHECK_MAPPING);
}

/* The last queue pair READs the other region, and only then is the delay at its end. */
static void beside__reads_before_the_delay_ends(void **state)
{
	struct target *other = script_target(RESPONDER, KiB(4));

	(rdma_read_beside)(t, target, 16, other);
	for (unsigned int i = 0; i < PAIRS; i++) {
		const struct side_request *post = next_of(SIDE_POST);

		assert_int_equal(post->pair, i);
		assert_int_equal(post->op.rdma.opcode, RDMA_READ);
		assert_int_equal(post->op.rdma.remote_addr,
				 i < PAIRS - 1 ? target->info.addr + i * 16 :
						 other->info.addr);
		assert_int_equal(post->op.piece[0].offset, SCRATCH_AT + i * 16);
	}
	next_is(INITIATOR, &REQUEST(SIDE_WAIT, .pair = PAIRS - 1));
	next_is(RESPONDER, &REQUEST(SIDE_UFFD_DELAY_END));
	for (unsigned int i = 0; i < PAIRS - 1; i++)
		next_is(INITIATOR, &REQUEST(SIDE_WAIT, .pair = i));
	for (unsigned int i = 0; i < PAIRS; i++) {
		const struct target *from = i < PAIRS - 1 ? target : other;

		next_is(INITIATOR,
			&REQUEST(SIDE_TARGET_CHECK_MAPPING, .target = t->scratch->info.id,
				 .offset = SCRATCH_AT + i * 16, .len = 16,
				 .pattern = { from->seed, ZEROS },
				 .pattern_offset = i < PAIRS - 1 ? i * 16 : 0));
		next_of(SIDE_TARGET_CHECK_MAPPING); /* its control */
	}
}

/* What each queue pair gets back, by its place in the local memory. */
static uint64_t old_values[PAIRS];

static int return_old_values(const struct side_request *request, struct side_reply *reply)
{
	if (request->kind == SIDE_TARGET_READ_WORD)
		reply->number = old_values[(request->offset - SCRATCH_AT) / 8];
	return complete_as_posted(request, reply);
}

/* @PAIRS values from @first on, in steps of 9, the last one first. */
static void return_sequence(uint64_t first)
{
	script.serve = return_old_values;
	for (unsigned int i = 0; i < PAIRS; i++)
		old_values[i] = first + 9 * (PAIRS - 1 - i);
}

/* Atomics are all at one place. */
static void at_once__atomics(void **state)
{
	return_sequence(5);
	(rdma_fetch_add_at_once)(t, target, 64, 5, 9);
	skip_guards();
	in_flight(RDMA_FETCH_ADD, PAIRS, false, 0, 8, 0);
	assert_int_equal(script.request[script.seen - 1].op.rdma.compare_add, 9);
	waited(PAIRS, false);
	script.seen = script.asked;
	(rdma_fetch_add_with_cpu)(t, target, 64, 5, 9, 72, 1000);
	skip_guards();
	in_flight(RDMA_FETCH_ADD, PAIRS, false, 0, 8, 0);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_ADD, .target = target->info.id,
				    .offset = 72, .argument = 1000));
	waited(PAIRS, false);
	assert_int_equal(count_of(SIDE_TARGET_READ_WORD), 2 * PAIRS);
}

static void at_once__old_values_are_a_permutation(void **state)
{
	return_sequence(5);
	old_values[1] = old_values[0];
	fails((rdma_fetch_add_at_once)(t, target, 64, 5, 9),
	      "the atomic of queue pair 1 returned 23, as another one did");
	fails((rdma_fetch_add_with_cpu)(t, target, 64, 5, 9, 72, 1),
	      "the atomic of queue pair 1 returned 23, as another one did");
	return_sequence(5);
	old_values[2]++;
	fails((rdma_fetch_add_at_once)(t, target, 64, 5, 9),
	      "the atomic of queue pair 2 returned 6, expected 5 and a multiple of 9 up "
	      "to 2 times");
	old_values[2] = 5 + 9 * PAIRS;
	fails((rdma_fetch_add_at_once)(t, target, 64, 5, 9),
	      "the atomic of queue pair 2 returned 32, expected 5 and a multiple of 9 up "
	      "to 2 times");
	old_values[2] = 4;
	fails((rdma_fetch_add_at_once)(t, target, 64, 5, 9),
	      "the atomic of queue pair 2 returned 4, expected 5 and a multiple of 9 up "
	      "to 2 times");
}

static void in_a_row__on_one_pair(void **state)
{
	(rdma_write_in_a_row)(t, 4, target, 64, 16, 5);
	skip_guards();
	in_flight(RDMA_WRITE, 4, true, 16, 16, 5);
	waited(4, true);
}

static void receive_is(uint64_t offset, uint32_t len)
{
	const struct side_request *request = &script.request[script.seen];

	next_is(RESPONDER, &REQUEST(SIDE_POST_RECV));
	assert_int_equal(request->op.piece[0].target, target->info.id);
	assert_int_equal(request->op.piece[0].offset, offset);
	assert_int_equal(request->op.piece[0].len, len);
}

static void send_is(uint64_t offset, uint32_t len)
{
	const struct side_request *request = &script.request[script.seen];

	next_is(INITIATOR, &REQUEST(SIDE_POST));
	assert_int_equal(request->op.rdma.opcode, RDMA_SEND);
	assert_int_equal(request->op.piece[0].target, local->info.id);
	assert_int_equal(request->op.piece[0].offset, offset);
	assert_int_equal(request->op.piece[0].len, len);
}

static void sends__in_a_row(void **state)
{
	(rdma_send_in_a_row)(t, 2, local, 8, target, 64, 16);
	receive_is(64, 16);
	receive_is(64 + 16, 16);
	for (unsigned int i = 0; i < 2; i++) {
		send_is(8 + i * 16, 16);
		next_is(INITIATOR, &REQUEST(SIDE_WAIT));
		next_is(RESPONDER, &REQUEST(SIDE_WAIT_RECV));
	}
}

static void send__before_its_receive(void **state)
{
	(rdma_send_before_receive)(t, local, 8, target, 64, 16);
	assert_int_equal(script.slept_ns, 5 * NSEC_PER_MSEC);
	send_is(8, 16);
	receive_is(64, 16);
	next_is(INITIATOR, &REQUEST(SIDE_WAIT));
	next_is(RESPONDER, &REQUEST(SIDE_WAIT_RECV));
	assert_int_equal((rdma_send_unreceived)(t, local, 8, 16), OP_SUCCESS);
	send_is(8, 16);
	none_of(SIDE_POST_RECV);
}

#define WITH_TARGETS(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_TARGETS(at_once__one_on_each_pair),
	WITH_TARGETS(beside__reads_before_the_delay_ends),
	WITH_TARGETS(at_once__atomics),
	WITH_TARGETS(at_once__old_values_are_a_permutation),
	WITH_TARGETS(in_a_row__on_one_pair),
	WITH_TARGETS(sends__in_a_row),
	WITH_TARGETS(send__before_its_receive),
};

int main(void)
{
	return cmocka_run_group_tests_name("many", tests, NULL, NULL);
}
