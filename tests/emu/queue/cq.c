// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* cq.c - completion queues: when they are reported, and what a full one does */
#include "queue/cq.h"
#include "cmocka_all.h"
#include "qp_pair.h"
#include "queue/eq.h"

#include <errno.h>

#define SOLICITED (1u << 24)

static struct cq *queue(struct qp_pair *l)
{
	return cq_get(l->g->dev, l->g->cq.number);
}

static void arm(struct qp_pair *l, uint32_t consumer, uint32_t solicited)
{
	uint8_t bell[8];

	store_be32(bell, consumer | solicited);
	store_be32(bell + 4, l->g->cq.number);
	bar_write(l->g->dev, 0x10020, bell, sizeof(bell));
}

/* How many events of that type have come since the last call. */
static unsigned int events(struct qp_pair *l, enum event_type type)
{
	uint8_t eqe[64];
	unsigned int n = 0;

	while (guest_event(l->g, &l->g->events, eqe))
		n += field_get(eqe, eqe_type) == type;
	return n;
}

static unsigned int reports(struct qp_pair *l)
{
	return events(l, EVENT_COMPLETION);
}

static void complete(struct qp_pair *l, unsigned int n)
{
	struct guest_work nop = { .opcode = OPCODE_NOP };

	for (unsigned int i = 0; i < n; i++)
		guest_post(l->g, &l->pair.a, &nop);
	guest_run(l->g);
}

/* Armed for what comes after @consumer: at once if it is there, and once only. */
static void arm__what_is_there_already(void **state)
{
	struct qp_pair *l = *state;
	uint32_t before = queue(l)->producer;

	complete(l, 3);
	assert_int_equal(reports(l), 0);
	arm(l, before + 3, 0);
	assert_int_equal(reports(l), 0);
	assert_int_equal(queue(l)->arm, CQ_ARMED);
	arm(l, before + 2, 0);
	assert_int_equal(reports(l), 1);
	assert_int_equal(queue(l)->arm, CQ_NOT_ARMED);
	arm(l, before + 4, 0); /* what the driver cannot have seen is no reason */
	assert_int_equal(reports(l), 0);
	complete(l, 2);
	assert_int_equal(reports(l), 1);
	complete(l, 1);
	assert_int_equal(reports(l), 0);
}

/* Plain completions do not count, errors do. */
static void arm__solicited(void **state)
{
	struct qp_pair *l = *state;

	arm(l, queue(l)->producer, SOLICITED);
	complete(l, 2);
	assert_int_equal(reports(l), 0);
	assert_int_equal(queue(l)->arm, CQ_ARMED_SOLICITED);
	l->rkey ^= 0xff;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	assert_int_equal(reports(l), 1);
	assert_int_equal(queue(l)->arm, CQ_NOT_ARMED);
}

/*
 * A solicited completion counts, and is remembered for the next time that it is asked
 * for.
 */
static void arm__solicited_before(void **state)
{
	struct qp_pair *l = *state;
	struct completion completion = { .kind = COMPLETION_RECEIVE, .solicited = true };
	uint32_t before = queue(l)->producer;

	arm(l, before, SOLICITED);
	assert_int_equal(cq_post(l->g->dev, queue(l), &completion), 0);
	assert_int_equal(reports(l), 1);
	complete(l, 1); /* a plain one */
	arm(l, before + 1, SOLICITED);
	assert_int_equal(reports(l), 0);
	arm(l, before, SOLICITED);
	assert_int_equal(reports(l), 1);
	/* all are wanted, the plain one as well */
	arm(l, before + 1, 0);
	assert_int_equal(reports(l), 1);
}

/* What the driver has not seen can be a whole queue, not more; the counter goes round. */
static void arm__whole_queue(void **state)
{
	struct qp_pair *l = *state;
	uint32_t entries = 1u << QUEUE_LOG, producer = 1u << 24 | 5;

	queue(l)->producer = producer;
	arm(l, (producer - entries - 1) & 0xffffff, 0);
	assert_int_equal(reports(l), 0);
	arm(l, (producer - entries) & 0xffffff, 0);
	assert_int_equal(reports(l), 1);
}

/* The event names the queue; a doorbell for another queue, or none, changes nothing. */
static void arm__by_number(void **state)
{
	uint8_t eqe[64], data[EVENT_DATA_BYTES] = { 0 };
	struct qp_pair *l = *state;

	complete(l, 1);
	cq_doorbell(l->g->dev, l->g->cq.number + 1, 0);
	assert_int_equal(queue(l)->arm, CQ_NOT_ARMED);
	/* numbers have 24 bits; the upper ones of the counter are a serial number */
	cq_doorbell(l->g->dev, 3u << 24 | l->g->cq.number,
		    2u << 28 | (queue(l)->producer - 1));
	assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_COMPLETION);
	assert_int_equal(field_get(eqe, eqe_sub_type), 0);
	field_set(data, eqe_comp_cqn, l->g->cq.number);
	assert_memory_equal(const_block(eqe, eqe_data), data, sizeof(data));
}

static void moderation__by_count(void **state)
{
	struct qp_pair *l = *state;

	queue(l)->max_count = 3;
	queue(l)->period_us = 60000000;
	queue(l)->unreported = 0;
	arm(l, queue(l)->producer, 0);
	complete(l, 2);
	assert_int_equal(reports(l), 0);
	complete(l, 1);
	assert_int_equal(reports(l), 1);
	assert_int_equal(queue(l)->unreported, 0);
	assert_int_equal(queue(l)->moderation.place, 0);
}

/* A count of 1, or no period, is no moderation. */
static void moderation__none(void **state)
{
	struct qp_pair *l = *state;

	queue(l)->max_count = 1;
	queue(l)->period_us = 60000000;
	arm(l, queue(l)->producer, 0);
	complete(l, 1);
	assert_int_equal(reports(l), 1);
	arm(l, queue(l)->producer - 1, 0); /* also of what was reported before */
	assert_int_equal(reports(l), 1);
	queue(l)->max_count = 3;
	queue(l)->period_us = 0;
	arm(l, queue(l)->producer, 0);
	complete(l, 1);
	assert_int_equal(reports(l), 1);
}

static void moderation__by_period(void **state)
{
	struct qp_pair *l = *state;
	uint8_t cqe[64];

	while (guest_take(l->g, &l->g->cq, cqe))
		;
	queue(l)->max_count = 100;
	queue(l)->period_us = 2000;
	queue(l)->unreported = 0;
	arm(l, queue(l)->producer, 0);
	complete(l, 1);
	assert_int_not_equal(queue(l)->moderation.place, 0);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	while (queue(l)->moderation.place)
		guest_run(l->g);
	assert_int_equal(reports(l), 1);
	assert_int_equal(queue(l)->arm, CQ_NOT_ARMED);
}

/* It stays in error: a completion that comes later is dropped without another event. */
static void overrun__once(void **state)
{
	struct qp_pair *l = *state;
	const struct completion completion = { .kind = COMPLETION_SEND,
					       .qpn = l->pair.a.number };
	unsigned int room = (1u << QUEUE_LOG) - queue(l)->producer + l->g->cq.consumed;

	store_be32(guest_at(l->g, l->g->cq.record), l->g->cq.consumed);
	for (unsigned int i = 0; i < room; i++)
		assert_int_equal(cq_post(l->g->dev, queue(l), &completion), 0);
	assert_int_equal(cq_post(l->g->dev, queue(l), &completion), -EOVERFLOW);
	assert_int_equal(events(l, EVENT_CQ_ERROR), 1);
	store_be32(guest_at(l->g, l->g->cq.record), queue(l)->producer);
	assert_int_equal(cq_post(l->g->dev, queue(l), &completion), -EPIPE);
	assert_int_equal(events(l, EVENT_CQ_ERROR), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(arm__what_is_there_already),
		TEST(arm__solicited),
		TEST(arm__solicited_before),
		TEST(arm__whole_queue),
		TEST(arm__by_number),
		TEST(moderation__by_count),
		TEST(moderation__none),
		TEST(moderation__by_period),
		TEST(overrun__once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
