// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* held_completion.c - completions that come late, or several at once, in their order */
#include "transport/held_completion.h"

#include "base/clock.h"
#include "base/util.h"
#include "device/device.h"
#include "qp/qp.h"
#include "transport/completion.h"

#include <stdlib.h>

struct held_completion {
	TAILQ_ENTRY(held_completion) entry;
	uint64_t due;
	struct cq *cq;
	struct completion completion;
};

static void post_first(struct device *dev)
{
	struct held_completion *held = TAILQ_FIRST(&dev->held_completions);

	TAILQ_REMOVE(&dev->held_completions, held, entry);
	completion_post_now(dev, held->cq, &held->completion);
	free(held);
}

static void due(struct device *dev, struct timer *timer)
{
	struct held_completion *first;
	uint64_t now = timer->due;

	while ((first = TAILQ_FIRST(&dev->held_completions)) && first->due <= now)
		post_first(dev);
	if (first && timer_arm(&dev->timers, timer, first->due))
		held_completions_post(dev);
}

/* When to post it; 0: now */
static uint64_t moment(struct device *dev, const struct qp *qp)
{
	uint64_t now = clock_ns(), period;

	if (qp_behave(dev, qp, BEHAVE_COMPLETION_LATE))
		return now + behave_value(dev, BEHAVE_COMPLETION_LATE) * NSEC_PER_USEC;
	if (!qp_behave(dev, qp, BEHAVE_COMPLETION_MERGED))
		return 0;
	period = behave_value(dev, BEHAVE_COMPLETION_MERGED) * NSEC_PER_USEC;
	return now - now % period + period;
}

bool held_completion_take(struct device *dev, const struct qp *qp, struct cq *cq,
			  const struct completion *completion)
{
	bool first = TAILQ_EMPTY(&dev->held_completions);
	uint64_t when = moment(dev, qp);
	struct held_completion *held;

	if (qp_of_kernel(qp) || (!when && first))
		return false;
	/* whenever it is due, it waits for those before it */
	held = malloc(sizeof(*held));
	if (!held || (first && timer_arm(&dev->timers, &dev->held_timer, when))) {
		free(held);
		held_completions_post(dev);
		return false;
	}
	*held = (struct held_completion){ .due = when,
					  .cq = cq,
					  .completion = *completion };
	dev->held_timer.fire = due;
	TAILQ_INSERT_TAIL(&dev->held_completions, held, entry);
	return true;
}

void held_completions_post(struct device *dev)
{
	timer_cancel(&dev->timers, &dev->held_timer);
	while (!TAILQ_EMPTY(&dev->held_completions))
		post_first(dev);
}

void held_completions_free(struct device *dev)
{
	struct held_completion *held;

	timer_cancel(&dev->timers, &dev->held_timer);
	while ((held = TAILQ_FIRST(&dev->held_completions))) {
		TAILQ_REMOVE(&dev->held_completions, held, entry);
		free(held);
	}
}
