// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fetch.c - work requests: read from the send queue, and understood */
#include "transport/fetch.h"

#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/trace.h"
#include "qp/qp.h"
#include "transfer/misplace.h"
#include "transfer/transfer.h"
#include "transport/step.h"

#include <errno.h>
#include <string.h>

#define UNIT	       16
#define SIGNALED       (2u << 2)
#define SOLICITED      (1u << 1)
#define MAX_MESSAGE    (1ull << 30)
#define WHOLE_SEGMENT  (1u << 31) /* a length of 0 */
#define DATAGRAM_AV    48
#define DATAGRAM_SHORT 16
#define GRH_BYTES      40

#define CONNECTED      (1u << SERVICE_RC | 1u << SERVICE_XRC | 1u << SERVICE_DCI)
#define DATAGRAM       (1u << SERVICE_UD | 1u << SERVICE_GSI | 1u << SERVICE_SMI)
#define ADDRESSED      (DATAGRAM | 1u << SERVICE_DCI)

static const struct message_kind connected[] = {
	{ OPCODE_NOP, "NOP", step_nop, CONNECTED | DATAGRAM | 1u << SERVICE_UMR, false,
	  false },
	{ OPCODE_SEND, "SEND", step_send, CONNECTED, false, false },
	{ OPCODE_SEND_IMM, "SEND_IMM", step_send, CONNECTED, false, false },
	{ OPCODE_SEND_INVALIDATE, "SEND_INVALIDATE", step_send, CONNECTED, false, false },
	{ OPCODE_SEND, "SEND", step_datagram, DATAGRAM, false, false },
	{ OPCODE_SEND_IMM, "SEND_IMM", step_datagram, DATAGRAM, false, false },
	{ OPCODE_WRITE, "WRITE", step_write, CONNECTED, true, false },
	{ OPCODE_WRITE_IMM, "WRITE_IMM", step_write, CONNECTED, true, false },
	{ OPCODE_READ, "READ", step_read, CONNECTED, true, false },
	{ OPCODE_COMPARE_SWAP, "COMPARE_SWAP", step_atomic, CONNECTED, true, true },
	{ OPCODE_FETCH_ADD, "FETCH_ADD", step_atomic, CONNECTED, true, true },
	{ OPCODE_UMR, "UMR", step_update, CONNECTED | 1u << SERVICE_UMR, false, false },
};

static const struct message_kind *find_kind(uint8_t opcode, enum qp_service service)
{
	for (size_t i = 0; i < ARRAY_SIZE(connected); i++)
		if (connected[i].opcode == opcode && connected[i].services >> service & 1)
			return &connected[i];
	return NULL;
}

/* Copies the entry, which may wrap around the queue's end, out of the driver's reach. */
static int copy_entry(struct device *dev, struct qp *qp, unsigned int blocks)
{
	uint32_t size = 1u << qp->send_log;

	for (unsigned int i = 0; i < blocks; i++) {
		uint64_t slot = (qp->send_consumed + i) & (size - 1);
		const uint8_t *from = ring_at(&dev->dma, &qp->ring,
					      qp->send_offset + slot * WQE_BLOCK,
					      WQE_BLOCK);

		if (!from)
			return -EFAULT;
		memcpy(qp->message.entry + i * WQE_BLOCK, from, WQE_BLOCK);
	}
	return 0;
}

static int parse_segments(struct message *m)
{
	unsigned int at = m->segments;

	while (at + UNIT <= m->bytes) {
		const uint8_t *seg = m->entry + at;
		uint32_t len = (uint32_t)field_get(seg, data_seg_byte_count);
		struct sge *sge = &m->sges[m->n];

		if (m->n == SEND_SGES + 1)
			return -EINVAL;
		if (field_get(seg, data_seg_inline_data)) {
			if (len > m->bytes - at - sizeof(uint32_t))
				return -EINVAL;
			*sge = (struct sge){ .len = len, .data = seg + sizeof(uint32_t) };
			at += (unsigned int)round_up(sizeof(uint32_t) + len, UNIT);
		} else {
			*sge = (struct sge){ .addr = field_get(seg, data_seg_addr),
					     .len = len ? len : WHOLE_SEGMENT,
					     .key = (uint32_t)field_get(seg,
									data_seg_lkey) };
			at += UNIT;
		}
		m->n++;
	}
	m->length = sges_bytes(m->sges, m->n);
	return m->length > MAX_MESSAGE + GRH_BYTES ? -EINVAL : 0;
}

static unsigned int address_bytes(const struct qp *qp, const uint8_t *entry)
{
	if (qp->service == SERVICE_XRC)
		return UNIT;
	if (!(ADDRESSED >> qp->service & 1))
		return 0;
	return field_get(entry + UNIT, av_extended) ? DATAGRAM_AV : DATAGRAM_SHORT;
}

/* The parts of an entry between its control segment and its data segments. */
static int parse_addresses(const struct qp *qp, struct message *m)
{
	unsigned int at = UNIT + address_bytes(qp, m->entry);

	if (m->kind->opcode == OPCODE_UMR) {
		at = 2 * WQE_BLOCK;
	} else if (m->kind->opcode != OPCODE_NOP) {
		if (qp->service == SERVICE_XRC)
			m->srqn = (uint32_t)field_get(m->entry + UNIT, xrc_seg_xrc_srqn);
		if (m->kind->remote) {
			m->remote.addr = field_get(m->entry + at, raddr_seg_raddr);
			m->remote.key =
				(uint32_t)field_get(m->entry + at, raddr_seg_rkey);
			at += UNIT;
		}
		if (m->kind->atomic)
			at += UNIT;
	}
	m->segments = at;
	return m->kind->opcode != OPCODE_NOP && at > m->bytes ? -EINVAL : 0;
}

static int parse(struct qp *qp)
{
	struct message *m = &qp->message;
	unsigned int flags = (unsigned int)field_get(m->entry, ctrl_seg_fm_ce_se);
	bool inlined;

	m->kind = find_kind((uint8_t)field_get(m->entry, ctrl_seg_opcode), qp->service);
	if (!m->kind)
		return -EINVAL;
	m->signaled = flags & SIGNALED;
	m->solicited = flags & SOLICITED;
	m->immediate = (uint32_t)field_get(m->entry, ctrl_seg_imm);
	if (parse_addresses(qp, m))
		return -EINVAL;
	if (m->kind->step == step_datagram)
		m->sges[m->n++] = (struct sge){ .len = GRH_BYTES, .data = m->header };
	inlined = m->kind->opcode == OPCODE_UMR && m->entry[UNIT] >> 7;
	if (m->kind->opcode == OPCODE_NOP || inlined)
		return 0;
	return parse_segments(m);
}

uint16_t message_posted(struct device *dev, const struct qp *qp)
{
	const uint8_t *record = dma_at(&dev->dma, qp->doorbell, 8, false);

	if (!qp->has_send || !record)
		return 0;
	return (uint16_t)(load_be32(record + 4) - qp->send_consumed);
}

int message_fetch(struct device *dev, struct qp *qp)
{
	struct message *m = &qp->message;
	uint16_t posted = message_posted(dev, qp);

	if (!posted)
		return 0;
	memset(m, 0, offsetof(struct message, entry));
	m->active = true;
	m->index = qp->send_consumed;
	/* more than the queue holds is nonsense, and ends as one */
	m->blocks = posted > 1u << qp->send_log ? posted : 1;
	if (m->blocks != 1 || copy_entry(dev, qp, 1))
		return message_fail(qp, SYNDROME_LOCAL_OPERATION);
	m->bytes = (unsigned int)field_get(m->entry, ctrl_seg_ds) * UNIT;
	if (!m->bytes)
		return message_fail(qp, SYNDROME_LOCAL_OPERATION);
	m->blocks = (m->bytes + WQE_BLOCK - 1) / WQE_BLOCK;
	if (m->blocks > posted) {
		m->blocks = posted;
		return message_fail(qp, SYNDROME_LOCAL_OPERATION);
	}
	if (copy_entry(dev, qp, m->blocks) || parse(qp))
		return message_fail(qp, SYNDROME_LOCAL_OPERATION);
	if (qp_behave(dev, qp, BEHAVE_MAX_MSG) &&
	    m->length > behave_value(dev, BEHAVE_MAX_MSG))
		return message_fail(qp, SYNDROME_LOCAL_LENGTH);
	misplace_pieces(dev, qp);
	trace(dev, "work", "\"qpn\":%u,\"wqe\":%u,\"opcode\":\"%s\",\"bytes\":%llu",
	      qp->object.number, m->index, m->kind->name, (unsigned long long)m->length);
	return 1;
}
