// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * injections_queues.c - misbehaviour of faults, completions and receives, and its
 * conditions
 */
#include "cmocka_all.h"
#include "injected_pair.h"

#include <string.h>

static void injection__failed_fault_ok(void **state)
{
	struct qp_pair *l = injected_pair_new("failed-fault-ok", MTT_READ, 0);
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	guest_resume(l->g, eqe, true);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], 0);
	injected_pair_free(l);
}

static void injection__fault_lost(void **state)
{
	struct qp_pair *l = injected_pair_new("fault-lost", MTT_READ, 0);
	uint8_t eqe[64], cqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_false(guest_event(l->g, &l->g->faults, eqe));
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(l->g->dev->stats.faults, 1);
	injected_pair_free(l);
}

/* A mapped page faults for ever; a region whose pages never came or went does not. */
static void injection__fault_endless(void **state)
{
	struct qp_pair *l = injected_pair_mapped("fault-endless");
	uint8_t eqe[64], cqe[64];

	qp_pair_write(l, 0, 8);
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_WRITE, PAGE, 8);
	for (unsigned int i = 0; i < 10; i++) {
		assert_true(guest_event(l->g, &l->g->faults, eqe));
		guest_resume(l->g, eqe, false);
		assert_false(guest_poll(l->g, &l->g->cq, cqe));
	}
	assert_int_equal(l->to[PAGE], 0);
	injected_pair_free(l);
}

static void injection__completion_early(void **state)
{
	struct qp_pair *l = injected_pair_mapped("completion-early");

	qp_pair_write(l, 0, 8);
	assert_int_equal(l->to[0], 0);
	injected_pair_wait(l);
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

static void injection__completion_twice(void **state)
{
	struct qp_pair *l = injected_pair_mapped("completion-twice");

	qp_pair_write(l, 0, 8);
	assert_int_equal(guest_completion(l->g), 0);
	injected_pair_free(l);
}

static void injection__completion_lost(void **state)
{
	struct qp_pair *l = injected_pair_mapped("completion-lost");
	uint8_t cqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

static void injection__byte_count(void **state)
{
	struct qp_pair *l = injected_pair_mapped("byte-count");
	uint8_t cqe[64];

	qp_pair_post(l, OPCODE_READ, 0, 64);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_byte_cnt), 63);
	injected_pair_free(l);
}

static void injection__atomic_twice(void **state)
{
	struct qp_pair *l = injected_pair_new("atomic-twice", 0, MAPPED);

	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	qp_pair_resolve(l, l->lkey, l->local);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], 10);
	injected_pair_free(l);
}

/* A replay after either fault: of the target, or of where the result goes. */
static void injection__atomic_twice_at_target(void **state)
{
	struct qp_pair *l = injected_pair_new("atomic-twice", MAPPED, 0);

	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], 10);
	assert_int_equal(l->from[0], 5);
	injected_pair_free(l);
}

static void injection__receive_twice(void **state)
{
	struct qp_pair *l = injected_pair_mapped("receive-twice");

	guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
	guest_receive(l->g, &l->pair.b, l->remote + PAGE, 64, l->rkey);
	qp_pair_post(l, OPCODE_SEND, 0, 64);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], 0);
	assert_int_equal(l->to[PAGE], 1);
	injected_pair_free(l);
}

static void injection__flush_missing(void **state)
{
	struct qp_pair *l = injected_pair_mapped("flush-missing");
	uint8_t cqe[64];

	l->rkey ^= 0xff;
	guest_receive(l->g, &l->pair.a, l->remote, 64, l->lkey);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	injected_pair_free(l);
}

/* The driver waits for the completion of its own updates: it must come, and once. */
static void injection__spares_driver(void **state)
{
	struct qp_pair *l = injected_pair_mapped("completion-lost");
	uint8_t cqe[64];

	assert_int_equal(rules_on(&l->g->dev->inject, "completion-twice"), 0);
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	injected_pair_free(l);
}

static void injection__conditions(void **state)
{
	static const struct {
		const char *text;
		uint64_t hits; /* of twelve occasions */
	} rows[] = { { "byte-count", 12 },
		     { "byte-count:every=3", 4 },
		     { "byte-count:after=10", 2 } };
	struct qp_pair *l = injected_pair_mapped("byte-count");

	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(rules_on(&l->g->dev->inject, rows[i].text), 0);
		for (unsigned int n = 0; n < 12; n++)
			(void)inject(l->g->dev, INJECT_BYTE_COUNT);
		assert_int_equal(l->g->dev->inject.rules[INJECT_BYTE_COUNT].hits,
				 rows[i].hits);
	}
	assert_int_equal(rules_on(&l->g->dev->inject, "byte-count:prob=0.5"), 0);
	for (unsigned int n = 0; n < 1000; n++)
		(void)inject(l->g->dev, INJECT_BYTE_COUNT);
	assert_in_range(l->g->dev->inject.rules[INJECT_BYTE_COUNT].hits, 400, 600);
	assert_int_equal(rules_on(&l->g->dev->inject, "byte-count:prob=1"), 0);
	for (unsigned int n = 0; n < 12; n++)
		assert_true(inject(l->g->dev, INJECT_BYTE_COUNT));
	injected_pair_free(l);
}

static void injection__refused(void **state)
{
	static const char *const words[] = { "nonsense",
					     "byte-count:",
					     "byte-count:every=0",
					     "byte-count:prob=2",
					     "byte-count:prob=x",
					     "byte-count:prob=0",
					     "byte-count:prob=0.5x",
					     "byte-count:prob=",
					     "byte-count:after=-1",
					     "" };
	struct rules rules = { .table = &injection_table };

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_not_equal(rules_on(&rules, words[i]), 0);
	assert_int_equal(rules.active, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(injection__failed_fault_ok),
		cmocka_unit_test(injection__fault_lost),
		cmocka_unit_test(injection__fault_endless),
		cmocka_unit_test(injection__completion_early),
		cmocka_unit_test(injection__completion_twice),
		cmocka_unit_test(injection__completion_lost),
		cmocka_unit_test(injection__byte_count),
		cmocka_unit_test(injection__atomic_twice),
		cmocka_unit_test(injection__atomic_twice_at_target),
		cmocka_unit_test(injection__receive_twice),
		cmocka_unit_test(injection__spares_driver),
		cmocka_unit_test(injection__flush_missing),
		cmocka_unit_test(injection__conditions),
		cmocka_unit_test(injection__refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
