// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* delayed_dma.c - DMA writes that are still under way when the device goes on */
#include "transfer/delayed_dma.h"

#include "base/clock.h"
#include "base/util.h"
#include "device/device.h"
#include "key/mkey.h"
#include "qp/qp.h"

#include <stdlib.h>
#include <string.h>

struct delayed_write {
	TAILQ_ENTRY(delayed_write) entry;
	struct timer timer;
	struct mkey *mkey;
	uint32_t qpn;
	uint64_t serial; /* of the queue pair that waits; 0: none does */
	uint8_t *host;
	size_t len;
	uint8_t data[];
};

/* A queue pair that waits for delayed writes looks again whether any is left. */
static void wake_waiters(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->qps, &number)))
		qp_wake(dev, (struct qp *)object, WAIT_DELAYED_DMA);
}

static void finish(struct device *dev, struct delayed_write *write)
{
	struct qp *qp = qp_get(dev, write->qpn);
	bool last = !write->mkey;

	memcpy(write->host, write->data, write->len);
	if (write->mkey)
		last = !--write->mkey->delayed_writes;
	if (qp && qp->serial == write->serial)
		last |= !--qp->delayed_writes;
	timer_cancel(&dev->timers, &write->timer);
	TAILQ_REMOVE(&dev->delayed, write, entry);
	free(write);
	if (last)
		wake_waiters(dev);
}

static void due(struct device *dev, struct timer *timer)
{
	finish(dev, container_of(timer, struct delayed_write, timer));
}

void delayed_dma_write(struct device *dev, const struct span *to, struct qp *qp,
		       const void *from, size_t len)
{
	delayed_dma_write_after(dev, to, qp, from, len, DMA_DELAY_NS);
}

void delayed_dma_write_after(struct device *dev, const struct span *to, struct qp *qp,
			     const void *from, size_t len, uint64_t delay)
{
	struct delayed_write *write = calloc(1, sizeof(*write) + len);

	if (!write || timer_arm(&dev->timers, &write->timer, clock_ns() + delay)) {
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
		to->leaf->delayed_writes++;
	if (qp) {
		write->qpn = qp->object.number;
		write->serial = qp->serial;
		qp->delayed_writes++;
	}
	TAILQ_INSERT_TAIL(&dev->delayed, write, entry);
}

void delayed_dma_forget(struct device *dev, const struct mkey *mkey)
{
	struct delayed_write *write;

	TAILQ_FOREACH(write, &dev->delayed, entry)
	if (write->mkey == mkey)
		write->mkey = NULL;
}

void delayed_dma_finish(struct device *dev, const uint8_t *host, uint64_t len)
{
	struct delayed_write *write, *next;

	for (write = TAILQ_FIRST(&dev->delayed); write; write = next) {
		next = TAILQ_NEXT(write, entry);
		if (write->host < host + len && host < write->host + write->len)
			finish(dev, write);
	}
}

void delayed_dma_finish_all(struct device *dev)
{
	while (!TAILQ_EMPTY(&dev->delayed))
		finish(dev, TAILQ_FIRST(&dev->delayed));
}
