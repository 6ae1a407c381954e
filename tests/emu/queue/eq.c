// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * eq.c - event queues: which events come where, when they interrupt, and what a full one
 * loses
 */
#include "queue/eq.h"
#include "capture.h"
#include "cmocka_all.h"
#include "guest.h"

#include <string.h>

#define ENTRIES (1u << QUEUE_LOG)
#define VECTOR	5u
#define WORDS	4 /* of 64 types each in the mask */

static struct guest *g;
static unsigned int vectors[16];

static void interrupt(void *owner, unsigned int vector)
{
	assert_true(vector < sizeof(vectors) / sizeof(vectors[0]));
	vectors[vector]++;
}

static int begin(void **state)
{
	g = guest_new(SCHEME_MEMORY);
	g->dev->config.interrupt = interrupt;
	memset(vectors, 0, sizeof(vectors));
	return 0;
}

static int end(void **state)
{
	guest_free(g);
	return 0;
}

/* A queue for the one event type @type; its status, and *eq if that is OK. */
static enum command_status create(struct guest_queue *eq, unsigned int log_size,
				  unsigned int log_page, unsigned int type)
{
	uint8_t in[272 + 8] = { 0 }, out[16] = { 0 },
			 *c = block(in, create_eq_in_eq_context_entry);
	uint8_t *mask = block(in, create_eq_in_event_bitmask);
	enum command_status status;

	*eq = (struct guest_queue){ .ring = guest_alloc(g, PAGE) };
	memset(guest_at(g, eq->ring), 0xff, PAGE);
	store_be32(in, COMMAND_CREATE_EQ << 16);
	field_set(c, eqc_log_eq_size, log_size);
	field_set(c, eqc_log_page_size, log_page);
	field_set(c, eqc_intr, VECTOR);
	store_be64(mask + type / 64 * 8, 1ull << type % 64);
	store_be64(block(in, create_eq_in_pas), eq->ring);
	status = guest_command(g, in, sizeof(in), out, sizeof(out));
	eq->number = (uint32_t)field_get(out, create_eq_out_eq_number);
	return status;
}

static struct eq *queue(const struct guest_queue *eq)
{
	return (struct eq *)objects_get(&g->dev->eqs, eq->number);
}

static bool post(unsigned int type)
{
	return event_post(g->dev, (enum event_type)type, 0, NULL);
}

/* The mask has 256 types; an event goes to the queue whose bit is set, or nowhere. */
static void event__goes_where_it_is_wanted(void **state)
{
	struct guest_queue eq;
	uint8_t eqe[64];

	for (unsigned int word = 1; word < WORDS; word++) {
		unsigned int type = word * 64;

		assert_false(event_wanted(g->dev, (enum event_type)type));
		assert_false(post(type));
		assert_int_equal(create(&eq, QUEUE_LOG, 0, type), STATUS_OK);
		assert_true(event_wanted(g->dev, (enum event_type)type));
		assert_false(event_wanted(g->dev, (enum event_type)(type + 1)));
		assert_true(post(type));
		assert_true(guest_take(g, &eq, eqe));
		assert_int_equal(field_get(eqe, eqe_type), type);
		assert_false(guest_take(g, &eq, eqe));
	}
	assert_false(guest_take(g, &g->events, eqe));
}

static void event__content(void **state)
{
	uint64_t before = g->dev->stats.events;
	uint8_t data[EVENT_DATA_BYTES], eqe[64], wanted[64];

	for (unsigned int i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i + 1);
	assert_true(event_post(g->dev, EVENT_WQ_ACCESS, 0x5a, data));
	/* the next one is still the device's */
	assert_int_equal(*(uint8_t *)guest_at(g, g->events.ring + 64), 0xff);
	event_post_queue(g->dev, EVENT_SRQ_LIMIT, 0x123456);
	assert_int_equal(g->dev->stats.events, before + 2);
	memset(wanted, 0, sizeof(wanted));
	field_set(wanted, eqe_type, EVENT_WQ_ACCESS);
	field_set(wanted, eqe_sub_type, 0x5a);
	memcpy(block(wanted, eqe_data), data, sizeof(data));
	assert_true(guest_take(g, &g->events, eqe));
	assert_memory_equal(eqe, wanted, sizeof(wanted));
	assert_true(guest_take(g, &g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_sub_type), 0);
	memset(data, 0, sizeof(data));
	field_set(data, eqe_qp_srq_number, 0x123456);
	assert_memory_equal(const_block(eqe, eqe_data), data, sizeof(data));
}

/* An armed queue interrupts once, at once if there is what the driver has not seen. */
static void interrupt__once_when_armed(void **state)
{
	struct guest_queue eq;

	assert_int_equal(create(&eq, QUEUE_LOG, 0, EVENT_PAGE_FAULT + 64), STATUS_OK);
	assert_true(post(EVENT_PAGE_FAULT + 64));
	assert_int_equal(vectors[VECTOR], 0);
	eq_doorbell(g->dev, eq.number, 0, true);
	assert_int_equal(vectors[VECTOR], 1);
	assert_false(queue(&eq)->armed);
	eq_doorbell(g->dev, eq.number, 1, false);
	assert_false(queue(&eq)->armed);
	assert_int_equal(queue(&eq)->consumer, 1);
	eq_doorbell(g->dev, eq.number, 1, true);
	assert_int_equal(vectors[VECTOR], 1);
	assert_true(post(EVENT_PAGE_FAULT + 64));
	assert_int_equal(vectors[VECTOR], 2);
	assert_true(post(EVENT_PAGE_FAULT + 64));
	assert_int_equal(vectors[VECTOR], 2);
	eq_doorbell(g->dev, eq.number + 1, 1, true); /* there is none */
	for (unsigned int i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		assert_true(i == VECTOR || !vectors[i]);
}

/* Counters have 24 bits in a doorbell, and go round. */
static void interrupt__counter_goes_round(void **state)
{
	struct guest_queue eq;
	uint8_t eqe[64];

	assert_int_equal(create(&eq, QUEUE_LOG, 0, 100), STATUS_OK);
	queue(&eq)->producer = 1u << 24;
	queue(&eq)->consumer = 0;
	eq.consumed = 1u << 24;
	eq_doorbell(g->dev, eq.number, 0, true);
	assert_int_equal(vectors[VECTOR], 0);
	assert_true(post(100));
	assert_int_equal(vectors[VECTOR], 1);
	assert_true(guest_take(g, &eq, eqe));
}

/* The owner bit changes with each round, so that the driver knows what is new. */
static void queue__full(void **state)
{
	struct guest_queue eq;
	uint8_t eqe[64];

	assert_int_equal(create(&eq, QUEUE_LOG, 0, 100), STATUS_OK);
	for (unsigned int round = 0; round < 3; round++) {
		uint64_t before = g->dev->stats.events;

		for (unsigned int i = 0; i < ENTRIES; i++)
			assert_true(post(100));
		assert_false(queue(&eq)->overrun);
		assert_true(post(100)); /* it has a queue, but is lost */
		assert_true(queue(&eq)->overrun);
		assert_int_equal(g->dev->stats.events, before + ENTRIES);
		for (unsigned int i = 0; i < ENTRIES; i++) {
			assert_true(guest_take(g, &eq, eqe));
			assert_int_equal(eqe[63], round & 1);
		}
		assert_false(guest_take(g, &eq, eqe));
		eq_doorbell(g->dev, eq.number, eq.consumed, false);
		assert_false(queue(&eq)->overrun);
	}
}

static void queue__out_of_reach(void **state)
{
	struct guest_queue eq;
	uint64_t before = g->dev->stats.events;
	char said[256], wanted[128];
	struct capture c;

	assert_int_equal(create(&eq, QUEUE_LOG, 0, 100), STATUS_OK);
	queue(&eq)->ring.pages[0] = GUEST_BASE + GUEST_BYTES;
	c = capture_start(stderr);
	for (unsigned int i = 0; i < 3; i++)
		assert_true(post(100)); /* what is known already is no news */
	capture_end(&c, said, sizeof(said));
	snprintf(wanted, sizeof(wanted),
		 "odplab: error: event queue %u is out of reach: events are lost\n",
		 eq.number);
	assert_string_equal(said, wanted);
	assert_true(queue(&eq)->overrun);
	assert_int_equal(queue(&eq)->producer, 0);
	assert_int_equal(g->dev->stats.events, before);
}

static void queue__queried(void **state)
{
	uint8_t in[16] = { 0 }, out[272] = { 0 };
	const uint8_t *c = const_block(out, query_eq_out_eq_context_entry);
	struct guest_queue eq;

	assert_int_equal(create(&eq, QUEUE_LOG, 0, 9), STATUS_OK);
	/* not by event_post(): another queue wants that type, too */
	for (unsigned int i = 0; i < 2; i++)
		eq_push(g->dev, queue(&eq), (enum event_type)9, 0, NULL);
	eq_doorbell(g->dev, eq.number, 1, false);
	store_be32(in, COMMAND_QUERY_EQ << 16);
	field_set(in, query_eq_in_eq_number, eq.number);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	assert_int_equal(field_get(c, eqc_log_eq_size), QUEUE_LOG);
	assert_int_equal(field_get(c, eqc_intr), VECTOR);
	assert_int_equal(field_get(c, eqc_st), 0xa); /* fired */
	assert_int_equal(field_get(c, eqc_consumer_counter), 1);
	assert_int_equal(field_get(c, eqc_producer_counter), 2);
	assert_int_equal(field_get(out, query_eq_out_event_bitmask), 1u << 9);
	eq_doorbell(g->dev, eq.number, 2, true);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	assert_int_equal(field_get(c, eqc_st), 0x9); /* armed */
	field_set(in, query_eq_in_eq_number, eq.number + 1);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)),
			 STATUS_BAD_RESOURCE);
}

/* At most 2^22 entries, for which the pages must be there. */
static void queue__size(void **state)
{
	unsigned int before = g->dev->eqs.count;
	struct guest_queue eq;

	assert_int_equal(create(&eq, 23, 17, 100), STATUS_BAD_PARAM);
	assert_int_equal(create(&eq, 22, 15, 100), STATUS_BAD_PARAM);
	assert_int_equal(g->dev->eqs.count, before);
	assert_int_equal(create(&eq, 22, 16, 100), STATUS_OK);
	assert_int_equal(queue(&eq)->ring.bytes, 64u << 22);
}

static void queue__destroyed(void **state)
{
	struct guest_queue eq;

	assert_int_equal(create(&eq, QUEUE_LOG, 0, 100), STATUS_OK);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_EQ, destroy_eq_in_eq_number,
				      eq.number),
			 STATUS_OK);
	assert_false(event_wanted(g->dev, (enum event_type)100));
	assert_null(queue(&eq));
	device_reset(g->dev);
	assert_int_equal(g->dev->eqs.count, 0);
	assert_int_equal(g->dev->eqs.size, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(event__goes_where_it_is_wanted),
		TEST(event__content),
		TEST(interrupt__once_when_armed),
		TEST(interrupt__counter_goes_round),
		TEST(queue__full),
		TEST(queue__out_of_reach),
		TEST(queue__queried),
		TEST(queue__size),
		TEST(queue__destroyed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
