// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* device.c - one emulated ConnectX: made, reset, given time to work */
#include "device/device.h"
#include "base/clock.h"
#include "base/util.h"
#include "cmd/caps.h"
#include "cmd/command_queue.h"
#include "device/trace.h"
#include "fault/fault.h"
#include "fault/held_event.h"
#include "key/mkey.h"
#include "qp/counter.h"
#include "qp/qp.h"
#include "queue/cq.h"
#include "queue/eq.h"
#include "queue/receive.h"
#include "transfer/delayed_dma.h"
#include "transport/held_completion.h"
#include "transport/qp_life.h"
#include "transport/turn.h"

#include <stdlib.h>

/* Queue pairs that have a turn before the owner does its other work */
#define TURNS 16

/* Numbers begin where no driver mistakes them for something reserved. */
enum first_number {
	FIRST_UAR = 16, /* the pages before hold the initialisation segment and MSI-X */
	FIRST_RESOURCE = 1,
	FIRST_EQ = 4,
	FIRST_CQ = 0x40,
	FIRST_QP = 0x40,
	FIRST_SRQ = 0x40,
	FIRST_MKEY = 0x1000,
};

enum limit {
	LIMIT_UARS = 8192 - FIRST_UAR,
	LIMIT_USERS = 1 << 15,
	LIMIT_RESOURCES = 1 << 16,
	LIMIT_EQS = 124,
	LIMIT_CQS = 1 << 16,
	LIMIT_QPS = 1 << 17,
	LIMIT_SRQS = 1 << 16,
	LIMIT_MKEYS = 1 << 20,
	LIMIT_COUNTERS = 128,
};

static void tables_init(struct device *dev)
{
	objects_init(&dev->uars, FIRST_UAR, LIMIT_UARS);
	objects_init(&dev->pds, FIRST_RESOURCE, LIMIT_RESOURCES);
	objects_init(&dev->xrcds, FIRST_RESOURCE, LIMIT_RESOURCES);
	objects_init(&dev->domains, FIRST_RESOURCE, LIMIT_RESOURCES);
	objects_init(&dev->users, FIRST_RESOURCE, LIMIT_USERS);
	objects_init(&dev->eqs, FIRST_EQ, LIMIT_EQS);
	objects_init(&dev->cqs, FIRST_CQ, LIMIT_CQS);
	objects_init(&dev->mkeys, FIRST_MKEY, LIMIT_MKEYS);
	objects_init(&dev->qps, FIRST_QP, LIMIT_QPS);
	objects_init(&dev->srqs, FIRST_SRQ, LIMIT_SRQS);
	objects_init(&dev->counters, FIRST_RESOURCE, LIMIT_COUNTERS);
}

static void free_plain(struct objects *table)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(table, &number))) {
		objects_remove(table, object);
		free(object);
	}
	objects_free(table);
}

/* An object is freed before those that it refers to. */
static void tables_free(struct device *dev)
{
	delayed_dma_finish_all(dev);
	held_completions_free(dev);
	qps_free(dev);
	faults_free(dev);
	held_events_free(dev);
	srqs_free(dev);
	counters_free(dev);
	cqs_free(dev);
	eqs_free(dev);
	mkeys_free(dev);
	free_plain(&dev->uars);
	free_plain(&dev->pds);
	free_plain(&dev->xrcds);
	free_plain(&dev->domains);
	free_plain(&dev->users);
}

struct device *device_new(const struct device_config *config)
{
	struct device *dev = calloc(1, sizeof(*dev));

	if (!dev)
		return NULL;
	dev->config = *config;
	dev->born = clock_ns();
	dev->inject.table = &injection_table;
	dev->inject.rand.state = config->seed;
	dev->behave.table = &behaviour_table;
	dev->behave.rand.state = config->seed;
	TAILQ_INIT(&dev->ready);
	TAILQ_INIT(&dev->flushing);
	TAILQ_INIT(&dev->faults);
	TAILQ_INIT(&dev->delayed);
	TAILQ_INIT(&dev->held_events);
	TAILQ_INIT(&dev->held_completions);
	TAILQ_INIT(&dev->persist.log);
	tables_init(dev);
	dev->caps = caps_new(dev);
	dev->sink = aligned_alloc(PAGE_BYTES, PAGE_BYTES);
	if (!dev->caps || !dev->sink || persist_init(&dev->persist, config->pmem)) {
		device_free(dev);
		return NULL;
	}
	return dev;
}

void device_free(struct device *dev)
{
	if (!dev)
		return;
	tables_free(dev);
	timers_free(&dev->timers);
	command_queue_free(&dev->commands);
	persist_free(&dev->persist);
	dma_unmap_all(&dev->dma);
	free(dev->caps);
	free(dev->sink);
	free(dev);
}

void device_reset(struct device *dev)
{
	tables_free(dev);
	timer_cancel(&dev->timers, &dev->flush_timer);
	command_queue_free(&dev->commands);
	caps_reset(dev->caps);
	dev->issi = 0;
	dev->port_capabilities = 0;
}

bool device_work(struct device *dev)
{
	struct qp *qp;

	timers_run(&dev->timers, dev, clock_ns());
	for (unsigned int i = 0; i < TURNS && (qp = TAILQ_FIRST(&dev->ready)); i++) {
		if (!qp_turn(dev, qp))
			continue;
		TAILQ_REMOVE(&dev->ready, qp, entry);
		TAILQ_INSERT_TAIL(&dev->ready, qp, entry);
	}
	return !TAILQ_EMPTY(&dev->ready);
}

bool device_linger(struct device *dev)
{
	struct qp *qp = dev->lingering ? qp_get(dev, dev->lingering) : NULL;
	uint64_t deadline = clock_ns() + DEVICE_LINGER_NS;

	dev->lingering = 0;
	while (qp && !clock_passed(deadline)) {
		if (!qp_has_work(dev, qp))
			continue;
		qp_schedule(dev, qp);
		return true;
	}
	return false;
}

uint64_t device_deadline(const struct device *dev)
{
	return timers_next(&dev->timers);
}
