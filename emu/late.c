// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* late.c - DMA writes that are still under way when the device goes on */
#include "late.h"

#include "base/clock.h"
#include "base/util.h"
#include "device.h"
#include "mkey.h"
#include "qp.h"

#include <stdlib.h>
#include <string.h>

struct late_write {
	TAILQ_ENTRY(late_write) entry;
	struct timer timer;
	struct mkey *mkey;
	uint32_t qpn;
	uint64_t serial; /* of the queue pair that waits; 0: none does */
	uint8_t *host;
	size_t len;
	uint8_t data[];
};

/* Whoever waits for a late write looks again whether it was the last one. */
static void wake_waiters(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->qps, &number)))
		qp_wake(dev, (struct qp *)object, WAIT_LATE_WRITE);
}

static void land(struct device *dev, struct late_write *write)
{
	struct qp *qp = qp_get(dev, write->qpn);

	memcpy(write->host, write->data, write->len);
	if (write->mkey)
		write->mkey->late_writes--;
	if (qp && qp->serial == write->serial)
		qp->late_writes--;
	timer_cancel(&dev->timers, &write->timer);
	TAILQ_REMOVE(&dev->late, write, entry);
	free(write);
	wake_waiters(dev);
}

static void due(struct device *dev, struct timer *timer)
{
	land(dev, container_of(timer, struct late_write, timer));
}

void late_write(struct device *dev, const struct span *to, struct qp *qp,
		const void *from, size_t len)
{
	struct late_write *write = calloc(1, sizeof(*write) + len);

	if (!write ||
	    timer_arm(&dev->timers, &write->timer, clock_ns() + LATE_DELAY_NS)) {
		free(write);
		memmove(to->host, from, len);
		return;
	}
	write->timer.fire = due;
	write->mkey = to->leaf;
	write->host = to->host;
	write->len = len;
	memcpy(write->data, from, len);
	if (to->leaf)
		to->leaf->late_writes++;
	if (qp) {
		write->qpn = qp->object.number;
		write->serial = qp->serial;
		qp->late_writes++;
	}
	TAILQ_INSERT_TAIL(&dev->late, write, entry);
}

void late_forget(struct device *dev, const struct mkey *mkey)
{
	struct late_write *write;

	TAILQ_FOREACH(write, &dev->late, entry)
	if (write->mkey == mkey)
		write->mkey = NULL;
}

void late_land_all(struct device *dev)
{
	while (!TAILQ_EMPTY(&dev->late))
		land(dev, TAILQ_FIRST(&dev->late));
}
