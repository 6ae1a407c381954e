// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* responder.c - the other end of a message: the peer queue pair and its receives */
#include "transport/responder.h"

#include "base/clock.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/trace.h"
#include "port/port.h"
#include "qp/counter.h"
#include "queue/eq.h"
#include "transfer/transfer.h"
#include "transport/completion.h"
#include "transport/dct.h"
#include "transport/qp_life.h"
#include "transport/replay.h"
#include "transport/step.h"

#include <errno.h>

#define RNR_INFINITE	    7
#define ACK_TIMEOUT_UNIT_NS 4096ull
#define POLL_NS		    (100 * NSEC_PER_MSEC)

/*
 * How long a responder without a receive asks the requester to wait, by its timer's code
 */
static uint64_t rnr_delay(const struct qp *peer)
{
	static const uint32_t hundredths_of_ms[32] = {
		65536, 1,    2,	   3,	 4,    6,     8,     12,    16,	   24,	 32,
		48,    64,   96,   128,	 192,  256,   384,   512,   768,   1024, 1536,
		2048,  3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768, 49152
	};

	return hundredths_of_ms[field_get(peer->context, qpc_min_rnr_nak)] *
	       (NSEC_PER_MSEC / 100);
}

/* A target of dynamic connections, if the message's address vector leads to one. */
static struct qp *target(struct device *dev, const struct qp *qp, uint32_t *number)
{
	const uint8_t *av = qp->message.entry + AV_AT;
	struct qp *dct;

	*number = (uint32_t)field_get(av, av_dqp);
	dct = qp_get(dev, *number);
	if (!dct || dct->service != SERVICE_DCT || dct->state != QP_RTR ||
	    !port_reached_by(av) || !dct_admits(dev, dct, qp, field_get(av, av_dc_key)))
		return NULL;
	return dct;
}

static bool to_this_port(const struct qp *qp)
{
	const uint8_t *path = const_block(qp->context, qpc_primary_address_path);

	return field_get(path, ads_rlid) == PORT_LID ||
	       (field_get(path, ads_grh) &&
		port_has_gid(const_block(path, ads_rgid_rip)));
}

static struct qp *connected(struct device *dev, const struct qp *qp, uint32_t *number)
{
	struct qp *peer;

	*number = (uint32_t)field_get(qp->context, qpc_remote_qpn);
	peer = qp_get(dev, *number);
	if (!peer || peer->service != qp->service || peer->state < QP_RTR ||
	    peer->state == QP_ERROR || !to_this_port(qp) ||
	    field_get(peer->context, qpc_remote_qpn) != qp->object.number)
		return NULL;
	return peer;
}

/* No acknowledgement: try again after the timeout, as often as the driver allows. */
static int unanswered(struct device *dev, struct qp *qp)
{
	const uint8_t *path = const_block(qp->context, qpc_primary_address_path);
	unsigned int timeout = (unsigned int)field_get(path, ads_ack_timeout);

	dev->stats.timeouts++;
	counter_add(dev, qp, COUNTER_TIMEOUT);
	if (!timeout) {
		qp_sleep(dev, qp, POLL_NS);
		return MESSAGE_PARKED;
	}
	if (qp->message.ack_tries++ > field_get(qp->context, qpc_retry_count))
		return message_fail(qp, SYNDROME_RETRIES);
	qp_sleep(dev, qp, ACK_TIMEOUT_UNIT_NS << timeout);
	return MESSAGE_PARKED;
}

struct qp *responder_reach(struct device *dev, struct qp *qp, int *ret)
{
	uint32_t number;
	struct qp *peer = qp->service == SERVICE_DCI ? target(dev, qp, &number) :
						       connected(dev, qp, &number);

	if (!peer) {
		*ret = unanswered(dev, qp);
		return NULL;
	}
	if (replay_lost(dev, qp, peer)) {
		*ret = MESSAGE_PARKED;
		return NULL;
	}
	qp->message.peer = number;
	return peer;
}

static struct srq *shared_queue(struct device *dev, const struct qp *qp,
				const struct qp *peer)
{
	struct srq *srq;

	if (peer->service != SERVICE_XRC)
		return peer->srq;
	/* the sender chooses, among the queues of the peer's domain */
	srq = srq_get(dev, qp->message.srqn);
	return srq && srq->xrc && srq->xrcd == peer->xrcd ? srq : NULL;
}

struct access responder_access(struct device *dev, const struct qp *qp,
			       const struct qp *peer, enum right right)
{
	const struct srq *srq = shared_queue(dev, qp, peer);

	return (struct access){
		/*
		 * an XRC target has no domain of its own: that of the message's queue
		 * counts
		 */
		.pd = peer->service == SERVICE_XRC && srq ? srq->pd : peer->pd,
		.qpn = peer->object.number,
		.right = right,
		.write = right != RIGHT_REMOTE_READ && right != RIGHT_LOCAL_READ,
		.physical = right == RIGHT_LOCAL_WRITE && peer->physical_keys
	};
}

static int take(struct device *dev, struct qp *qp, struct qp *peer)
{
	struct message *m = &qp->message;
	struct srq *srq = shared_queue(dev, qp, peer);
	struct receive_queue *queue = srq ? &srq->queue : &peer->receive;
	int ret;

	if (!srq && (peer->service == SERVICE_XRC || !peer->receive.ring))
		return -EINVAL;
	ret = receive_take(dev, queue, &m->receive);
	if (!ret && qp_inject(dev, peer, INJECT_RECEIVE_TWICE))
		ret = receive_take(dev, queue, &m->receive);
	if (ret)
		return ret;
	m->srq_number = srq ? srq->object.number : 0;
	m->received = true;
	if (srq)
		srq_check_limit(dev, srq);
	return 0;
}

int responder_not_ready(struct device *dev, struct qp *qp, struct qp *peer,
			unsigned int percent, bool counts)
{
	unsigned int tries = (unsigned int)field_get(qp->context, qpc_rnr_retry);

	dev->stats.rnr_naks++;
	counter_add(dev, qp, COUNTER_RNR);
	trace(dev, "rnr", "\"qpn\":%u,\"peer\":%u", qp->object.number,
	      peer->object.number);
	if (counts && tries != RNR_INFINITE && qp->message.rnr_tries++ >= tries)
		return message_fail(qp, SYNDROME_RNR_RETRIES);
	qp_sleep(dev, qp, rnr_delay(peer) * percent / 100);
	return MESSAGE_PARKED;
}

int responder_receive(struct device *dev, struct qp *qp, struct qp *peer)
{
	int ret = take(dev, qp, peer);

	if (!ret)
		return 0;
	if (ret == -ENOBUFS)
		counter_add(dev, peer, COUNTER_NO_RECEIVE);
	if (ret == -ENOBUFS && qp_is_reliable(qp))
		return responder_not_ready(dev, qp, peer, 100, true);
	if (ret != -ENOBUFS)
		responder_refuse(dev, peer);
	return message_fail(qp, SYNDROME_REMOTE_INVALID);
}

enum syndrome responder_buffer(struct device *dev, struct qp *qp, struct qp *peer,
			       struct side *to)
{
	struct message *m = &qp->message;
	const struct srq *srq = m->srq_number ? srq_get(dev, m->srq_number) : NULL;

	*to = (struct side){ .sges = m->receive.sges,
			     .n = m->receive.n,
			     .access = responder_access(dev, qp, peer, RIGHT_LOCAL_WRITE),
			     .which = SIDE_RECEIVE };
	if (srq)
		to->access.pd = srq->pd;
	if (m->length > sges_bytes(to->sges, to->n) && qp_inject(dev, qp, INJECT_OVERRUN))
		m->length = sges_bytes(to->sges, to->n);
	if (m->length > sges_bytes(to->sges, to->n)) {
		responder_fail(dev, qp, peer, SYNDROME_LOCAL_LENGTH);
		return SYNDROME_REMOTE_INVALID;
	}
	if (side_check(dev, to, m->length)) {
		responder_fail(dev, qp, peer, SYNDROME_LOCAL_PROTECTION);
		return SYNDROME_REMOTE_OPERATION;
	}
	return 0;
}

/* Where and as whose the receive completes. */
static struct cq *receive_cq(struct device *dev, const struct qp *qp,
			     const struct qp *peer, struct completion *completion)
{
	const struct message *m = &qp->message;
	const struct srq *srq = m->srq_number ? srq_get(dev, m->srq_number) : NULL;

	completion->qpn = peer->object.number;
	completion->wqe_index = m->receive.index;
	completion->user_index = srq && srq->xrc ? srq->user_index : peer->user_index;
	return srq && srq->xrc ? srq->cq : peer->receive_cq;
}

static bool has_immediate(const struct completion *completion)
{
	return completion->kind == COMPLETION_RECEIVE_IMM ||
	       completion->kind == COMPLETION_WRITE_IMM;
}

static void deliver_immediate(struct device *dev, const struct qp *qp, struct qp *peer,
			      struct completion *completion)
{
	uint32_t before = peer->immediate_before;

	peer->immediate_before = completion->immediate;
	if (qp_inject(dev, qp, INJECT_IMMEDIATE))
		completion->immediate = before;
}

void responder_complete(struct device *dev, struct qp *qp, struct qp *peer,
			struct completion *completion)
{
	struct cq *cq = receive_cq(dev, qp, peer, completion);

	completion->solicited = qp->message.solicited &&
				!qp_inject(dev, qp, INJECT_SOLICITED);
	if (has_immediate(completion))
		deliver_immediate(dev, qp, peer, completion);
	qp->message.received = false;
	if (cq)
		completion_post(dev, cq, completion);
}

void responder_fail(struct device *dev, struct qp *qp, struct qp *peer,
		    enum syndrome syndrome)
{
	struct completion completion = { .kind = COMPLETION_RECEIVE_ERROR,
					 .syndrome = syndrome };

	if (qp->message.received)
		responder_complete(dev, qp, peer, &completion);
	qp_fail(dev, peer);
}

void responder_refuse(struct device *dev, struct qp *peer)
{
	counter_add(dev, peer, COUNTER_ACCESS_REFUSING);
	if (peer->state == QP_ERROR || peer->service == SERVICE_DCT)
		return;
	event_post_queue(dev, EVENT_WQ_ACCESS, peer->object.number);
	qp_fail(dev, peer);
}

static void flush_receive(struct device *dev, struct qp *qp, struct qp *peer)
{
	struct completion completion = { .kind = COMPLETION_RECEIVE_ERROR,
					 .syndrome = SYNDROME_FLUSHED };

	responder_complete(dev, qp, peer, &completion);
}

void message_release(struct device *dev, struct qp *qp)
{
	struct message *m = &qp->message;
	struct qp *peer = qp_get(dev, m->peer);

	if (!m->active || !m->received || !peer)
		return;
	m->received = false;
	/* the last one that was taken goes back, as if the message had never come */
	if (!m->srq_number && peer->receive.ring &&
	    m->receive.index ==
		    ((peer->receive.consumed - 1) & ((1u << peer->receive.log_size) - 1)))
		peer->receive.consumed--;
	else
		flush_receive(dev, qp, peer);
}

void responder_abandon(struct device *dev, struct qp *peer)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->qps, &number))) {
		struct qp *qp = (struct qp *)object;
		struct message *m = &qp->message;

		if (!m->active || m->peer != peer->object.number)
			continue;
		if (m->received)
			flush_receive(dev, qp, peer);
		m->started = false;
	}
}
