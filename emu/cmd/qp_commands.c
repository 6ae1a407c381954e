// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp_commands.c - create, modify, query and destroy queue pairs */
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "qp/qp.h"
#include "transport/qp_life.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LOG_STRIDE	      5
#define RECEIVE_SEGMENT_SHIFT 4
#define SUPPORTED_SERVICES                                                             \
	(1u << SERVICE_RC | 1u << SERVICE_UD | 1u << SERVICE_XRC | 1u << SERVICE_DCI | \
	 1u << SERVICE_SMI | 1u << SERVICE_GSI | 1u << SERVICE_UMR)

static uint64_t place_queues(struct qp *qp)
{
	const uint8_t *c = qp->context;
	bool own = field_get(c, qpc_rq_type) == RECEIVE_OWN;
	uint64_t receive_bytes;

	qp->receive.log_size = (unsigned int)field_get(c, qpc_log_rq_size);
	qp->receive.log_stride =
		(unsigned int)field_get(c, qpc_log_rq_stride) + RECEIVE_SEGMENT_SHIFT;
	receive_bytes = own ? 1ull << (qp->receive.log_size + qp->receive.log_stride) : 0;
	qp->receive.ring = own ? &qp->ring : NULL;
	qp->receive.doorbell = qp->doorbell;
	qp->send_offset = receive_bytes;
	return receive_bytes + (qp->has_send ? (uint64_t)WQE_BLOCK << qp->send_log : 0);
}

static int find_objects(struct device *dev, struct qp *qp)
{
	const uint8_t *c = qp->context;

	qp->send_cq = cq_get(dev, (uint32_t)field_get(c, qpc_cqn_snd));
	qp->receive_cq = cq_get(dev, (uint32_t)field_get(c, qpc_cqn_rcv));
	/* XRC finds its queue by message; an initiator names one, but never receives */
	if (field_get(c, qpc_rq_type) == RECEIVE_SHARED && qp->service != SERVICE_XRC &&
	    qp->service != SERVICE_DCI) {
		qp->srq = srq_get(dev, (uint32_t)field_get(c, qpc_srqn_rmpn_xrqn));
		if (!qp->srq || qp->srq->xrc)
			return -ENOENT;
	}
	return (qp->has_send && !qp->send_cq) || !qp->receive_cq ? -ENOENT : 0;
}

static int qp_init(struct device *dev, struct qp *qp, const struct command *cmd)
{
	const uint8_t *pas = const_block(cmd->in, create_qp_in_pas);
	struct ring_place place = {
		.pas = pas, .pas_bytes = cmd->in_len - (uint64_t)(pas - cmd->in)
	};
	uint8_t *c = qp->context;
	int ret;

	memcpy(c, const_block(cmd->in, create_qp_in_qpc), QP_CONTEXT);
	qp->service = (enum qp_service)field_get(c, qpc_st);
	if (qp->service >= 32 || !(SUPPORTED_SERVICES >> qp->service & 1))
		return -EINVAL;
	qp->pd = (uint32_t)field_get(c, qpc_pd);
	qp->xrcd = (uint32_t)field_get(c, qpc_xrcd);
	qp->user_index = (uint32_t)field_get(c, qpc_user_index);
	qp->doorbell = field_get(c, qpc_dbr_addr);
	qp->has_send = !field_get(c, qpc_no_sq);
	qp->send_log = (unsigned int)field_get(c, qpc_log_sq_size);
	qp->physical_keys = field_get(c, qpc_rlky);
	ret = find_objects(dev, qp);
	if (ret)
		return ret;
	place.bytes = place_queues(qp);
	place.log_page = (unsigned int)field_get(c, qpc_log_page_size);
	place.offset = (unsigned int)field_get(c, qpc_page_offset);
	if (field_get(c, qpc_log_rq_stride) > MAX_LOG_STRIDE)
		return -EINVAL;
	return ring_init(&qp->ring, &place);
}

static enum command_status create_qp(struct device *dev, struct command *cmd)
{
	struct qp *qp = calloc(1, sizeof(*qp));
	int ret;

	if (!qp)
		return STATUS_NO_RESOURCES;
	ret = qp_init(dev, qp, cmd);
	if (!ret)
		ret = qp_add(dev, qp);
	if (ret) {
		ring_free(&qp->ring);
		free(qp);
		return command_error(ret);
	}
	cmd->number = qp->object.number;
	field_set(cmd->out, create_qp_out_qpn, qp->object.number);
	return STATUS_OK;
}

static enum command_status destroy_qp(struct device *dev, struct command *cmd)
{
	struct qp *qp = qp_find(dev, cmd);

	if (!qp)
		return STATUS_BAD_RESOURCE;
	qp_free(dev, qp);
	return STATUS_OK;
}

static enum command_status query_qp(struct device *dev, struct command *cmd)
{
	struct qp *qp = qp_find(dev, cmd);
	uint8_t *c = block(cmd->out, query_qp_out_qpc);
	const uint8_t *record;

	if (!qp)
		return STATUS_BAD_RESOURCE;
	memcpy(c, qp->context, QP_CONTEXT);
	field_set(c, qpc_state, qp->state);
	field_set(c, qpc_hw_sq_wqebb_counter, qp->send_consumed);
	field_set(c, qpc_hw_rq_counter, qp->receive.consumed);
	record = dma_at(&dev->dma, qp->doorbell, 8, false);
	if (record) {
		field_set(c, qpc_sw_rq_counter, load_be32(record));
		field_set(c, qpc_sw_sq_wqebb_counter, load_be32(record + 4));
	}
	return STATUS_OK;
}

const struct command_row qp_commands[] = {
	COMMAND_ROW(CREATE_QP, create_qp, 272, 16),
	COMMAND_ROW(DESTROY_QP, destroy_qp, 16, 8),
	COMMAND_ROW(QUERY_QP, query_qp, 16, 272),
	{ 0 },
};
