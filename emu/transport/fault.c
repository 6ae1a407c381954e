// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fault.c - page faults: from the access that finds no page to the driver's resume */
#include "transport/fault.h"

#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/trace.h"
#include "queue/eq.h"
#include "transport/message.h"
#include "transport/qp.h"

#include <errno.h>
#include <stdlib.h>

/* Subtypes of the event */
enum { EVENT_BY_WQE, EVENT_BY_RDMA, EVENT_BY_MEMORY };

/* Types in the transport scheme: bits for RDMA, of which write or read, else of a queue */
enum {
	TYPE_SHARED_RECEIVE = 0,
	TYPE_SEND_WRITE = 1,
	TYPE_RECEIVE = 2,
	TYPE_READ_ATOMIC = 3,
	TYPE_RDMA_READ = 4,
	TYPE_RDMA_WRITE = 6,
};

#define LAST_OF_FAULT	 0x80
#define PACKET_BYTES	 1024
#define MAX_DEMAND_BYTES MiB(4)

struct fault {
	TAILQ_ENTRY(fault) entry;
	unsigned int type; /* transport scheme */
	uint64_t token;
	uint32_t qpn; /* of the message that waits */
	uint64_t serial;
	bool orphan; /* it does not wait any more */
};

static struct fault *find(struct device *dev, unsigned int type, uint64_t token)
{
	struct fault *fault;

	TAILQ_FOREACH(fault, &dev->faults, entry)
	if (fault->token == token && fault->type == type)
		return fault;
	return NULL;
}

static void event_memory(const struct fault *fault, const struct missing *missing,
			 uint8_t *data)
{
	uint64_t bytes = size_min(missing->bytes, MAX_DEMAND_BYTES);

	field_set(data, eqe_memory_fault_flags, LAST_OF_FAULT);
	field_set(data, eqe_memory_fault_token_47_32, fault->token >> 32);
	field_set(data, eqe_memory_fault_token_31_0, fault->token & UINT32_MAX);
	field_set(data, eqe_memory_fault_demand_pages, pages_spanned(missing->va, bytes));
	field_set(data, eqe_memory_fault_mkey, missing->mkey);
	field_set(data, eqe_memory_fault_va, round_down(missing->va, PAGE_BYTES));
}

static void event_rdma(const struct fault *fault, const struct message *m, uint8_t *data)
{
	uint64_t left = m->remote.len - m->transfer.done;

	field_set(data, eqe_rdma_fault_r_key, m->remote.key);
	field_set(data, eqe_rdma_fault_packet_length, size_min(left, PACKET_BYTES));
	field_set(data, eqe_rdma_fault_rdma_op_len, left);
	field_set(data, eqe_rdma_fault_rdma_va, m->remote.addr + m->transfer.done);
	field_set(data, eqe_rdma_fault_type, fault->type);
	field_set(data, eqe_rdma_fault_token, fault->token);
}

/* The driver reads the entry itself, and resolves all that it names. */
static void event_wqe(const struct fault *fault, const struct message *m,
		      enum fault_side side, uint32_t queue, uint8_t *data)
{
	field_set(data, eqe_wqe_fault_wqe_index,
		  side == SIDE_LOCAL ? m->index : m->receive.index);
	field_set(data, eqe_wqe_fault_packet_length, PACKET_BYTES);
	field_set(data, eqe_wqe_fault_token, fault->token);
	field_set(data, eqe_wqe_fault_type, fault->type);
	field_set(data, eqe_wqe_fault_wq_number, queue);
}

static unsigned int transport_type(const struct message *m, enum fault_side side)
{
	bool reads = m->kind->opcode == OPCODE_READ || m->kind->atomic;

	switch (side) {
	case SIDE_REMOTE:
		return m->kind->opcode == OPCODE_READ ? TYPE_RDMA_READ : TYPE_RDMA_WRITE;
	case SIDE_RECEIVE:
		return m->srq_number ? TYPE_SHARED_RECEIVE : TYPE_RECEIVE;
	case SIDE_LOCAL:
		break;
	}
	return reads ? TYPE_READ_ATOMIC : TYPE_SEND_WRITE;
}

static bool post(struct device *dev, const struct fault *fault, const struct qp *qp,
		 enum fault_side side, const struct missing *missing)
{
	const struct message *m = &qp->message;
	uint8_t data[EVENT_DATA_BYTES] = { 0 };
	uint32_t queue = side == SIDE_LOCAL ? qp->object.number : m->peer;

	if (dev->config.scheme == SCHEME_MEMORY) {
		event_memory(fault, missing, data);
		return event_post(dev, EVENT_PAGE_FAULT, EVENT_BY_MEMORY, data);
	}
	if (side == SIDE_REMOTE) {
		event_rdma(fault, m, data);
		return event_post(dev, EVENT_PAGE_FAULT, EVENT_BY_RDMA, data);
	}
	if (side == SIDE_RECEIVE && m->srq_number)
		queue = m->srq_number;
	event_wqe(fault, m, side, queue, data);
	return event_post(dev, EVENT_PAGE_FAULT, EVENT_BY_WQE, data);
}

static int name_fault(struct device *dev, struct fault *fault, const struct qp *qp,
		      enum fault_side side)
{
	if (dev->config.scheme == SCHEME_MEMORY) {
		fault->token = ++dev->fault_tokens & 0xffffffffffffull;
		return 0;
	}
	fault->type = transport_type(&qp->message, side);
	fault->token = side == SIDE_LOCAL ? qp->object.number : qp->message.peer;
	return find(dev, fault->type, fault->token) ? -EBUSY : 0;
}

int fault_raise(struct device *dev, struct qp *qp, enum fault_side side,
		const struct missing *missing)
{
	struct fault fault = { .qpn = qp->object.number, .serial = qp->serial }, *kept;
	int ret = name_fault(dev, &fault, qp, side);

	if (ret)
		return ret;
	if (!event_wanted(dev, EVENT_PAGE_FAULT))
		return -ENODEV;
	dev->stats.faults++;
	trace(dev, "fault",
	      "\"token\":%llu,\"type\":%u,\"qpn\":%u,\"wqe\":%u,\"side\":%u,\"mkey\":%u,"
	      "\"va\":%llu,\"bytes\":%llu,\"write\":%s",
	      (unsigned long long)fault.token, fault.type, fault.qpn, qp->message.index,
	      side, MKEY_INDEX(missing->mkey), (unsigned long long)missing->va,
	      (unsigned long long)missing->bytes, missing->write ? "true" : "false");
	/* the driver cannot resume a fault that it gets no event of */
	if (inject(dev, INJECT_NO_EVENT))
		return 0;
	kept = malloc(sizeof(*kept));
	if (!kept)
		return -ENOMEM;
	*kept = fault;
	TAILQ_INSERT_TAIL(&dev->faults, kept, entry);
	post(dev, kept, qp, side, missing);
	return 0;
}

void fault_orphan(struct device *dev, const struct qp *qp)
{
	struct fault *fault;

	TAILQ_FOREACH(fault, &dev->faults, entry)
	if (fault->qpn == qp->object.number && fault->serial == qp->serial)
		fault->orphan = true;
}

static void fault_end(struct device *dev, struct fault *fault, bool error)
{
	struct qp *qp = qp_get(dev, fault->qpn);

	dev->stats.resumes++;
	dev->stats.resumes_with_error += error;
	trace(dev, "resume", "\"token\":%llu,\"type\":%u,\"qpn\":%u,\"error\":%s",
	      (unsigned long long)fault->token, fault->type, fault->qpn,
	      error ? "true" : "false");
	if (!fault->orphan && qp && qp->serial == fault->serial) {
		qp->message.resumed = true;
		qp->message.resume_failed = error;
		qp_wake(dev, qp, WAIT_FAULT);
	}
	TAILQ_REMOVE(&dev->faults, fault, entry);
	free(fault);
}

static enum command_status page_fault_resume(struct device *dev, struct command *cmd)
{
	const uint8_t *info = const_block(cmd->in, page_fault_resume_in_page_fault_info);
	bool error = field_get(info, mem_page_fault_info_error);
	struct fault *fault;

	if (dev->config.scheme == SCHEME_MEMORY)
		fault = find(
			dev, 0,
			field_get(info, mem_page_fault_info_fault_token_47_32) << 32 |
				field_get(info, mem_page_fault_info_fault_token_31_0));
	else
		fault = find(dev,
			     (unsigned int)field_get(
				     info, trans_page_fault_info_page_fault_type),
			     field_get(info, trans_page_fault_info_fault_token));
	if (!fault)
		return STATUS_BAD_PARAM;
	cmd->number = fault->qpn;
	fault_end(dev, fault, error);
	return STATUS_OK;
}

void faults_free(struct device *dev)
{
	struct fault *fault;

	while ((fault = TAILQ_FIRST(&dev->faults))) {
		TAILQ_REMOVE(&dev->faults, fault, entry);
		free(fault);
	}
}

const struct command_row fault_commands[] = {
	COMMAND_ROW(PAGE_FAULT_RESUME, page_fault_resume, 16, 8),
	{ 0 },
};
