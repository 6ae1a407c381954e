/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fault.h - page faults: from the access that finds no page to the driver's resume
 *
 * The message that faults is parked; an event reports it to the driver; PAGE_FAULT_RESUME
 * with the event's token lets the message go on, or fail. A fault lives until it is
 * resumed, even if its queue pair is gone by then.
 */
#ifndef ODPLAB_EMU_FAULT_H
#define ODPLAB_EMU_FAULT_H

#include "qp/message.h"

struct device;
struct missing;
struct qp;

/* When a fault has to wait for another of the same queue pair */
#define FAULT_RETRY_NS 100000ull

/*
 * Parks @qp's message. 0, -EBUSY if the responder's queue pair has another fault under
 * way (transport scheme): try again later. -ENODEV if no queue takes the event, -ENOMEM.
 */
int fault_raise(struct device *dev, struct qp *qp, enum fault_side side,
		const struct missing *missing);

/* The queue pair stops waiting; its fault is still to be resumed. */
void fault_orphan(struct device *dev, const struct qp *qp);
void faults_free(struct device *dev);

#endif
