// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* turn.c - queue pairs at work: turns, completions, flushing */
#include "transport/turn.h"

#include "base/clock.h"
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "fault/fault.h"
#include "queue/eq.h"
#include "transport/completion.h"
#include "transport/fetch.h"
#include "transport/qp_life.h"
#include "transport/step.h"

#include <errno.h>

/* What a queue pair may do before it is another one's turn */
#define TURN_BYTES    KiB(512)
#define TURN_MESSAGES 64

/* How often queue pairs in error are asked for new receives, which ring no doorbell */
#define FLUSH_POLL_NS (5 * NSEC_PER_MSEC)

bool qp_has_work(struct device *dev, const struct qp *qp)
{
	return qp->state == QP_RTS && qp->wait == WAIT_NOTHING && message_posted(dev, qp);
}

static void complete_send(struct device *dev, struct qp *qp, enum syndrome syndrome)
{
	const struct message *m = &qp->message;
	struct completion c = {
		.kind = syndrome ? COMPLETION_SEND_ERROR : COMPLETION_SEND,
		.syndrome = syndrome,
		.qpn = qp->object.number,
		.user_index = qp->user_index,
		.wqe_index = m->index,
		.send_opcode = (uint8_t)field_get(m->entry, ctrl_seg_opcode),
	};

	if (!syndrome && m->kind->remote && m->kind->opcode != OPCODE_WRITE &&
	    m->kind->opcode != OPCODE_WRITE_IMM)
		c.byte_count = (uint32_t)m->length; /* what came back */
	qp->send_consumed = (uint16_t)(qp->send_consumed + m->blocks);
	qp->message.active = false;
	/* what is still to be resumed is none of the next message */
	if (m->fault_pending)
		fault_orphan(dev, qp);
	if (syndrome || m->signaled)
		completion_post(dev, qp->send_cq, &c);
}

/* Everything that is posted, now and from now on, ends with a flush error. */
static void flush_sends(struct device *dev, struct qp *qp)
{
	while (qp->has_send && qp->state == QP_ERROR && message_fetch(dev, qp))
		complete_send(dev, qp, SYNDROME_FLUSHED);
}

static void flush_receives(struct device *dev, struct qp *qp)
{
	struct completion c = { .kind = COMPLETION_RECEIVE_ERROR,
				.syndrome = SYNDROME_FLUSHED,
				.qpn = qp->object.number,
				.user_index = qp->user_index };
	struct receive receive;

	while (qp->receive.ring && receive_take(dev, &qp->receive, &receive) == 0) {
		c.wqe_index = receive.index;
		completion_post(dev, qp->receive_cq, &c);
	}
}

static void poll_flushing(struct device *dev, struct timer *timer)
{
	struct qp *qp;

	TAILQ_FOREACH(qp, &dev->flushing, entry)
	flush_receives(dev, qp);
	if (!TAILQ_EMPTY(&dev->flushing))
		timer_arm(&dev->timers, timer, clock_ns() + FLUSH_POLL_NS);
}

static void flush(struct device *dev, struct qp *qp)
{
	if (qp->no_flush) {
		qp_move_to(qp, NULL);
		return;
	}
	flush_sends(dev, qp);
	flush_receives(dev, qp);
	if (qp->srq && !qp->last_receive_reported) {
		qp->last_receive_reported = true;
		event_post_queue(dev, EVENT_SRQ_LAST_WQE, qp->object.number);
	}
	qp_move_to(qp, qp->receive.ring ? &dev->flushing : NULL);
	dev->flush_timer.fire = poll_flushing;
	if (!dev->flush_timer.place)
		timer_arm(&dev->timers, &dev->flush_timer, clock_ns() + FLUSH_POLL_NS);
}

static int step(struct device *dev, struct qp *qp, uint64_t *budget)
{
	struct message *m = &qp->message;
	int ret;

	if (!m->active) {
		ret = message_fetch(dev, qp);
		if (ret <= 0)
			return ret ? ret : -ENODATA;
	}
	if (m->resume_failed) {
		ret = message_unresolved(dev, qp);
		if (ret != MESSAGE_PARKED)
			return ret;
	}
	return m->kind->step(dev, qp, budget);
}

bool qp_turn(struct device *dev, struct qp *qp)
{
	uint64_t budget = TURN_BYTES;

	if (qp->state == QP_ERROR) {
		flush(dev, qp);
		return false;
	}
	for (unsigned int i = 0; i < TURN_MESSAGES && budget && qp->state == QP_RTS;
	     i++) {
		int ret = step(dev, qp, &budget);

		if (ret == MESSAGE_PARKED && qp->wait == WAIT_NOTHING)
			continue; /* out of budget, or to be tried again at once */
		if (ret == MESSAGE_PARKED || ret == -ENODATA) {
			qp_move_to(qp, NULL);
			return false;
		}
		if (ret && qp->message.syndrome == SYNDROME_REMOTE_ACCESS &&
		    qp_inject(dev, qp, INJECT_REFUSED_OK))
			ret = 0;
		dev->stats.operations++;
		dev->lingering = qp->object.number;
		dev->stats.bytes += qp->message.length;
		complete_send(dev, qp, ret ? qp->message.syndrome : 0);
		if (ret)
			qp_fail(dev, qp);
	}
	if (qp->state != QP_RTS && qp->state != QP_ERROR)
		qp_move_to(qp, NULL);
	return qp->list == &dev->ready;
}
