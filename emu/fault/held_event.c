// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* held_event.c - page-fault events that are reported late, or several at once */
#include "fault/held_event.h"

#include "base/clock.h"
#include "base/util.h"
#include "device/device.h"
#include "queue/eq.h"

#include <stdlib.h>
#include <string.h>

struct held_event {
	TAILQ_ENTRY(held_event) entry;
	struct timer timer;
	uint8_t sub_type;
	uint8_t data[EVENT_DATA_BYTES];
};

static void forget(struct device *dev, struct held_event *held)
{
	timer_cancel(&dev->timers, &held->timer);
	TAILQ_REMOVE(&dev->held_events, held, entry);
	free(held);
}

static void due(struct device *dev, struct timer *timer)
{
	struct held_event *held = container_of(timer, struct held_event, timer);

	event_post(dev, EVENT_PAGE_FAULT, held->sub_type, held->data);
	forget(dev, held);
}

/* When to report it; 0: now. Those of one burst have the same moment. */
static uint64_t moment(struct device *dev)
{
	uint64_t now = clock_ns(), period;

	if (behave(dev, BEHAVE_EVENTS_LATE))
		return now + behave_value(dev, BEHAVE_EVENTS_LATE) * NSEC_PER_USEC;
	if (!behave(dev, BEHAVE_EVENTS_BURST))
		return 0;
	period = behave_value(dev, BEHAVE_EVENTS_BURST) * NSEC_PER_USEC;
	return now - now % period + period;
}

void held_event_post(struct device *dev, uint8_t sub_type, const uint8_t *data)
{
	uint64_t when = moment(dev);
	struct held_event *held = when ? calloc(1, sizeof(*held)) : NULL;

	if (!held || timer_arm(&dev->timers, &held->timer, when)) {
		free(held);
		event_post(dev, EVENT_PAGE_FAULT, sub_type, data);
		return;
	}
	held->timer.fire = due;
	held->sub_type = sub_type;
	memcpy(held->data, data, EVENT_DATA_BYTES);
	TAILQ_INSERT_TAIL(&dev->held_events, held, entry);
}

void held_events_free(struct device *dev)
{
	while (!TAILQ_EMPTY(&dev->held_events))
		forget(dev, TAILQ_FIRST(&dev->held_events));
}
