// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp.c - queue pairs at work: turns, waits, completions, flushing */
#include "transport/qp.h"

#include "base/clock.h"
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "queue/eq.h"
#include "transport/completion.h"
#include "transport/fault.h"
#include "transport/held_completion.h"
#include "transport/responder.h"

#include <errno.h>
#include <stdlib.h>

/* What a queue pair may do before it is another one's turn */
#define TURN_BYTES    KiB(512)
#define TURN_MESSAGES 64

/* How often queue pairs in error are asked for new receives, which ring no doorbell */
#define FLUSH_POLL_NS (5 * NSEC_PER_MSEC)

struct qp *qp_get(struct device *dev, uint32_t number)
{
	return (struct qp *)objects_get(&dev->qps, number);
}

static void move_to(struct qp *qp, struct qp_list *list)
{
	if (qp->list == list)
		return;
	if (qp->list)
		TAILQ_REMOVE(qp->list, qp, entry);
	qp->list = list;
	if (list)
		TAILQ_INSERT_TAIL(list, qp, entry);
}

void qp_schedule(struct device *dev, struct qp *qp)
{
	if (qp->wait == WAIT_NOTHING)
		move_to(qp, &dev->ready);
}

void qp_wake(struct device *dev, struct qp *qp, enum qp_wait wait)
{
	if (qp->wait != wait)
		return;
	qp->wait = WAIT_NOTHING;
	qp_schedule(dev, qp);
}

static void wake_up(struct device *dev, struct timer *timer)
{
	qp_wake(dev, container_of(timer, struct qp, timer), WAIT_TIMER);
}

void qp_sleep(struct device *dev, struct qp *qp, uint64_t delay)
{
	qp->timer.fire = wake_up;
	/* out of memory: try again at once */
	if (!timer_arm(&dev->timers, &qp->timer, clock_ns() + delay))
		qp->wait = WAIT_TIMER;
}

void qp_stop(struct device *dev, struct qp *qp)
{
	timer_cancel(&dev->timers, &qp->timer);
	fault_orphan(dev, qp);
	message_release(dev, qp);
	responder_abandon(dev, qp);
	qp->message.active = false;
	qp->wait = WAIT_NOTHING;
	move_to(qp, NULL);
}

void qp_fail(struct device *dev, struct qp *qp)
{
	if (qp->state == QP_ERROR || qp->state == QP_RESET || qp->service == SERVICE_DCT)
		return;
	qp->state = QP_ERROR;
	qp->no_flush = qp_inject(dev, qp, INJECT_NO_FLUSH);
	qp_stop(dev, qp);
	qp_schedule(dev, qp);
}

bool qp_has_work(struct device *dev, const struct qp *qp)
{
	return qp->state == QP_RTS && qp->wait == WAIT_NOTHING && message_posted(dev, qp);
}

void qp_doorbell(struct device *dev, uint32_t number)
{
	struct qp *qp = qp_get(dev, number);

	if (qp && qp->has_send)
		qp_schedule(dev, qp);
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
		move_to(qp, NULL);
		return;
	}
	flush_sends(dev, qp);
	flush_receives(dev, qp);
	if (qp->srq && !qp->last_receive_reported) {
		qp->last_receive_reported = true;
		event_post_queue(dev, EVENT_SRQ_LAST_WQE, qp->object.number);
	}
	move_to(qp, qp->receive.ring ? &dev->flushing : NULL);
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
			move_to(qp, NULL);
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
		move_to(qp, NULL);
	return qp->list == &dev->ready;
}

static void hold(struct qp *qp, int by)
{
	struct object *objects[] = { qp->send_cq ? &qp->send_cq->object : NULL,
				     &qp->receive_cq->object,
				     qp->srq ? &qp->srq->object : NULL };

	for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
		if (objects[i])
			objects[i]->refs += (uint32_t)by;
}

int qp_add(struct device *dev, struct qp *qp)
{
	int ret = objects_add(&dev->qps, &qp->object);

	if (ret)
		return ret;
	hold(qp, 1);
	qp->serial = ++dev->serial;
	return 0;
}

void qp_free(struct device *dev, struct qp *qp)
{
	qp_stop(dev, qp);
	held_completions_post(dev);
	hold(qp, -1);
	objects_remove(&dev->qps, &qp->object);
	ring_free(&qp->ring);
	free(qp);
}

void qps_free(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->qps, &number)))
		qp_free(dev, (struct qp *)object);
	objects_free(&dev->qps);
}

struct qp *qp_find(struct device *dev, struct command *cmd)
{
	struct qp *qp;

	cmd->number = (uint32_t)field_get(cmd->in, destroy_qp_in_qpn);
	qp = qp_get(dev, cmd->number);
	return qp && qp->service != SERVICE_DCT ? qp : NULL;
}
