// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* delayed_dma.c - DMA writes that land later: when, and what waits for them */
#include "transfer/delayed_dma.h"
#include "cmocka_all.h"
#include "qp_pair.h"

#include "base/clock.h"

#include <errno.h>
#include <string.h>

#define LENGTH 16u

static struct span target(const struct qp_pair *l, uint32_t offset)
{
	return (struct span){ .host = l->to + offset,
			      .len = LENGTH,
			      .leaf = mkey_find(l->g->dev, l->rkey) };
}

static void write__lands_when_due(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	struct qp *qp = qp_get(dev, l->pair.a.number);
	struct span to = target(l, 0);
	uint64_t before = clock_ns(), due;
	uint8_t data[LENGTH];

	memcpy(data, l->from, LENGTH);
	delayed_dma_write(dev, &to, qp, data, LENGTH);
	memset(data, 0xff, LENGTH); /* what counts is what it held before */
	due = device_deadline(dev);
	assert_in_range(due, before + DMA_DELAY_NS, clock_ns() + DMA_DELAY_NS);
	timers_run(&dev->timers, dev, due - 1);
	assert_int_equal(l->to[0], 0);
	assert_int_equal(to.leaf->delayed_writes, 1);
	assert_int_equal(qp->delayed_writes, 1);
	timers_run(&dev->timers, dev, due);
	assert_memory_equal(l->to, l->from, LENGTH);
	assert_int_equal(l->to[LENGTH], 0);
	assert_int_equal(to.leaf->delayed_writes, 0);
	assert_int_equal(qp->delayed_writes, 0);
	assert_int_equal(device_deadline(dev), UINT64_MAX);
}

/* Through a reserved key there is nothing to count at; nor does every message wait. */
static void write__counted_nowhere(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	struct span to = { .host = l->to, .len = LENGTH };

	delayed_dma_write(dev, &to, NULL, l->from, LENGTH);
	delayed_dma_finish_all(dev);
	assert_memory_equal(l->to, l->from, LENGTH);
}

/*
 * Queue pairs that wait for a write look again; those that wait for something else do
 * not.
 */
static void write__wakes_waiters(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	struct qp *a = qp_get(dev, l->pair.a.number), *b = qp_get(dev, l->pair.b.number);
	struct span to = target(l, 0);

	guest_run(l->g);
	delayed_dma_write(dev, &to, a, l->from, LENGTH);
	a->wait = WAIT_DELAYED_DMA;
	b->wait = WAIT_FAULT;
	qp_schedule(dev, a);
	assert_null(a->list);
	timers_run(&dev->timers, dev, UINT64_MAX);
	assert_int_equal(a->wait, WAIT_NOTHING);
	assert_ptr_equal(a->list, &dev->ready);
	assert_int_equal(b->wait, WAIT_FAULT);
	assert_null(b->list);
}

/* Its number is another queue pair's by the time that the write lands. */
static void write__of_a_queue_pair_that_is_gone(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	struct qp *qp = qp_get(dev, l->pair.a.number);
	struct span to = target(l, 0);

	delayed_dma_write(dev, &to, qp, l->from, LENGTH);
	qp->serial = ++dev->serial;
	delayed_dma_finish_all(dev);
	assert_memory_equal(l->to, l->from, LENGTH);
	assert_int_equal(qp->delayed_writes, 1);
	delayed_dma_write(dev, &to, qp, l->from, LENGTH);
	assert_int_equal(guest_simple(l->g, COMMAND_DESTROY_QP, destroy_qp_in_qpn,
				      l->pair.a.number),
			 STATUS_OK);
	delayed_dma_finish_all(dev);
}

static void write__of_a_key_that_is_gone(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	struct mkey *local = mkey_find(dev, l->lkey);
	struct span to = target(l, 0), other = { .host = l->from, .leaf = local };

	delayed_dma_write(dev, &to, NULL, l->from, LENGTH);
	delayed_dma_write(dev, &other, NULL, l->from + PAGE, LENGTH);
	delayed_dma_forget(dev, to.leaf);
	delayed_dma_finish_all(dev);
	assert_int_equal(l->to[0], 1);
	assert_int_equal(to.leaf->delayed_writes, 1);
	assert_int_equal(local->delayed_writes, 0);
}

/* All land, the oldest first, and none comes again when it would have been due. */
static void writes__finished(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	struct span to = target(l, 0), next = target(l, LENGTH);

	delayed_dma_write(dev, &to, NULL, l->from + PAGE, LENGTH);
	delayed_dma_write(dev, &to, NULL, l->from, LENGTH);
	delayed_dma_write(dev, &next, NULL, l->from + LENGTH, LENGTH);
	assert_int_equal(to.leaf->delayed_writes, 3);
	delayed_dma_finish_all(dev);
	assert_memory_equal(l->to, l->from, 2 * LENGTH);
	assert_int_equal(to.leaf->delayed_writes, 0);
	assert_true(TAILQ_EMPTY(&dev->delayed));
	assert_int_equal(device_deadline(dev), UINT64_MAX);
}

static bool out_of_memory;

int __real_timer_arm(struct timers *timers, struct timer *timer, uint64_t due);
int __wrap_timer_arm(struct timers *timers, struct timer *timer, uint64_t due);

int __wrap_timer_arm(struct timers *timers, struct timer *timer, uint64_t due)
{
	return out_of_memory ? -ENOMEM : __real_timer_arm(timers, timer, due);
}

static void write__at_once_when_out_of_memory(void **state)
{
	struct qp_pair *l = *state;
	struct span to = target(l, 0);

	out_of_memory = true;
	delayed_dma_write(l->g->dev, &to, qp_get(l->g->dev, l->pair.a.number), l->from,
			  LENGTH);
	out_of_memory = false;
	assert_memory_equal(l->to, l->from, LENGTH);
	assert_int_equal(to.leaf->delayed_writes, 0);
	assert_true(TAILQ_EMPTY(&l->g->dev->delayed));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(write__lands_when_due),
		TEST(write__counted_nowhere),
		TEST(write__wakes_waiters),
		TEST(write__of_a_queue_pair_that_is_gone),
		TEST(write__of_a_key_that_is_gone),
		TEST(writes__finished),
		TEST(write__at_once_when_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
