/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* timer.h - what the device has to do later: a heap of deadlines */
#ifndef ODPLAB_EMU_TIMER_H
#define ODPLAB_EMU_TIMER_H

#include <stdint.h>

struct device;

struct timer {
	uint64_t due;	    /* of clock_ns() */
	unsigned int place; /* in the heap, from 1; 0: not armed */
	void (*fire)(struct device *dev, struct timer *timer);
};

struct timers {
	struct timer **heap; /* from index 1 */
	unsigned int n, size;
};

/* Arms or re-arms. 0 or -ENOMEM. */
int timer_arm(struct timers *timers, struct timer *timer, uint64_t due);
void timer_cancel(struct timers *timers, struct timer *timer);

/* When the next is due; UINT64_MAX if none is armed. */
uint64_t timers_next(const struct timers *timers);

/* Fires all that are due at @now. */
void timers_run(struct timers *timers, struct device *dev, uint64_t now);
void timers_free(struct timers *timers);

#endif
