// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * step.c - what the steps of all opcodes share: the transfer, faults and refusals on the
 * way
 */
#include "transport/step.h"

#include "device/device.h"
#include "fault/fault.h"
#include "qp/qp.h"
#include "transfer/transfer.h"
#include "transport/replay.h"
#include "transport/responder.h"

#include <errno.h>

int message_fail(struct qp *qp, enum syndrome syndrome)
{
	qp->message.syndrome = syndrome;
	return MESSAGE_FAILED;
}

int message_fault(struct device *dev, struct qp *qp, enum fault_side side,
		  const struct missing *missing)
{
	int ret = qp->message.fault_pending ? 0 : fault_raise(dev, qp, side, missing);

	qp->message.fault_side = side;
	if (ret == -EBUSY) {
		qp_sleep(dev, qp, FAULT_RETRY_NS);
		return MESSAGE_PARKED;
	}
	if (ret)
		return message_unresolved(dev, qp);
	qp->message.fault_pending = true;
	if (replay_fault(dev, qp, side, &ret))
		return ret;
	qp->wait = WAIT_FAULT;
	return MESSAGE_PARKED;
}

/* An access was refused on that side: both ends get an error. */
static int refused(struct device *dev, struct qp *qp, enum fault_side side)
{
	struct qp *peer = qp_get(dev, qp->message.peer);

	switch (side) {
	case SIDE_REMOTE:
		if (peer)
			responder_refuse(dev, peer);
		return message_fail(qp, SYNDROME_REMOTE_ACCESS);
	case SIDE_RECEIVE:
		if (peer)
			responder_fail(dev, qp, peer, SYNDROME_LOCAL_PROTECTION);
		/* a datagram's sender gets no error */
		return qp->message.kind->step == step_datagram ?
			       0 :
			       message_fail(qp, SYNDROME_REMOTE_OPERATION);
	case SIDE_LOCAL:
		break;
	}
	return message_fail(qp, SYNDROME_LOCAL_PROTECTION);
}

int message_unresolved(struct device *dev, struct qp *qp)
{
	qp->message.resume_failed = false;
	if (qp_inject(dev, qp, INJECT_FAILED_OK) ||
	    (qp->message.fault_side == SIDE_RECEIVE &&
	     qp_inject(dev, qp, INJECT_RECEIVE_OK))) {
		qp->message.transfer.done = qp->message.transfer.len;
		qp->message.pretended = true;
		return MESSAGE_PARKED;
	}
	return refused(dev, qp, qp->message.fault_side);
}

void message_start(struct qp *qp, const struct side *from, const struct side *to,
		   uint32_t writer)
{
	struct message *m = &qp->message;

	m->transfer = (struct transfer){
		.from = *from, .to = *to, .len = m->length, .qp = qp, .writer = writer
	};
	m->started = true;
}

int message_transfer(struct device *dev, struct qp *qp, uint64_t *budget)
{
	enum fault_side which = SIDE_LOCAL;
	struct missing missing;
	int ret = transfer_run(dev, &qp->message.transfer, budget, &missing, &which);

	if (ret == -EAGAIN)
		return message_fault(dev, qp, which, &missing);
	if (ret == -EACCES)
		return refused(dev, qp, which);
	if (!ret && qp->delayed_writes) {
		qp->wait = WAIT_DELAYED_DMA;
		return MESSAGE_PARKED;
	}
	return ret;
}
