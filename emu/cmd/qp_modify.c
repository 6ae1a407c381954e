// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp_modify.c - transitions of queue pairs, and the attributes that each one sets */
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "qp/qp.h"
#include "transport/held_completion.h"
#include "transport/qp_life.h"

#include <string.h>

/*
 * What a transition takes from the driver's context: always, for the transitions that
 * the manual requires it for, or when its bit of the optional-parameter mask is set.
 */
enum { TO_INIT = 1, TO_RTR = 2, TO_RTS = 4, SAME = 8 };

static const struct {
	unsigned int required;
	unsigned int optional; /* mask */
	const struct field *field;
} attributes[] = {
	{TO_INIT, 0, &qpc_pd},
	{TO_INIT, 0, &qpc_pm_state},
	{TO_INIT, 0, &qpc_counter_set_id},
	{TO_INIT, 1u << 1, &qpc_rre},
	{TO_INIT, 1u << 2, &qpc_rae},
	{TO_INIT, 1u << 2, &qpc_atomic_mode},
	{TO_INIT, 1u << 3, &qpc_rwe},
	{TO_INIT, 1u << 5, &qpc_q_key},
	{TO_INIT, 0, &qpc_deth_sqpn},
	{TO_RTR, 0, &qpc_mtu},
	{TO_RTR, 0, &qpc_log_msg_max},
	{TO_RTR, 0, &qpc_remote_qpn},
	{TO_RTR, 0, &qpc_next_rcv_psn},
	{TO_RTR, 0, &qpc_log_rra_max},
	{TO_RTR, 1u << 6, &qpc_min_rnr_nak},
	{TO_RTS, 0, &qpc_next_send_psn},
	{TO_RTS, 0, &qpc_log_sra_max},
	{TO_RTS, 0, &qpc_log_ack_req_freq},
	{TO_RTS, 1u << 12, &qpc_retry_count},
	{TO_RTS, 1u << 13, &qpc_rnr_retry},
}, path_attributes[] = {
	{TO_INIT, 1u << 4, &ads_pkey_index},
	{TO_INIT, 1u << 16, &ads_vhca_port_num},
	{TO_RTS, 1u << 14, &ads_ack_timeout},
	{TO_RTR, 1u << 7, &ads_grh},
	{TO_RTR, 1u << 7, &ads_mlid},
	{TO_RTR, 1u << 7, &ads_rlid},
	{TO_RTR, 1u << 7, &ads_src_addr_index},
	{TO_RTR, 1u << 7, &ads_stat_rate},
	{TO_RTR, 1u << 7, &ads_hop_limit},
	{TO_RTR, 1u << 7, &ads_tclass},
	{TO_RTR, 1u << 7, &ads_flow_label},
	{TO_RTR, 1u << 7, &ads_sl},
};

static void take_attributes(struct qp *qp, const struct command *cmd, unsigned int to)
{
	unsigned int mask =
		(unsigned int)field_get(cmd->in, rst2init_qp_in_opt_param_mask);
	const uint8_t *from = const_block(cmd->in, rst2init_qp_in_qpc);
	const uint8_t *from_path = const_block(from, qpc_primary_address_path);
	uint8_t *path = block(qp->context, qpc_primary_address_path);

	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++)
		if (attributes[i].required & to || attributes[i].optional & mask)
			field_set(qp->context, *attributes[i].field,
				  field_get(from, *attributes[i].field));
	for (size_t i = 0; i < ARRAY_SIZE(path_attributes); i++)
		if (path_attributes[i].required & to ||
		    path_attributes[i].optional & mask)
			field_set(path, *path_attributes[i].field,
				  field_get(from_path, *path_attributes[i].field));
	if (to == TO_RTR)
		memcpy(block(path, ads_rgid_rip), const_block(from_path, ads_rgid_rip),
		       ads_rgid_rip.width / 8);
	qp->pd = (uint32_t)field_get(qp->context, qpc_pd);
	if (to == TO_INIT && field_get(from, qpc_rlky))
		qp->physical_keys = true;
}

static void reset(struct device *dev, struct qp *qp)
{
	qp->state = QP_RESET;
	qp_stop(dev, qp);
	held_completions_post(dev);
	if (!qp_inject(dev, qp, INJECT_RESET))
		qp->send_consumed = 0;
	qp->receive.consumed = 0;
	qp->last_receive_reported = false;
	qp->no_flush = false;
}

static const struct transition {
	uint16_t opcode;
	unsigned int from; /* states, a bit each */
	enum qp_state to;
	unsigned int takes;
} transitions[] = {
	{ COMMAND_RST2INIT_QP, 1u << QP_RESET, QP_INIT, TO_INIT },
	{ COMMAND_INIT2RTR_QP, 1u << QP_INIT, QP_RTR, TO_RTR },
	{ COMMAND_RTR2RTS_QP, 1u << QP_RTR, QP_RTS, TO_RTS },
	{ COMMAND_RTS2RTS_QP, 1u << QP_RTS, QP_RTS, SAME },
	{ COMMAND_SQERR2RTS_QP, 1u << QP_SQ_ERROR, QP_RTS, SAME },
	{ COMMAND_2ERR_QP, ~0u, QP_ERROR, 0 },
	{ COMMAND_2RST_QP, ~0u, QP_RESET, 0 },
	{ COMMAND_SQD_RTS_QP, 1u << QP_SQ_DRAINED, QP_RTS, SAME },
	{ COMMAND_INIT2INIT_QP, 1u << QP_INIT, QP_INIT, SAME },
};

static const struct transition *find_transition(uint16_t opcode)
{
	for (size_t i = 0; i < ARRAY_SIZE(transitions); i++)
		if (transitions[i].opcode == opcode)
			return &transitions[i];
	return NULL;
}

static enum command_status modify_qp(struct device *dev, struct command *cmd)
{
	const struct transition *t = find_transition(cmd->opcode);
	struct qp *qp = qp_find(dev, cmd);

	if (!qp)
		return STATUS_BAD_RESOURCE;
	if (!(t->from >> qp->state & 1))
		return STATUS_BAD_QP_STATE;
	if (t->to == QP_ERROR) {
		if (qp->state == QP_RESET)
			qp->state = QP_INIT;
		qp_fail(dev, qp);
		return STATUS_OK;
	}
	if (t->to == QP_RESET) {
		reset(dev, qp);
		return STATUS_OK;
	}
	take_attributes(qp, cmd, t->takes);
	qp->state = t->to;
	if (qp->state == QP_RTS)
		qp_schedule(dev, qp);
	return STATUS_OK;
}

const struct command_row modify_commands[] = {
	COMMAND_ROW(RST2INIT_QP, modify_qp, 256, 8),
	COMMAND_ROW(INIT2RTR_QP, modify_qp, 256, 8),
	COMMAND_ROW(RTR2RTS_QP, modify_qp, 256, 8),
	COMMAND_ROW(RTS2RTS_QP, modify_qp, 256, 8),
	COMMAND_ROW(SQERR2RTS_QP, modify_qp, 256, 8),
	COMMAND_ROW(2ERR_QP, modify_qp, 16, 8),
	COMMAND_ROW(2RST_QP, modify_qp, 16, 8),
	COMMAND_ROW(SQD_RTS_QP, modify_qp, 256, 8),
	COMMAND_ROW(INIT2INIT_QP, modify_qp, 256, 8),
	{ 0 },
};
