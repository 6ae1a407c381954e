// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* srq_commands.c - shared receive queues: RMP for RC and UD, XRC SRQ */
#include "device/device.h"
#include "device/layout.h"
#include "queue/cq.h"
#include "queue/receive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LOG_SIZE   15
#define MAX_LOG_STRIDE 9
#define STATE_READY    1
#define XRC_BYTES      64
#define RMP_BYTES      240
#define SEGMENT_SHIFT  4

static int init_queue(struct srq *srq, struct ring_place *place)
{
	struct receive_queue *queue = &srq->queue;
	int ret;

	if (queue->log_size > MAX_LOG_SIZE || queue->log_stride > MAX_LOG_STRIDE)
		return -EINVAL;
	queue->linked = true;
	place->bytes = 1ull << (queue->log_size + queue->log_stride);
	ret = ring_init(&srq->ring, place);
	queue->ring = &srq->ring;
	return ret;
}

static int init_rmp(struct device *dev, struct srq *srq, const struct command *cmd)
{
	const uint8_t *rmpc = const_block(cmd->in, create_rmp_in_ctx);
	const uint8_t *wq = const_block(rmpc, rmpc_wq);
	const uint8_t *pas = const_block(wq, wq_pas);
	struct ring_place place = {
		.pas = pas,
		.pas_bytes = cmd->in_len - (uint64_t)(pas - cmd->in),
		.log_page = (unsigned int)field_get(wq, wq_log_wq_pg_sz),
		.offset = (unsigned int)field_get(wq, wq_page_offset),
	};

	/* other types are for Ethernet */
	if (field_get(wq, wq_wq_type) || field_get(wq, wq_wq_signature))
		return -EINVAL;
	memcpy(srq->context, rmpc, RMP_BYTES);
	srq->pd = (uint32_t)field_get(wq, wq_pd);
	srq->limit = (uint16_t)field_get(wq, wq_lwm);
	srq->queue.doorbell = field_get(wq, wq_dbr_addr);
	srq->queue.log_size = (unsigned int)field_get(wq, wq_log_wq_sz);
	srq->queue.log_stride = (unsigned int)field_get(wq, wq_log_wq_stride);
	return init_queue(srq, &place);
}

static int init_xrc(struct device *dev, struct srq *srq, const struct command *cmd)
{
	const uint8_t *c = const_block(cmd->in, create_xrc_srq_in_xrc_srq_context_entry);
	const uint8_t *pas = const_block(cmd->in, create_xrc_srq_in_pas);
	struct ring_place place = {
		.pas = pas,
		.pas_bytes = cmd->in_len - (uint64_t)(pas - cmd->in),
		.log_page = (unsigned int)field_get(c, xrc_srqc_log_page_size),
		.offset = (unsigned int)field_get(c, xrc_srqc_page_offset),
	};

	if (field_get(c, xrc_srqc_wq_signature) || place.log_page > 31)
		return -EINVAL;
	memcpy(srq->context, c, XRC_BYTES);
	srq->xrc = true;
	srq->pd = (uint32_t)field_get(c, xrc_srqc_pd);
	srq->xrcd = (uint32_t)field_get(c, xrc_srqc_xrcd);
	srq->user_index = (uint32_t)field_get(c, xrc_srqc_user_index);
	srq->limit = (uint16_t)field_get(c, xrc_srqc_lwm);
	srq->cq = cq_get(dev, (uint32_t)field_get(c, xrc_srqc_cqn));
	if (!srq->cq)
		return -ENOENT;
	srq->queue.doorbell = field_get(c, xrc_srqc_db_record_addr_h) << 32 |
			      field_get(c, xrc_srqc_db_record_addr_l) << 2;
	srq->queue.log_size = (unsigned int)field_get(c, xrc_srqc_log_xrc_srq_size);
	srq->queue.log_stride =
		(unsigned int)field_get(c, xrc_srqc_log_rq_stride) + SEGMENT_SHIFT;
	return init_queue(srq, &place);
}

static enum command_status create(struct device *dev, struct command *cmd,
				  int (*init)(struct device *, struct srq *,
					      const struct command *))
{
	struct srq *srq = calloc(1, sizeof(*srq));
	int ret;

	if (!srq)
		return STATUS_NO_RESOURCES;
	ret = init(dev, srq, cmd);
	if (!ret)
		ret = objects_add(&dev->srqs, &srq->object);
	if (ret) {
		ring_free(&srq->ring);
		free(srq);
		return command_error(ret);
	}
	if (srq->cq)
		srq->cq->object.refs++;
	cmd->number = srq->object.number;
	field_set(cmd->out, create_rmp_out_rmpn, srq->object.number);
	return STATUS_OK;
}

static enum command_status create_rmp(struct device *dev, struct command *cmd)
{
	return create(dev, cmd, init_rmp);
}

static enum command_status create_xrc(struct device *dev, struct command *cmd)
{
	return create(dev, cmd, init_xrc);
}

/* The number lies at the same place in all commands about either kind. */
static struct srq *find(struct device *dev, struct command *cmd)
{
	cmd->number = (uint32_t)field_get(cmd->in, destroy_rmp_in_rmpn);
	return srq_get(dev, cmd->number);
}

static enum command_status destroy(struct device *dev, struct command *cmd)
{
	struct srq *srq = find(dev, cmd);

	if (!srq)
		return STATUS_BAD_RESOURCE;
	if (srq->object.refs)
		return STATUS_BAD_RESOURCE_STATE;
	srq_free(dev, srq);
	return STATUS_OK;
}

static enum command_status query_rmp(struct device *dev, struct command *cmd)
{
	struct srq *srq = find(dev, cmd);
	uint8_t *rmpc = block(cmd->out, query_rmp_out_rmp_context);
	uint8_t *wq = block(rmpc, rmpc_wq);

	if (!srq || srq->xrc)
		return STATUS_BAD_RESOURCE;
	memcpy(rmpc, srq->context, RMP_BYTES);
	field_set(rmpc, rmpc_state, STATE_READY);
	field_set(wq, wq_lwm, srq->limit);
	field_set(wq, wq_hw_counter, srq->queue.consumed);
	return STATUS_OK;
}

static enum command_status query_xrc(struct device *dev, struct command *cmd)
{
	struct srq *srq = find(dev, cmd);
	uint8_t *c = block(cmd->out, query_xrc_srq_out_xrc_srq_context_entry);

	if (!srq || !srq->xrc)
		return STATUS_BAD_RESOURCE;
	memcpy(c, srq->context, XRC_BYTES);
	field_set(c, xrc_srqc_lwm, srq->limit);
	return STATUS_OK;
}

static enum command_status modify_rmp(struct device *dev, struct command *cmd)
{
	struct srq *srq = find(dev, cmd);
	const uint8_t *rmpc = const_block(cmd->in, modify_rmp_in_ctx);

	if (!srq || srq->xrc)
		return STATUS_BAD_RESOURCE;
	if (field_get(const_block(cmd->in, modify_rmp_in_bitmask), rmp_bitmask_lwm))
		srq->limit = (uint16_t)field_get(const_block(rmpc, rmpc_wq), wq_lwm);
	srq_check_limit(dev, srq);
	return STATUS_OK;
}

static enum command_status arm_xrc(struct device *dev, struct command *cmd)
{
	struct srq *srq = find(dev, cmd);

	if (!srq || !srq->xrc)
		return STATUS_BAD_RESOURCE;
	srq->limit = (uint16_t)field_get(cmd->in, arm_xrc_srq_in_lwm);
	srq_check_limit(dev, srq);
	return STATUS_OK;
}

const struct command_row srq_commands[] = {
	COMMAND_ROW(CREATE_XRC_SRQ, create_xrc, 272, 16),
	COMMAND_ROW(DESTROY_XRC_SRQ, destroy, 16, 8),
	COMMAND_ROW(QUERY_XRC_SRQ, query_xrc, 16, 272),
	COMMAND_ROW(ARM_XRC_SRQ, arm_xrc, 16, 8),
	COMMAND_ROW(CREATE_RMP, create_rmp, 272, 16),
	COMMAND_ROW(MODIFY_RMP, modify_rmp, 272, 8),
	COMMAND_ROW(DESTROY_RMP, destroy, 16, 8),
	COMMAND_ROW(QUERY_RMP, query_rmp, 16, 272),
	{ 0 },
};
