/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* responder.h - the other end of a message: the peer queue pair and its receives */
#ifndef ODPLAB_EMU_RESPONDER_H
#define ODPLAB_EMU_RESPONDER_H

#include "qp/qp.h"
#include "queue/cq.h"

/*
 * Finds the queue pair that @qp is connected to. NULL if none answers, or the message is
 * lost: then it is parked for a retry or fails, and *ret is MESSAGE_PARKED or
 * MESSAGE_FAILED.
 */
struct qp *responder_reach(struct device *dev, struct qp *qp, int *ret);

/* Takes a receive for @qp's message. 0, MESSAGE_PARKED (RNR) or MESSAGE_FAILED. */
int responder_receive(struct device *dev, struct qp *qp, struct qp *peer);

/*
 * The responder cannot take the message now: the requester waits @percent of what the
 * responder's timer asks for and tries again, as often as it may where that @counts.
 * MESSAGE_PARKED or MESSAGE_FAILED.
 */
int responder_not_ready(struct device *dev, struct qp *qp, struct qp *peer,
			unsigned int percent, bool counts);

/*
 * The buffers of the receive that was taken, as the side that the message goes to. 0, or
 * the syndrome for a reliable message's requester; the responder has failed then.
 */
enum syndrome responder_buffer(struct device *dev, struct qp *qp, struct qp *peer,
			       struct side *to);

/* The message has arrived: the responder gets a completion for its receive. */
void responder_complete(struct device *dev, struct qp *qp, struct qp *peer,
			struct completion *completion);

/* The receive ends with an error, and so does the peer. */
void responder_fail(struct device *dev, struct qp *qp, struct qp *peer,
		    enum syndrome syndrome);

/*
 * The peer leaves its connected states: the receives of messages under way are flushed,
 * and those messages begin anew.
 */
void responder_abandon(struct device *dev, struct qp *peer);

/* The peer refuses an access to its memory: it enters the error state. */
void responder_refuse(struct device *dev, struct qp *peer);

/* The access that @qp's message makes to the peer's memory */
struct access responder_access(struct device *dev, const struct qp *qp,
			       const struct qp *peer, enum right right);

#endif
