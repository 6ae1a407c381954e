// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* timer.c - what the device has to do later: a binary heap of deadlines */
#include "device/timer.h"

#include <errno.h>
#include <stdlib.h>

static void put(struct timers *timers, unsigned int place, struct timer *timer)
{
	timers->heap[place] = timer;
	timer->place = place;
}

static void sift_up(struct timers *timers, struct timer *timer)
{
	unsigned int place = timer->place;

	while (place > 1 && timers->heap[place / 2]->due > timer->due) {
		put(timers, place, timers->heap[place / 2]);
		place /= 2;
	}
	put(timers, place, timer);
}

static void sift_down(struct timers *timers, struct timer *timer)
{
	unsigned int place = timer->place;

	while (place * 2 <= timers->n) {
		unsigned int child = place * 2;

		if (child < timers->n &&
		    timers->heap[child + 1]->due < timers->heap[child]->due)
			child++;
		if (timers->heap[child]->due >= timer->due)
			break;
		put(timers, place, timers->heap[child]);
		place = child;
	}
	put(timers, place, timer);
}

int timer_arm(struct timers *timers, struct timer *timer, uint64_t due)
{
	timer_cancel(timers, timer);
	if (timers->n + 1 >= timers->size) {
		unsigned int size = timers->size ? timers->size * 2 : 64;
		struct timer **heap =
			realloc(timers->heap, size * sizeof(struct timer *));

		if (!heap)
			return -ENOMEM;
		timers->heap = heap;
		timers->size = size;
	}
	timer->due = due;
	put(timers, ++timers->n, timer);
	sift_up(timers, timer);
	return 0;
}

void timer_cancel(struct timers *timers, struct timer *timer)
{
	struct timer *last;
	unsigned int place = timer->place;

	if (!place)
		return;
	timer->place = 0;
	last = timers->heap[timers->n--];
	if (last == timer)
		return;
	put(timers, place, last);
	sift_up(timers, last);
	sift_down(timers, last);
}

uint64_t timers_next(const struct timers *timers)
{
	return timers->n ? timers->heap[1]->due : UINT64_MAX;
}

void timers_run(struct timers *timers, struct device *dev, uint64_t now)
{
	while (timers->n && timers->heap[1]->due <= now) {
		struct timer *timer = timers->heap[1];

		timer_cancel(timers, timer);
		timer->fire(dev, timer);
	}
}

void timers_free(struct timers *timers)
{
	free(timers->heap);
	*timers = (struct timers){ 0 };
}
