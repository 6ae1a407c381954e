/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* eq.h - event queues: what the device reports to the driver, and its interrupts */
#ifndef ODPLAB_EMU_EQ_H
#define ODPLAB_EMU_EQ_H

#include "device/object.h"
#include "queue/ring.h"

#include <stdbool.h>

struct device;

enum event_type {
	EVENT_COMPLETION = 0x00,
	EVENT_COMM_ESTABLISHED = 0x02,
	EVENT_CQ_ERROR = 0x04,
	EVENT_WQ_FATAL = 0x05,
	EVENT_COMMAND = 0x0a,
	EVENT_PAGE_FAULT = 0x0c,
	EVENT_WQ_ACCESS = 0x11,
	EVENT_SRQ_LAST_WQE = 0x13,
	EVENT_SRQ_LIMIT = 0x14,
	EVENT_DCT_DRAINED = 0x1c,
	EVENT_DCT_KEY_VIOLATION = 0x1d,
};

struct eq {
	struct object object;
	struct ring ring;
	uint8_t context[64]; /* as the driver gave it */
	uint64_t mask[4];    /* event types that come here */
	unsigned int vector, log_size;
	uint32_t producer, consumer;
	bool armed;
	bool overrun; /* logged already */
};

#define EVENT_DATA_BYTES 28

/* Puts an event into @eq. */
void eq_push(struct device *dev, struct eq *eq, enum event_type type, uint8_t sub_type,
	     const void *data);

/* Puts an event into the queue that asked for its type. False if none did. */
bool event_post(struct device *dev, enum event_type type, uint8_t sub_type,
		const void *data);

/* An event about a queue pair (@kind 0) or a shared receive queue. */
void event_post_queue(struct device *dev, enum event_type type, uint32_t number);

/* The doorbell: the driver has consumed up to @consumer, and wants interrupts if @arm. */
void eq_doorbell(struct device *dev, uint32_t number, uint32_t consumer, bool arm);

/* Whether any queue takes events of that type now. */
bool event_wanted(struct device *dev, enum event_type type);
void eqs_free(struct device *dev);

#endif
