// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * datagram.c - messages without a connection; one that reaches no queue pair is dropped
 */
#include "device/device.h"
#include "device/layout.h"
#include "port/port.h"
#include "qp/message.h"
#include "qp/qp.h"
#include "transfer/transfer.h"
#include "transport/responder.h"
#include "transport/step.h"

#include <string.h>

#define GRH_BYTES	40
#define GRH_VERSION	6
#define GRH_NEXT	0x1b
#define KEY_PRIVILEGED	(1u << 31) /* this Q_Key means the queue pair's own */
#define COMPLETION_GRH	(1u << 28)
#define WIRE_QP0	0
#define WIRE_QP1	1
#define IB_HEADER_BYTES 24 /* BTH and DETH and ICRC, in the length of a GRH */

static bool is_datagram(const struct qp *qp)
{
	return qp->service == SERVICE_UD || qp->service == SERVICE_GSI ||
	       qp->service == SERVICE_SMI;
}

/* The management queue pairs have a number on the wire that is not the driver's. */
static struct qp *find(struct device *dev, uint32_t number)
{
	enum qp_service service = number == WIRE_QP0 ? SERVICE_SMI : SERVICE_GSI;
	struct object *object;
	uint32_t next = 0;

	if (number != WIRE_QP0 && number != WIRE_QP1)
		return qp_get(dev, number);
	while ((object = objects_next(&dev->qps, &next)))
		if (((struct qp *)object)->service == service)
			return (struct qp *)object;
	return NULL;
}

static uint32_t wire_number(const struct qp *qp)
{
	switch (qp->service) {
	case SERVICE_SMI:
		return WIRE_QP0;
	case SERVICE_GSI:
		return WIRE_QP1;
	default:
		return qp->object.number;
	}
}

static struct qp *destination(struct device *dev, const struct qp *qp, const uint8_t *av)
{
	uint32_t key = (uint32_t)field_get(av, av_q_key);
	struct qp *peer = find(dev, (uint32_t)field_get(av, av_dqp));

	if (key & KEY_PRIVILEGED)
		key = (uint32_t)field_get(qp->context, qpc_q_key);
	if (!peer || !is_datagram(peer) || peer->state < QP_RTR ||
	    peer->state == QP_ERROR || !port_reached_by(av) ||
	    field_get(peer->context, qpc_q_key) != key)
		return NULL;
	return peer;
}

/* The 40 bytes before the data: a global route header if there is one, else anything. */
static void fill_header(struct message *m, const uint8_t *av)
{
	uint8_t *grh = m->header;

	if (!port_vector_has_route(av))
		return;
	store_be32(grh, (uint32_t)(GRH_VERSION << 28 | field_get(av, av_tclass) << 20 |
				   field_get(av, av_flow_label)));
	store_be32(grh + 4, (uint32_t)((m->length - GRH_BYTES + IB_HEADER_BYTES) << 16 |
				       GRH_NEXT << 8 | field_get(av, av_hop_limit)));
	port_gid(grh + 8);
	memcpy(grh + 24, const_block(av, av_rgid), PORT_GID_BYTES);
}

/* A question to the subnet's administration does not go out: its answer comes in. */
static void ask_subnet(struct device *dev, struct qp *qp, struct side *from)
{
	struct message *m = &qp->message;
	uint64_t done = 0, len = GRH_BYTES + SUBNET_MAD_BYTES;
	uint8_t mad[GRH_BYTES + SUBNET_MAD_BYTES];
	struct side side = *from;
	struct missing missing;
	struct span span;

	if (qp->service != SERVICE_GSI || m->length != len)
		return;
	for (; done < len; done += span.len) {
		if (side_locate(dev, &side, len - done, &span, &missing))
			return;
		memcpy(mad + done, span.host, span.len);
		side_advance(&side, span.len);
	}
	if (!subnet_asked(mad + GRH_BYTES))
		return;
	memcpy(m->answer, mad + GRH_BYTES, SUBNET_MAD_BYTES);
	subnet_answer(dev, m->answer);
	m->sges[1] = (struct sge){ .len = SUBNET_MAD_BYTES, .data = m->answer };
	from->n = m->n = 2;
}

/* 0 with m->started; without it if no queue pair can be reached. */
static int start(struct device *dev, struct qp *qp, struct qp *peer, const uint8_t *av)
{
	struct message *m = &qp->message;
	struct access own = { .pd = qp->pd,
			      .qpn = qp->object.number,
			      .right = RIGHT_LOCAL_READ,
			      .physical = qp->physical_keys };
	struct side from = { m->sges, m->n, 0, 0, own, SIDE_LOCAL };
	struct side to;

	if (side_check(dev, &from, m->length))
		return message_fail(qp, SYNDROME_LOCAL_PROTECTION);
	ask_subnet(dev, qp, &from);
	m->peer = peer->object.number;
	if (responder_receive(dev, qp, peer))
		return 0;
	if (responder_buffer(dev, qp, peer, &to))
		return 0;
	fill_header(m, av);
	message_start(qp, &from, &to, peer->object.number);
	return 0;
}

int step_datagram(struct device *dev, struct qp *qp, uint64_t *budget)
{
	struct message *m = &qp->message;
	const uint8_t *av = m->entry + AV_AT;
	struct qp *peer = destination(dev, qp, av);
	struct completion done = {
		.kind = m->kind->opcode == OPCODE_SEND_IMM ? COMPLETION_RECEIVE_IMM :
							     COMPLETION_RECEIVE,
		.byte_count = (uint32_t)m->length,
		/* the driver looks up a management datagram's partition by this */
		.immediate = m->kind->opcode == OPCODE_SEND_IMM ? m->immediate :
								  PORT_PKEY,
		.source_lid = PORT_LID,
		.source = wire_number(qp),
	};
	int ret;

	if (!peer || (m->started && peer->object.number != m->peer))
		return 0;
	if (port_vector_has_route(av))
		done.source |= COMPLETION_GRH;
	if (!m->started) {
		ret = start(dev, qp, peer, av);
		if (ret || !m->started)
			return ret;
	}
	ret = message_transfer(dev, qp, budget);
	if (!ret && m->received)
		responder_complete(dev, qp, peer, &done);
	return ret;
}
