// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * atomic.c - compare-and-swap, fetch-and-add: executed once, however often a page faults
 */
#include "device/device.h"
#include "device/layout.h"
#include "qp/message.h"
#include "qp/qp.h"
#include "transfer/transfer.h"
#include "transport/requester.h"
#include "transport/responder.h"
#include "transport/step.h"

#include <errno.h>
#include <string.h>

#define ATOMIC_BYTES 8
#define ATOMIC_AT    16 /* after the address segment */

/* Executes the atomic in the 8 bytes at @at, once, and keeps what was there. */
static void execute(struct device *dev, struct message *m, const struct span *at,
		    bool faulted)
{
	const uint8_t *seg = m->entry + m->segments - ATOMIC_AT;
	uint64_t operand = field_get(seg, atomic_seg_swap_add);
	uint64_t compare = field_get(seg, atomic_seg_compare);
	uint64_t value;

	memcpy(&value, at->host, sizeof(value));
	memcpy(m->old, &value, sizeof(value));
	if (m->kind->opcode == OPCODE_FETCH_ADD)
		value += operand;
	else if (value == compare || qp_inject(dev, m->transfer.qp, INJECT_SWAP_ALWAYS))
		value = operand;
	if (faulted && qp_inject(dev, m->transfer.qp, INJECT_NEW_VALUE))
		memcpy(m->old, &value, sizeof(value));
	transfer_write_now(dev, &m->transfer, at, &value, sizeof(value));
	m->executed = true;
}

static int start_atomic(struct device *dev, struct qp *qp, struct qp *peer)
{
	struct message *m = &qp->message;
	struct side local = requester_local(qp, RIGHT_LOCAL_WRITE);
	struct side remote = requester_remote(dev, qp, peer, RIGHT_ATOMIC);
	int ret;

	if (m->length != ATOMIC_BYTES)
		return message_fail(qp, SYNDROME_LOCAL_OPERATION);
	m->remote.len = ATOMIC_BYTES;
	if (m->remote.addr % ATOMIC_BYTES) {
		responder_refuse(dev, peer);
		return message_fail(qp, SYNDROME_REMOTE_INVALID);
	}
	ret = requester_check(dev, qp, peer, &local, &remote, ATOMIC_BYTES);
	if (ret)
		return ret;
	m->result = (struct sge){ .len = ATOMIC_BYTES, .data = m->old };
	/*
	 * first the target only, to find it; then what it held goes to the local buffer
	 */
	m->transfer = (struct transfer){ .from = { .sges = &m->result, .n = 1 },
					 .to = local,
					 .len = ATOMIC_BYTES,
					 .qp = qp,
					 .writer = peer->object.number };
	m->started = true;
	return 0;
}

/* How often to execute it now: once in its life, or by injection again after a fault. */
static unsigned int executions(struct device *dev, struct qp *qp)
{
	struct message *m = &qp->message;
	unsigned int n = !m->executed;

	if (m->pretended)
		return 0;
	if (m->resumed && qp_inject(dev, qp, INJECT_ATOMIC_TWICE))
		n++;
	m->resumed = false;
	return n;
}

int step_atomic(struct device *dev, struct qp *qp, uint64_t *budget)
{
	struct message *m = &qp->message;
	struct missing missing;
	struct side remote;
	struct qp *peer;
	struct span at;
	bool faulted = m->resumed;
	int ret = 0;

	peer = responder_reach(dev, qp, &ret);
	if (!peer)
		return ret;
	if (!m->started)
		ret = start_atomic(dev, qp, peer);
	if (ret)
		return ret;
	remote = requester_remote(dev, qp, peer, RIGHT_ATOMIC);
	remote.access.resumed = m->resumed;
	for (unsigned int n = executions(dev, qp); n; n--) {
		ret = side_locate(dev, &remote, ATOMIC_BYTES, &at, &missing);
		if (ret == -EAGAIN)
			return message_fault(dev, qp, SIDE_REMOTE, &missing);
		if (ret || at.len != ATOMIC_BYTES) {
			responder_refuse(dev, peer);
			return message_fail(qp, SYNDROME_REMOTE_ACCESS);
		}
		execute(dev, m, &at, faulted);
	}
	return message_transfer(dev, qp, budget);
}
