// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* eq.c - event queues: what the device reports to the driver, and its interrupts */
#include "queue/eq.h"

#include "base/log.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/trace.h"

#include <stdlib.h>
#include <string.h>

#define EQE_BYTES    64
#define MAX_LOG_SIZE 22
#define STATE_ARMED  0x9
#define STATE_FIRED  0xa

static struct eq *eq_get(struct device *dev, uint32_t number)
{
	return (struct eq *)objects_get(&dev->eqs, number);
}

static void interrupt(struct device *dev, const struct eq *eq)
{
	dev->config.interrupt(dev->config.owner, eq->vector);
}

void eq_push(struct device *dev, struct eq *eq, enum event_type type, uint8_t sub_type,
	     const void *data)
{
	uint32_t size = 1u << eq->log_size;
	uint8_t *eqe = ring_at(&dev->dma, &eq->ring,
			       (uint64_t)(eq->producer & (size - 1)) * EQE_BYTES,
			       EQE_BYTES);
	uint8_t entry[EQE_BYTES] = { 0 };

	if (!eqe || ((eq->producer - eq->consumer) & 0xffffff) >= size) {
		if (!eq->overrun)
			log_error("event queue %u is %s: events are lost",
				  eq->object.number, eqe ? "full" : "out of reach");
		eq->overrun = true;
		return;
	}
	field_set(entry, eqe_type, type);
	field_set(entry, eqe_sub_type, sub_type);
	if (data)
		memcpy(block(entry, eqe_data), data, EVENT_DATA_BYTES);
	memcpy(eqe, entry, EQE_BYTES - 1);
	/* the owner bit goes last: from here on the driver may read the entry */
	__atomic_store_n(&eqe[EQE_BYTES - 1], (uint8_t)(eq->producer >> eq->log_size & 1),
			 __ATOMIC_RELEASE);
	eq->producer++;
	dev->stats.events++;
	if (eq->armed) {
		eq->armed = false;
		interrupt(dev, eq);
	}
}

static struct eq *eq_for(struct device *dev, enum event_type type)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->eqs, &number))) {
		struct eq *eq = (struct eq *)object;

		if (eq->mask[type / 64] >> type % 64 & 1)
			return eq;
	}
	return NULL;
}

bool event_wanted(struct device *dev, enum event_type type)
{
	return eq_for(dev, type);
}

bool event_post(struct device *dev, enum event_type type, uint8_t sub_type,
		const void *data)
{
	struct eq *eq = eq_for(dev, type);

	if (!eq)
		return false;
	eq_push(dev, eq, type, sub_type, data);
	return true;
}

void event_post_queue(struct device *dev, enum event_type type, uint32_t number)
{
	uint8_t data[EVENT_DATA_BYTES] = { 0 };

	field_set(data, eqe_qp_srq_number, number);
	event_post(dev, type, 0, data);
}

void eq_doorbell(struct device *dev, uint32_t number, uint32_t consumer, bool arm)
{
	struct eq *eq = eq_get(dev, number);

	if (!eq)
		return;
	eq->consumer = consumer;
	eq->overrun = false;
	if (!arm)
		return;
	eq->armed = ((eq->producer - consumer) & 0xffffff) == 0;
	if (!eq->armed)
		interrupt(dev, eq);
}

static int eq_init(struct eq *eq, const struct command *cmd)
{
	const uint8_t *context = const_block(cmd->in, create_eq_in_eq_context_entry);
	const uint8_t *mask = const_block(cmd->in, create_eq_in_event_bitmask);

	memcpy(eq->context, context, sizeof(eq->context));
	eq->vector = (unsigned int)field_get(context, eqc_intr);
	eq->log_size = (unsigned int)field_get(context, eqc_log_eq_size);
	for (unsigned int i = 0; i < 4; i++)
		eq->mask[i] = load_be64(mask + i * sizeof(uint64_t));
	return ring_init(
		&eq->ring,
		&(struct ring_place){
			.pas = const_block(cmd->in, create_eq_in_pas),
			.pas_bytes = cmd->in_len - create_eq_in_pas.offset / 8u,
			.log_page = (unsigned int)field_get(context, eqc_log_page_size),
			.offset = (unsigned int)field_get(context, eqc_page_offset),
			.bytes = (uint64_t)EQE_BYTES << eq->log_size });
}

static void eq_free(struct device *dev, struct eq *eq)
{
	objects_remove(&dev->eqs, &eq->object);
	ring_free(&eq->ring);
	free(eq);
}

static enum command_status create_eq(struct device *dev, struct command *cmd)
{
	const uint8_t *context = const_block(cmd->in, create_eq_in_eq_context_entry);
	struct eq *eq;
	int ret;

	if (field_get(context, eqc_log_eq_size) > MAX_LOG_SIZE)
		return STATUS_BAD_PARAM;
	eq = calloc(1, sizeof(*eq));
	if (!eq)
		return STATUS_NO_RESOURCES;
	ret = eq_init(eq, cmd);
	if (!ret)
		ret = objects_add(&dev->eqs, &eq->object);
	if (ret) {
		ring_free(&eq->ring);
		free(eq);
		return command_error(ret);
	}
	cmd->number = eq->object.number;
	field_set(cmd->out, create_eq_out_eq_number, eq->object.number);
	return STATUS_OK;
}

static enum command_status destroy_eq(struct device *dev, struct command *cmd)
{
	struct eq *eq =
		eq_get(dev, (uint32_t)field_get(cmd->in, destroy_eq_in_eq_number));

	if (!eq)
		return STATUS_BAD_RESOURCE;
	if (eq->object.refs)
		return STATUS_BAD_RESOURCE_STATE;
	cmd->number = eq->object.number;
	eq_free(dev, eq);
	return STATUS_OK;
}

static enum command_status query_eq(struct device *dev, struct command *cmd)
{
	struct eq *eq = eq_get(dev, (uint32_t)field_get(cmd->in, query_eq_in_eq_number));
	uint8_t *context = block(cmd->out, query_eq_out_eq_context_entry);

	if (!eq)
		return STATUS_BAD_RESOURCE;
	cmd->number = eq->object.number;
	memcpy(context, eq->context, sizeof(eq->context));
	field_set(context, eqc_st, eq->armed ? STATE_ARMED : STATE_FIRED);
	field_set(context, eqc_consumer_counter, eq->consumer);
	field_set(context, eqc_producer_counter, eq->producer);
	field_set(cmd->out, query_eq_out_event_bitmask, eq->mask[0]);
	return STATUS_OK;
}

void eqs_free(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->eqs, &number)))
		eq_free(dev, (struct eq *)object);
	objects_free(&dev->eqs);
}

const struct command_row eq_commands[] = {
	COMMAND_ROW(CREATE_EQ, create_eq, 272, 16),
	COMMAND_ROW(DESTROY_EQ, destroy_eq, 16, 8),
	COMMAND_ROW(QUERY_EQ, query_eq, 16, 272),
	{ 0 },
};
