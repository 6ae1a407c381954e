// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* cq_commands.c - create, modify, resize, query and destroy completion queues */
#include "device/device.h"
#include "device/layout.h"
#include "queue/cq.h"
#include "queue/eq.h"
#include "transport/completion.h"
#include "transport/held_completion.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LOG_SIZE	22
#define SIZE_128	1 /* of an entry */
#define STATE_ARMED	0x9
#define STATE_SOLICITED 0x6
#define STATE_FIRED	0xa
#define STATUS_OVERFLOW 0x9
#define OP_MOD_RESIZE	1
#define SELECT_PERIOD	(1u << 0)
#define SELECT_COUNT	(1u << 1)
#define SELECT_OVERRUN	(1u << 2)

static int place_ring(struct ring *ring, const struct command *cmd,
		      const uint8_t *context, const uint8_t *pas)
{
	unsigned int bytes = field_get(context, cqc_cqe_sz) == SIZE_128 ? 128 : 64;

	return ring_init(
		ring,
		&(struct ring_place){
			.pas = pas,
			.pas_bytes = cmd->in_len - (uint64_t)(pas - cmd->in),
			.log_page = (unsigned int)field_get(context, cqc_log_page_size),
			.offset = (unsigned int)field_get(context, cqc_page_offset),
			.bytes = (uint64_t)bytes
				 << field_get(context, cqc_log_cq_size) });
}

static int cq_init(struct device *dev, struct cq *cq, const struct command *cmd)
{
	const uint8_t *context = const_block(cmd->in, create_cq_in_cq_context);
	uint32_t eqn = (uint32_t)field_get(context, cqc_c_eqn_or_apu_element);

	memcpy(cq->context, context, sizeof(cq->context));
	cq->eq = (struct eq *)objects_get(&dev->eqs, eqn);
	if (!cq->eq)
		return -ENOENT;
	if (field_get(context, cqc_log_cq_size) > MAX_LOG_SIZE)
		return -EINVAL;
	cq->doorbell = field_get(context, cqc_dbr_addr);
	cq->log_size = (unsigned int)field_get(context, cqc_log_cq_size);
	cq->entry_bytes = field_get(context, cqc_cqe_sz) == SIZE_128 ? 128 : 64;
	cq->period_us = (uint32_t)field_get(context, cqc_cq_period);
	cq->max_count = (uint32_t)field_get(context, cqc_cq_max_count);
	return place_ring(&cq->ring, cmd, context,
			  const_block(cmd->in, create_cq_in_pas));
}

static enum command_status create_cq(struct device *dev, struct command *cmd)
{
	struct cq *cq = calloc(1, sizeof(*cq));
	int ret;

	if (!cq)
		return STATUS_NO_RESOURCES;
	ret = cq_init(dev, cq, cmd);
	if (!ret)
		ret = objects_add(&dev->cqs, &cq->object);
	if (ret) {
		ring_free(&cq->ring);
		free(cq);
		return command_error(ret);
	}
	cq->eq->object.refs++;
	cmd->number = cq->object.number;
	field_set(cmd->out, create_cq_out_cqn, cq->object.number);
	return STATUS_OK;
}

static enum command_status destroy_cq(struct device *dev, struct command *cmd)
{
	struct cq *cq = cq_get(dev, (uint32_t)field_get(cmd->in, destroy_cq_in_cqn));

	if (!cq)
		return STATUS_BAD_RESOURCE;
	cmd->number = cq->object.number;
	if (cq->object.refs)
		return STATUS_BAD_RESOURCE_STATE;
	held_completions_post(dev);
	cq_free(dev, cq);
	return STATUS_OK;
}

static enum command_status query_cq(struct device *dev, struct command *cmd)
{
	struct cq *cq = cq_get(dev, (uint32_t)field_get(cmd->in, query_cq_in_cqn));
	static const uint8_t states[] = { [CQ_NOT_ARMED] = STATE_FIRED,
					  [CQ_ARMED_SOLICITED] = STATE_SOLICITED,
					  [CQ_ARMED] = STATE_ARMED };
	uint8_t *context = block(cmd->out, query_cq_out_cq_context);
	const uint8_t *record;

	if (!cq)
		return STATUS_BAD_RESOURCE;
	cmd->number = cq->object.number;
	memcpy(context, cq->context, sizeof(cq->context));
	record = dma_at(&dev->dma, cq->doorbell, sizeof(uint32_t), false);
	field_set(context, cqc_status, cq->error ? STATUS_OVERFLOW : 0);
	field_set(context, cqc_st, states[cq->arm]);
	field_set(context, cqc_producer_counter, cq->producer);
	field_set(context, cqc_consumer_counter, record ? load_be32(record) : 0);
	return STATUS_OK;
}

/*
 * The old buffer gets a last entry that sends the driver to the new one. It counts as an
 * entry: the next one goes to the slot after it, in the new buffer.
 */
static enum command_status resize(struct device *dev, struct cq *cq, struct command *cmd)
{
	const uint8_t *context = const_block(cmd->in, modify_cq_in_cq_context);
	const uint8_t *record = dma_at(&dev->dma, cq->doorbell, sizeof(uint32_t), false);
	uint64_t log_size = field_get(context, cqc_log_cq_size);
	uint8_t entry[64] = { 0 };
	struct ring ring;
	int ret;

	/*
	 * what the driver has not taken yet, and the last entry, must fit into the new
	 * one
	 */
	if (log_size > MAX_LOG_SIZE || !record ||
	    ((cq->producer - load_be32(record)) & 0xffffff) + 1 > 1u << log_size)
		return STATUS_BAD_PARAM;
	ret = place_ring(&ring, cmd, context, const_block(cmd->in, modify_cq_in_pas));
	if (ret)
		return command_error(ret);
	field_set(entry, cqe_opcode, COMPLETION_RESIZED);
	ret = cq_put(dev, cq, entry);
	if (ret) {
		if (ret == -EOVERFLOW)
			completion_overrun(dev, cq);
		ring_free(&ring);
		return STATUS_BAD_RESOURCE_STATE;
	}
	ring_free(&cq->ring);
	cq->ring = ring;
	cq->log_size = (unsigned int)log_size;
	cq->entry_bytes = field_get(context, cqc_cqe_sz) == SIZE_128 ? 128 : 64;
	field_set(cq->context, cqc_log_cq_size, cq->log_size);
	field_set(cq->context, cqc_cqe_sz, field_get(context, cqc_cqe_sz));
	field_set(cq->context, cqc_page_offset, field_get(context, cqc_page_offset));
	field_set(cq->context, cqc_log_page_size, field_get(context, cqc_log_page_size));
	return STATUS_OK;
}

static enum command_status modify_cq(struct device *dev, struct command *cmd)
{
	struct cq *cq = cq_get(dev, (uint32_t)field_get(cmd->in, modify_cq_in_cqn));
	uint32_t select = (uint32_t)field_get(
		cmd->in, modify_cq_in_modify_field_select_resize_field_select);
	const uint8_t *context = const_block(cmd->in, modify_cq_in_cq_context);

	if (!cq)
		return STATUS_BAD_RESOURCE;
	cmd->number = cq->object.number;
	if (cmd->op_mod == OP_MOD_RESIZE)
		return resize(dev, cq, cmd);
	if (select & ~(SELECT_PERIOD | SELECT_COUNT | SELECT_OVERRUN))
		return STATUS_BAD_PARAM;
	if (select & SELECT_PERIOD)
		cq->period_us = (uint32_t)field_get(context, cqc_cq_period);
	if (select & SELECT_COUNT)
		cq->max_count = (uint32_t)field_get(context, cqc_cq_max_count);
	if (select & SELECT_OVERRUN)
		field_set(cq->context, cqc_oi, field_get(context, cqc_oi));
	field_set(cq->context, cqc_cq_period, cq->period_us);
	field_set(cq->context, cqc_cq_max_count, cq->max_count);
	return STATUS_OK;
}

const struct command_row cq_commands[] = {
	COMMAND_ROW(CREATE_CQ, create_cq, 272, 16),
	COMMAND_ROW(DESTROY_CQ, destroy_cq, 16, 8),
	COMMAND_ROW(QUERY_CQ, query_cq, 16, 272),
	COMMAND_ROW(MODIFY_CQ, modify_cq, 272, 8),
	{ 0 },
};
