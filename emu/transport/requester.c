// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* requester.c - what each opcode does, step by step */
#include "transport/requester.h"

#include "device/device.h"
#include "device/layout.h"
#include "qp/counter.h"
#include "qp/message.h"
#include "qp/qp.h"
#include "transfer/transfer.h"
#include "transport/responder.h"
#include "transport/step.h"

#include <errno.h>
#include <string.h>

static struct access local_access(const struct qp *qp, enum right right)
{
	return (struct access){ .pd = qp->pd,
				.qpn = qp->object.number,
				.right = right,
				.write = right == RIGHT_LOCAL_WRITE,
				.physical = qp->physical_keys };
}

struct side requester_local(struct qp *qp, enum right right)
{
	return (struct side){ .sges = qp->message.sges,
			      .n = qp->message.n,
			      .access = local_access(qp, right),
			      .which = SIDE_LOCAL };
}

struct side requester_remote(struct device *dev, struct qp *qp, const struct qp *peer,
			     enum right right)
{
	const struct message_kind *kind = qp->message.kind;
	struct side side = { .sges = &qp->message.remote,
			     .n = 1,
			     .access = responder_access(dev, qp, peer, right),
			     .which = SIDE_REMOTE };

	side.access.rare = kind->atomic || kind->opcode == OPCODE_WRITE_IMM;
	return side;
}

/* What the peer's own attributes let others do */
static bool peer_permits(const struct qp *peer, enum right right)
{
	switch (right) {
	case RIGHT_REMOTE_READ:
		return field_get(peer->context, qpc_rre);
	case RIGHT_REMOTE_WRITE:
		return field_get(peer->context, qpc_rwe);
	default:
		return field_get(peer->context, qpc_rae);
	}
}

static enum counter request_counter(enum right right)
{
	switch (right) {
	case RIGHT_REMOTE_READ:
		return COUNTER_RX_READ;
	case RIGHT_REMOTE_WRITE:
		return COUNTER_RX_WRITE;
	default:
		return COUNTER_RX_ATOMIC;
	}
}

int requester_check(struct device *dev, struct qp *qp, struct qp *peer,
		    const struct side *local, const struct side *remote, uint64_t len)
{
	if (side_check(dev, local, len))
		return message_fail(qp, SYNDROME_LOCAL_PROTECTION);
	if (peer_permits(peer, remote->access.right) && !side_check(dev, remote, len)) {
		counter_add(dev, peer, request_counter(remote->access.right));
		return 0;
	}
	responder_refuse(dev, peer);
	return message_fail(qp, SYNDROME_REMOTE_ACCESS);
}

int step_nop(struct device *dev, struct qp *qp, uint64_t *budget)
{
	return 0;
}

/*
 * The sides of a message that names memory of the peer's, checked for these rights. 0 or
 * MESSAGE_FAILED.
 */
static int take_sides(struct device *dev, struct qp *qp, struct qp *peer,
		      enum right local_right, enum right remote_right, struct side *local,
		      struct side *remote)
{
	struct message *m = &qp->message;

	m->remote.len = (uint32_t)m->length;
	*local = requester_local(qp, local_right);
	*remote = requester_remote(dev, qp, peer, remote_right);
	return requester_check(dev, qp, peer, local, remote, m->length);
}

int step_write(struct device *dev, struct qp *qp, uint64_t *budget)
{
	struct message *m = &qp->message;
	struct side local, remote;
	struct completion done = { .kind = COMPLETION_WRITE_IMM,
				   .byte_count = (uint32_t)m->length,
				   .immediate = m->immediate };
	bool immediate = m->kind->opcode == OPCODE_WRITE_IMM;
	struct qp *peer;
	int ret = 0;

	peer = responder_reach(dev, qp, &ret);
	if (!peer)
		return ret;
	if (!m->started) {
		ret = take_sides(dev, qp, peer, RIGHT_LOCAL_READ, RIGHT_REMOTE_WRITE,
				 &local, &remote);
		if (!ret && immediate)
			ret = responder_receive(dev, qp, peer);
		if (ret)
			return ret;
		message_start(qp, &local, &remote, peer->object.number);
	}
	ret = message_transfer(dev, qp, budget);
	if (!ret && immediate)
		responder_complete(dev, qp, peer, &done);
	return ret;
}

int step_read(struct device *dev, struct qp *qp, uint64_t *budget)
{
	struct side local, remote;
	struct qp *peer;
	int ret = 0;

	peer = responder_reach(dev, qp, &ret);
	if (!peer)
		return ret;
	if (!qp->message.started) {
		ret = take_sides(dev, qp, peer, RIGHT_LOCAL_WRITE, RIGHT_REMOTE_READ,
				 &local, &remote);
		if (ret)
			return ret;
		persist_flush(&dev->persist, peer->object.number);
		message_start(qp, &remote, &local, qp->object.number);
	}
	return message_transfer(dev, qp, budget);
}

/* Sets up where the message goes: the receive that the peer has posted. */
static int start_send(struct device *dev, struct qp *qp, struct qp *peer)
{
	struct message *m = &qp->message;
	struct side local = requester_local(qp, RIGHT_LOCAL_READ);
	enum syndrome refusal;
	struct side to;
	int ret;

	if (side_check(dev, &local, m->length))
		return message_fail(qp, SYNDROME_LOCAL_PROTECTION);
	ret = responder_receive(dev, qp, peer);
	if (ret)
		return ret;
	refusal = responder_buffer(dev, qp, peer, &to);
	if (refusal)
		return message_fail(qp, refusal);
	message_start(qp, &local, &to, peer->object.number);
	return 0;
}

/* The message's immediate names a key of the responder, which ends now. */
static int invalidate(struct device *dev, struct qp *qp, struct qp *peer)
{
	struct mkey *mkey = mkey_find(dev, qp->message.immediate);

	if (!mkey || mkey->free || mkey->pd != peer->pd ||
	    !field_get(mkey->context, mkc_en_rinval)) {
		responder_fail(dev, qp, peer, SYNDROME_LOCAL_OPERATION);
		return message_fail(qp, SYNDROME_REMOTE_ACCESS);
	}
	if (qp_inject(dev, qp, INJECT_NO_INVALIDATE))
		return 0;
	field_set(mkey->context, mkc_free, 1);
	mkey_decode(mkey);
	return 0;
}

int step_send(struct device *dev, struct qp *qp, uint64_t *budget)
{
	struct message *m = &qp->message;
	struct completion done = { .kind = COMPLETION_RECEIVE,
				   .byte_count = (uint32_t)m->length,
				   .immediate = m->immediate };
	struct qp *peer;
	int ret = 0;

	peer = responder_reach(dev, qp, &ret);
	if (!peer)
		return ret;
	if (!m->started)
		ret = start_send(dev, qp, peer);
	if (!ret)
		ret = message_transfer(dev, qp, budget);
	if (ret)
		return ret;
	if (m->kind->opcode == OPCODE_SEND_INVALIDATE) {
		ret = invalidate(dev, qp, peer);
		if (ret)
			return ret;
		done.kind = COMPLETION_RECEIVE_INVALIDATE;
	} else if (m->kind->opcode == OPCODE_SEND_IMM) {
		done.kind = COMPLETION_RECEIVE_IMM;
	}
	responder_complete(dev, qp, peer, &done);
	return 0;
}
