// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * dct.c - targets of dynamic connections: create, query, drain, destroy
 *
 * To its peers a target is a queue pair that any initiator with its key may send to. So
 * it is one here, without a send queue: its attributes are those of a queue pair's
 * context. An error ends the message, never the target, which serves others too.
 */
#include "transport/dct.h"

#include "device/device.h"
#include "device/layout.h"
#include "queue/eq.h"
#include "transport/qp_life.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Values of dctc.state; draining is immediate here. */
enum dct_state { DCT_ACTIVE = 0, DCT_DRAINED = 2 };

static const struct {
	const struct field *from, *to;
} attributes[] = {
	{ &dctc_rre, &qpc_rre },
	{ &dctc_rwe, &qpc_rwe },
	{ &dctc_rae, &qpc_rae },
	{ &dctc_min_rnr_nak, &qpc_min_rnr_nak },
	{ &dctc_counter_set_id, &qpc_counter_set_id },
};

static int dct_init(struct device *dev, struct qp *dct, const uint8_t *c)
{
	memcpy(dct->target, c, sizeof(dct->target));
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		field_set(dct->context, *attributes[i].to,
			  field_get(c, *attributes[i].from));
	dct->service = SERVICE_DCT;
	dct->state = QP_RTR;
	dct->pd = (uint32_t)field_get(c, dctc_pd);
	dct->user_index = (uint32_t)field_get(c, dctc_user_index);
	dct->receive_cq = cq_get(dev, (uint32_t)field_get(c, dctc_cqn));
	dct->srq = srq_get(dev, (uint32_t)field_get(c, dctc_srqn_xrqn));
	return !dct->receive_cq || !dct->srq || dct->srq->xrc ? -ENOENT : 0;
}

static enum command_status create_dct(struct device *dev, struct command *cmd)
{
	struct qp *dct = calloc(1, sizeof(*dct));
	int ret;

	if (!dct)
		return STATUS_NO_RESOURCES;
	ret = dct_init(dev, dct, const_block(cmd->in, create_dct_in_dct_context_entry));
	if (!ret)
		ret = qp_add(dev, dct);
	if (ret) {
		free(dct);
		return command_error(ret);
	}
	cmd->number = dct->object.number;
	field_set(cmd->out, create_dct_out_dctn, dct->object.number);
	return STATUS_OK;
}

/* The number lies at the same place in all commands about a target. */
static struct qp *find(struct device *dev, struct command *cmd)
{
	struct qp *dct;

	cmd->number = (uint32_t)field_get(cmd->in, destroy_dct_in_dctn);
	dct = qp_get(dev, cmd->number);
	return dct && dct->service == SERVICE_DCT ? dct : NULL;
}

/* No message reaches it any more; those under way are dropped. */
static enum command_status drain_dct(struct device *dev, struct command *cmd)
{
	struct qp *dct = find(dev, cmd);

	if (!dct)
		return STATUS_BAD_RESOURCE;
	if (dct->state != QP_RTR)
		return STATUS_BAD_RESOURCE_STATE;
	dct->state = QP_ERROR;
	qp_stop(dev, dct);
	event_post_queue(dev, EVENT_DCT_DRAINED, dct->object.number);
	return STATUS_OK;
}

static enum command_status destroy_dct(struct device *dev, struct command *cmd)
{
	struct qp *dct = find(dev, cmd);

	if (!dct)
		return STATUS_BAD_RESOURCE;
	if (dct->state == QP_RTR)
		return STATUS_BAD_RESOURCE_STATE;
	qp_free(dev, dct);
	return STATUS_OK;
}

static enum command_status query_dct(struct device *dev, struct command *cmd)
{
	struct qp *dct = find(dev, cmd);
	uint8_t *c = block(cmd->out, query_dct_out_dct_context_entry);

	if (!dct)
		return STATUS_BAD_RESOURCE;
	memcpy(c, dct->target, sizeof(dct->target));
	field_set(c, dctc_state, dct->state == QP_RTR ? DCT_ACTIVE : DCT_DRAINED);
	field_set(c, dctc_dc_access_key_violation_count, dct->violations);
	return STATUS_OK;
}

/* The next message with a wrong key is an event. */
static enum command_status arm_dct(struct device *dev, struct command *cmd)
{
	struct qp *dct = find(dev, cmd);

	if (!dct)
		return STATUS_BAD_RESOURCE;
	dct->reports_violation = true;
	return STATUS_OK;
}

bool dct_admits(struct device *dev, struct qp *dct, const struct qp *qp, uint64_t key)
{
	if (key == field_get(dct->target, dctc_dc_access_key) ||
	    qp_inject(dev, qp, INJECT_DC_KEY))
		return true;
	dct->violations++;
	if (dct->reports_violation)
		event_post_queue(dev, EVENT_DCT_KEY_VIOLATION, dct->object.number);
	dct->reports_violation = false;
	return false;
}

const struct command_row dct_commands[] = {
	COMMAND_ROW(CREATE_DCT, create_dct, 80, 16),
	COMMAND_ROW(DESTROY_DCT, destroy_dct, 16, 8),
	COMMAND_ROW(DRAIN_DCT, drain_dct, 16, 8),
	COMMAND_ROW(QUERY_DCT, query_dct, 16, 80),
	COMMAND_ROW(ARM_DCT_FOR_KEY_VIOLATION, arm_dct, 16, 8),
	{ 0 },
};
