// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* replay.c - by behaviour: messages that are sent again, after a fault or a loss */
#include "transport/replay.h"

#include "base/clock.h"
#include "device/device.h"
#include "device/layout.h"
#include "qp/counter.h"
#include "qp/message.h"
#include "qp/qp.h"
#include "transport/responder.h"
#include "transport/step.h"

#include <errno.h>

/*
 * The timer is the least that a requester waits; cards were seen to wait so much longer.
 */
#define RNR_PERCENT 350

/* An atomic that was executed is not executed again: its result is kept. */
static void rewind_transfer(struct message *m)
{
	m->transfer.from.at = m->transfer.to.at = 0;
	m->transfer.from.offset = m->transfer.to.offset = 0;
	m->transfer.done = 0;
}

/*
 * The response is dropped, and asked for again: the rest of a READ, by a request of the
 * number that the first response that is missing had.
 */
static int ask_again(struct device *dev, struct qp *qp, struct qp *peer)
{
	counter_add(dev, peer, COUNTER_DUPLICATE);
	counter_add(dev, qp, COUNTER_OUT_OF_SEQUENCE);
	qp_sleep(dev, qp, behave_value(dev, BEHAVE_REQUESTER_DROPS) * NSEC_PER_USEC);
	return MESSAGE_PARKED;
}

static int not_ready(struct device *dev, struct qp *qp, struct qp *peer)
{
	int ret = responder_not_ready(dev, qp, peer, RNR_PERCENT,
				      behave_value(dev, BEHAVE_FAULT_RNR));

	if (ret == MESSAGE_FAILED)
		message_release(dev, qp);
	rewind_transfer(&qp->message);
	return ret;
}

bool replay_fault(struct device *dev, struct qp *qp, enum fault_side side, int *ret)
{
	const struct message *m = &qp->message;
	struct qp *peer = qp_get(dev, m->peer);
	bool gets = m->kind->opcode == OPCODE_READ || m->kind->atomic;

	if (!peer || !qp_is_reliable(qp))
		return false;
	if (side == SIDE_LOCAL && gets && qp_behave(dev, qp, BEHAVE_REQUESTER_DROPS)) {
		*ret = ask_again(dev, qp, peer);
		return true;
	}
	if (side != SIDE_LOCAL && qp_behave(dev, qp, BEHAVE_FAULT_RNR)) {
		*ret = not_ready(dev, qp, peer);
		return true;
	}
	return false;
}

bool replay_lost(struct device *dev, struct qp *qp, struct qp *peer)
{
	struct message *m = &qp->message;

	if (m->started || m->lost || !field_get(qp->context, qpc_retry_count) ||
	    !qp_behave(dev, qp, BEHAVE_SEQUENCE_NAK))
		return false;
	m->lost = true;
	counter_add(dev, peer, COUNTER_OUT_OF_SEQUENCE);
	counter_add(dev, qp, COUNTER_SEQUENCE_ERROR);
	qp_sleep(dev, qp, behave_value(dev, BEHAVE_SEQUENCE_NAK) * NSEC_PER_USEC);
	return true;
}
