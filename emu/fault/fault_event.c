// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fault_event.c - what an event says of a page fault, in either scheme */
#include "fault/fault_event.h"

#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "fault/held_event.h"
#include "qp/message.h"
#include "qp/qp.h"

#include <string.h>

/* Subtypes of the event */
enum { EVENT_BY_WQE, EVENT_BY_RDMA, EVENT_BY_MEMORY };

/*
 * Types in the transport scheme: bits for RDMA, of which write or read, else of a queue
 */
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

/* How many of the @bytes from @va on the driver is asked for */
static uint64_t demanded(struct device *dev, uint64_t va, uint64_t bytes)
{
	uint64_t first = PAGE_BYTES - va % PAGE_BYTES;

	if (bytes > first && behave(dev, BEHAVE_FAULT_BY_PAGE))
		return first;
	if (bytes > first && behave(dev, BEHAVE_FAULT_SHORT))
		return round_down(va + bytes - 1, PAGE_BYTES) - va;
	return bytes;
}

/* Pages around those that are needed, as far as an address can name them */
static void widen(struct device *dev, uint64_t va, uint64_t pages, uint8_t *data)
{
	uint64_t wanted, first = va / PAGE_BYTES, last = first + pages - 1;

	if (!behave(dev, BEHAVE_FAULT_WIDE))
		return;
	wanted = behave_value(dev, BEHAVE_FAULT_WIDE);
	field_set(data, eqe_memory_fault_pre_demand_pages, size_min(wanted, first));
	field_set(data, eqe_memory_fault_post_demand_pages,
		  size_min(wanted, UINT64_MAX / PAGE_BYTES - last));
}

static void by_memory(struct device *dev, const struct missing *missing, uint8_t *data)
{
	uint64_t bytes = size_min(missing->bytes, MAX_DEMAND_BYTES), pages;

	pages = pages_spanned(missing->va, demanded(dev, missing->va, bytes));
	field_set(data, eqe_memory_fault_flags, LAST_OF_FAULT);
	field_set(data, eqe_memory_fault_demand_pages, pages);
	field_set(data, eqe_memory_fault_mkey, missing->mkey);
	field_set(data, eqe_memory_fault_va, round_down(missing->va, PAGE_BYTES));
	widen(dev, missing->va, pages, data);
}

/*
 * What the packet that faults has in its headers: the request's address, how far its data
 * has come, and its length only in a first packet, or where the responder knows it.
 */
static void by_packet(struct device *dev, const struct message *m, uint8_t *data)
{
	uint64_t mtu = behave_value(dev, BEHAVE_PACKETS), done = m->transfer.done;
	bool known = done < mtu || m->kind->opcode == OPCODE_READ;

	field_set(data, eqe_rdma_fault_bytes_committed, done);
	field_set(data, eqe_rdma_fault_rdma_va, m->remote.addr);
	field_set(data, eqe_rdma_fault_rdma_op_len, known ? m->remote.len : 0);
	field_set(data, eqe_rdma_fault_packet_length,
		  size_min(m->remote.len - done, mtu - done % mtu));
}

static void by_rdma(struct device *dev, const struct message *m, unsigned int type,
		    uint8_t *data)
{
	uint64_t va = m->remote.addr + m->transfer.done;
	uint64_t len = demanded(dev, va, m->remote.len - m->transfer.done);

	field_set(data, eqe_rdma_fault_r_key, m->remote.key);
	field_set(data, eqe_rdma_fault_packet_length, size_min(len, PACKET_BYTES));
	field_set(data, eqe_rdma_fault_rdma_op_len, len);
	field_set(data, eqe_rdma_fault_rdma_va, va);
	field_set(data, eqe_rdma_fault_type, type);
	if (behave(dev, BEHAVE_PACKETS))
		by_packet(dev, m, data);
}

/* The driver reads the entry itself, and resolves all that it names. */
static void by_wqe(const struct qp *qp, enum fault_side side, unsigned int type,
		   uint8_t *data)
{
	const struct message *m = &qp->message;
	uint32_t queue = side == SIDE_LOCAL ? qp->object.number : m->peer;

	if (side == SIDE_RECEIVE && m->srq_number)
		queue = m->srq_number;
	field_set(data, eqe_wqe_fault_wqe_index,
		  side == SIDE_LOCAL ? m->index : m->receive.index);
	field_set(data, eqe_wqe_fault_packet_length, PACKET_BYTES);
	field_set(data, eqe_wqe_fault_type, type);
	field_set(data, eqe_wqe_fault_wq_number, queue);
}

unsigned int fault_event_type(const struct device *dev, const struct message *m,
			      enum fault_side side)
{
	bool reads;

	if (dev->config.scheme == SCHEME_MEMORY)
		return 0;
	reads = m->kind->opcode == OPCODE_READ || m->kind->atomic;
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

void fault_event_describe(struct device *dev, const struct qp *qp, enum fault_side side,
			  const struct missing *missing, struct fault_event *event)
{
	if (dev->config.scheme == SCHEME_MEMORY) {
		event->sub_type = EVENT_BY_MEMORY;
		by_memory(dev, missing, event->data);
	} else if (side == SIDE_REMOTE) {
		event->sub_type = EVENT_BY_RDMA;
		by_rdma(dev, &qp->message, event->type, event->data);
	} else {
		event->sub_type = EVENT_BY_WQE;
		by_wqe(qp, side, event->type, event->data);
	}
}

/*
 * The pages that are needed in two events, which the driver resolves both and resumes
 * once, after the last: a page's event, and one of the others or of that page again.
 * Whether it did.
 */
static bool split(struct device *dev, uint8_t *data)
{
	uint64_t pages = field_get(data, eqe_memory_fault_demand_pages);
	uint8_t first[EVENT_DATA_BYTES];

	if (!behave(dev, BEHAVE_FAULT_SPLIT))
		return false;
	memcpy(first, data, sizeof(first));
	field_set(first, eqe_memory_fault_flags, 0);
	field_set(first, eqe_memory_fault_demand_pages, 1);
	field_set(first, eqe_memory_fault_post_demand_pages, 0);
	held_event_post(dev, EVENT_BY_MEMORY, first);
	if (pages == 1)
		return true;
	field_set(data, eqe_memory_fault_pre_demand_pages, 0);
	field_set(data, eqe_memory_fault_demand_pages, pages - 1);
	field_set(data, eqe_memory_fault_va,
		  field_get(data, eqe_memory_fault_va) + PAGE_BYTES);
	return true;
}

bool fault_event_post(struct device *dev, const struct fault_event *event)
{
	uint8_t data[EVENT_DATA_BYTES];
	bool two = false;

	memcpy(data, event->data, sizeof(data));
	switch (event->sub_type) {
	case EVENT_BY_MEMORY:
		field_set(data, eqe_memory_fault_token_47_32, event->token >> 32);
		field_set(data, eqe_memory_fault_token_31_0, event->token & UINT32_MAX);
		two = split(dev, data);
		break;
	case EVENT_BY_RDMA:
		field_set(data, eqe_rdma_fault_token, event->token);
		break;
	default:
		field_set(data, eqe_wqe_fault_token, event->token);
	}
	held_event_post(dev, event->sub_type, data);
	return two;
}
