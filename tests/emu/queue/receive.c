// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* receive.c - receive queues: what is taken off them, and when a shared one runs low */
#include "queue/receive.h"
#include "cmocka_all.h"
#include "guest.h"
#include "queue/eq.h"

#include <errno.h>
#include <string.h>

#define LOG_SIZE   2
#define ENTRIES	   (1u << LOG_SIZE)
#define LOG_STRIDE 6
#define STRIDE	   (1u << LOG_STRIDE)
#define OUTSIDE	   (GUEST_BASE + GUEST_BYTES)

struct setup {
	struct guest *g;
	uint64_t at, record;
	struct ring ring;
	uint64_t pages[1];
	struct receive_queue queue;
	struct receive taken;
};

static int begin(void **state)
{
	static struct setup w;

	w = (struct setup){ .g = guest_new(SCHEME_MEMORY) };
	w.at = guest_alloc(w.g, PAGE);
	w.record = guest_alloc(w.g, PAGE);
	w.pages[0] = w.at;
	w.ring = (struct ring){
		.pages = w.pages, .bytes = ENTRIES * STRIDE, .page_shift = 12, .n = 1
	};
	w.queue = (struct receive_queue){ .ring = &w.ring,
					  .doorbell = w.record,
					  .log_size = LOG_SIZE,
					  .log_stride = LOG_STRIDE };
	*state = &w;
	return 0;
}

static int end(void **state)
{
	struct setup *w = *state;

	guest_free(w->g);
	return 0;
}

static void post(struct setup *w, uint32_t posted)
{
	store_be32(guest_at(w->g, w->record), posted);
}

static void segment(struct setup *w, unsigned int slot, unsigned int at, uint32_t len,
		    uint32_t key)
{
	uint8_t *seg = guest_at(w->g, w->at + (uint64_t)slot * STRIDE + at);

	guest_segment(seg, 0x1000 * slot + at, len, key);
}

static int take(struct setup *w)
{
	memset(&w->taken, 0xff, sizeof(w->taken));
	return receive_take(w->g->dev, &w->queue, &w->taken);
}

/* The counts of 16 bits go round. */
static void queue__posted(void **state)
{
	static uint32_t record;
	struct setup *w = *state;

	assert_int_equal(receive_posted(w->g->dev, &w->queue), 0);
	post(w, 0x70003);
	w->queue.consumed = 1;
	assert_int_equal(receive_posted(w->g->dev, &w->queue), 2);
	w->queue.consumed = 0xfffe;
	assert_int_equal(receive_posted(w->g->dev, &w->queue), 5);
	w->queue.doorbell = OUTSIDE;
	assert_int_equal(receive_posted(w->g->dev, &w->queue), -EFAULT);
	/* the device reads it, no more */
	assert_int_equal(dma_map_host(&w->g->dev->dma, OUTSIDE, 4, &record), 0);
	dma_window(&w->g->dev->dma, OUTSIDE)->writable = false;
	assert_int_equal(receive_posted(w->g->dev, &w->queue), 2);
}

/* By injection the third piece has the second one's key. */
static void take__third_key(void **state)
{
	struct setup *w = *state;

	for (unsigned int i = 0; i < 3; i++)
		segment(w, 0, i * 16, 8, 0x4200 + i);
	segment(w, 0, 48, 0, KEY_TERMINATE);
	assert_int_equal(rules_on(&w->g->dev->inject, "receive-key-wrong"), 0);
	post(w, 1);
	assert_int_equal(take(w), 0);
	assert_int_equal(w->taken.n, 3);
	assert_int_equal(w->taken.sges[1].key, 0x4201);
	assert_int_equal(w->taken.sges[2].key, 0x4201);
}

static void take__one_after_the_other(void **state)
{
	struct setup *w = *state;

	for (unsigned int i = 0; i < ENTRIES; i++) {
		segment(w, i, 0, 10 + i, 0x4200 + i);
		segment(w, i, 16, 0, 0x5500);
		segment(w, i, 32, 7, KEY_TERMINATE);
		segment(w, i, 48, 7, 0x5500);
	}
	w->queue.consumed = 0xffff;
	post(w, 2);
	for (unsigned int i = 0; i < 3; i++) {
		unsigned int slot = (0xffffu + i) % ENTRIES;

		assert_int_equal(take(w), 0);
		assert_int_equal(w->taken.index, slot);
		/* the special key ends the list */
		assert_int_equal(w->taken.n, 2);
		assert_int_equal(w->taken.sges[0].len, 10 + slot);
		assert_int_equal(w->taken.sges[0].key, 0x4200 + slot);
		assert_int_equal(w->taken.sges[0].addr, 0x1000 * slot);
		assert_null(w->taken.sges[0].data);
		/* a length of 0 stands for 2 GiB */
		assert_int_equal(w->taken.sges[1].len, 1u << 31);
		assert_int_equal(w->taken.sges[1].addr, 0x1000 * slot + 16);
	}
	assert_int_equal(w->queue.consumed, 2);
	assert_int_equal(take(w), -ENOBUFS);
	assert_int_equal(w->queue.consumed, 2);
}

/* Each entry of a shared queue begins with the number of the next. */
static void take__linked(void **state)
{
	static const unsigned int order[] = { 0, 2, 1, 3 };
	struct setup *w = *state;

	w->queue.linked = true;
	for (unsigned int i = 0; i < ENTRIES; i++) {
		field_set(guest_at(w->g, w->at + (uint64_t)order[i] * STRIDE),
			  srq_next_seg_next_wqe_index, order[(i + 1) % ENTRIES]);
		for (unsigned int at = 16; at < STRIDE; at += 16)
			segment(w, order[i], at, 8, 0x4200);
	}
	post(w, ENTRIES);
	for (unsigned int i = 0; i < ENTRIES; i++) {
		assert_int_equal(take(w), 0);
		assert_int_equal(w->taken.index, order[i]);
		assert_int_equal(w->taken.n, 3);
		assert_int_equal(w->taken.sges[2].addr, 0x1000 * order[i] + 48);
	}
	assert_int_equal(w->queue.consumed, ENTRIES);
}

static void take__most_segments(void **state)
{
	struct setup *w = *state;

	w->queue.log_size = 0;
	w->queue.log_stride = 10;
	w->ring.bytes = 1024;
	for (unsigned int i = 0; i < 1024 / 16; i++)
		segment(w, 0, i * 16, 8, 0x4200);
	post(w, 1);
	assert_int_equal(take(w), 0);
	assert_int_equal(w->taken.n, RECEIVE_SGES);
}

/* A record, an entry or a count that cannot be: nothing is taken. */
static void take__nonsense(void **state)
{
	struct setup *w = *state;

	post(w, ENTRIES + 1);
	assert_int_equal(take(w), -EFAULT);
	post(w, ENTRIES);
	w->pages[0] = OUTSIDE;
	assert_int_equal(take(w), -EFAULT);
	w->pages[0] = w->at;
	w->queue.doorbell = OUTSIDE;
	assert_int_equal(take(w), -EFAULT);
	assert_int_equal(w->queue.consumed, 0);
	w->queue.doorbell = w->record;
	assert_int_equal(take(w), 0);
}

/* One event, when fewer than the limit are posted, which then is none any more. */
static void shared__limit(void **state)
{
	struct setup *w = *state;
	struct guest_queue queue;
	uint32_t number = guest_shared_queue(w->g, &queue);
	struct srq *srq = srq_get(w->g->dev, number);
	uint8_t eqe[64];

	assert_non_null(srq);
	srq_check_limit(w->g->dev, srq);
	srq->limit = 2;
	store_be32(guest_at(w->g, queue.record), 2);
	srq_check_limit(w->g->dev, srq);
	assert_false(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(srq->limit, 2);
	store_be32(guest_at(w->g, queue.record), 0);
	srq_check_limit(w->g->dev, srq);
	assert_true(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_SRQ_LIMIT);
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number),
			 number);
	assert_int_equal(srq->limit, 0);
	srq->limit = 2;
	srq->queue.doorbell = OUTSIDE;
	srq_check_limit(w->g->dev, srq);
	assert_false(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(srq->limit, 2);
}

static void shared__freed(void **state)
{
	struct setup *w = *state;
	struct guest_queue queue;
	struct cq *cq = cq_get(w->g->dev, w->g->cq.number);
	struct srq *srq = NULL;

	for (unsigned int i = 0; i < 3; i++) {
		srq = srq_get(w->g->dev, guest_shared_queue(w->g, &queue));
		srq->cq = cq; /* as one of XRC has */
		cq->object.refs++;
	}
	srq_free(w->g->dev, srq);
	assert_int_equal(cq->object.refs, 2);
	assert_int_equal(w->g->dev->srqs.count, 2);
	srqs_free(w->g->dev);
	assert_int_equal(cq->object.refs, 0);
	assert_int_equal(w->g->dev->srqs.count, 0);
	assert_int_equal(w->g->dev->srqs.size, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(queue__posted),	   TEST(take__one_after_the_other),
		TEST(take__third_key),	   TEST(take__linked),
		TEST(take__most_segments), TEST(take__nonsense),
		TEST(shared__limit),	   TEST(shared__freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
