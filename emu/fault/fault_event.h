/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fault_event.h - what an event says of a page fault, in either scheme
 *
 * A behaviour may let it ask for more or fewer pages than the access needs.
 */
#ifndef ODPLAB_EMU_FAULT_EVENT_H
#define ODPLAB_EMU_FAULT_EVENT_H

#include "fault/fault.h"
#include "queue/eq.h"

#include <stdint.h>

struct message;

struct fault_event {
	uint8_t sub_type;
	unsigned int type; /* transport scheme: a part of the fault's name */
	uint64_t token;	   /* the other; the caller's to give */
	uint8_t data[EVENT_DATA_BYTES];
};

/* The type of a fault of @m, by which the transport scheme names it; else 0. */
unsigned int fault_event_type(const struct device *dev, const struct message *m,
			      enum fault_side side);

/* Describes the fault of @qp's message, all but its token; its type is there already. */
void fault_event_describe(struct device *dev, const struct qp *qp, enum fault_side side,
			  const struct missing *missing, struct fault_event *event);

/*
 * Reports it under its token. Whether that took two events: each of them may be resumed.
 */
bool fault_event_post(struct device *dev, const struct fault_event *event);

#endif
