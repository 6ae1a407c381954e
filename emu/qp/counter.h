/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * counter.h - sets of counters (Q counters): what happened on the queue pairs of each
 *
 * The driver makes a set for the port, and shows it in the port's hw_counters. What needs
 * packets never happens here, and stays 0; but for behaviours, duplicates are such, and
 * NAKs for a packet number that was not expected.
 */
#ifndef ODPLAB_EMU_COUNTER_H
#define ODPLAB_EMU_COUNTER_H

#include "device/object.h"
#include "queue/cq.h"

struct qp;

enum counter {
	COUNTER_RX_WRITE,
	COUNTER_RX_READ,
	COUNTER_RX_ATOMIC,
	COUNTER_NO_RECEIVE,	 /* a message found none posted */
	COUNTER_OUT_OF_SEQUENCE, /* a response was dropped */
	COUNTER_DUPLICATE,	 /* a request came again */
	COUNTER_RNR,		 /* a NAK for want of a receive, sent again */
	COUNTER_SEQUENCE_ERROR,	 /* a NAK for want of a request before, sent again */
	COUNTER_TIMEOUT,	 /* no answer, sent again */
	COUNTER_REQUEST_ERROR,
	COUNTER_REQUEST_FLUSHED,
	COUNTER_RESPONSE_ERROR,
	COUNTER_RESPONSE_FLUSHED,
	COUNTER_ACCESS_REFUSED, /* by the peer */
	COUNTER_ACCESS_REFUSING,
	COUNTER_REQUEST_INVALID, /* to the peer */
	COUNTER_RETRIES,
	COUNTER_RNR_RETRIES,
	COUNTER_LENGTH,
	COUNTERS
};

/* Counts at the set that the queue pair belongs to, if it belongs to one. */
void counter_add(struct device *dev, const struct qp *qp, enum counter counter);

/* Counts the error of a completion. */
void counter_completion(struct device *dev, const struct qp *qp,
			const struct completion *completion);
void counters_free(struct device *dev);

#endif
