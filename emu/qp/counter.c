// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* counter.c - sets of counters: make, query, free; what counts where */
#include "qp/counter.h"

#include "device/device.h"
#include "device/layout.h"
#include "qp/qp.h"

#include <stdlib.h>
#include <string.h>

struct counter_set {
	struct object object;
	uint32_t counts[COUNTERS];
};

/* The field of a query that holds each */
static const struct field *const places[COUNTERS] = {
	[COUNTER_RX_WRITE] = &query_q_counter_out_rx_write_requests,
	[COUNTER_RX_READ] = &query_q_counter_out_rx_read_requests,
	[COUNTER_RX_ATOMIC] = &query_q_counter_out_rx_atomic_requests,
	[COUNTER_NO_RECEIVE] = &query_q_counter_out_out_of_buffer,
	[COUNTER_OUT_OF_SEQUENCE] = &query_q_counter_out_out_of_sequence,
	[COUNTER_DUPLICATE] = &query_q_counter_out_duplicate_request,
	[COUNTER_RNR] = &query_q_counter_out_rnr_nak_retry_err,
	[COUNTER_SEQUENCE_ERROR] = &query_q_counter_out_packet_seq_err,
	[COUNTER_TIMEOUT] = &query_q_counter_out_local_ack_timeout_err,
	[COUNTER_REQUEST_ERROR] = &query_q_counter_out_req_cqe_error,
	[COUNTER_REQUEST_FLUSHED] = &query_q_counter_out_req_cqe_flush_error,
	[COUNTER_RESPONSE_ERROR] = &query_q_counter_out_resp_cqe_error,
	[COUNTER_RESPONSE_FLUSHED] = &query_q_counter_out_resp_cqe_flush_error,
	[COUNTER_ACCESS_REFUSED] = &query_q_counter_out_req_remote_access_errors,
	[COUNTER_ACCESS_REFUSING] = &query_q_counter_out_resp_remote_access_errors,
	[COUNTER_RETRIES] = &query_q_counter_out_req_transport_retries_exceeded,
	[COUNTER_RNR_RETRIES] = &query_q_counter_out_req_rnr_retries_exceeded,
	[COUNTER_LENGTH] = &query_q_counter_out_resp_local_length_error,
	[COUNTER_REQUEST_INVALID] = &query_q_counter_out_req_remote_invalid_request,
};

static const struct {
	enum completion_kind kind;
	enum syndrome syndrome;
	enum counter counter;
} reasons[] = {
	{ COMPLETION_SEND_ERROR, SYNDROME_FLUSHED, COUNTER_REQUEST_FLUSHED },
	{ COMPLETION_SEND_ERROR, SYNDROME_REMOTE_ACCESS, COUNTER_ACCESS_REFUSED },
	{ COMPLETION_SEND_ERROR, SYNDROME_REMOTE_INVALID, COUNTER_REQUEST_INVALID },
	{ COMPLETION_SEND_ERROR, SYNDROME_RETRIES, COUNTER_RETRIES },
	{ COMPLETION_SEND_ERROR, SYNDROME_RNR_RETRIES, COUNTER_RNR_RETRIES },
	{ COMPLETION_RECEIVE_ERROR, SYNDROME_FLUSHED, COUNTER_RESPONSE_FLUSHED },
	{ COMPLETION_RECEIVE_ERROR, SYNDROME_LOCAL_LENGTH, COUNTER_LENGTH },
};

static struct counter_set *find(struct device *dev, uint32_t number)
{
	return (struct counter_set *)objects_get(&dev->counters, number);
}

void counter_add(struct device *dev, const struct qp *qp, enum counter counter)
{
	struct counter_set *set =
		find(dev, (uint32_t)field_get(qp->context, qpc_counter_set_id));

	if (set)
		set->counts[counter]++;
}

void counter_completion(struct device *dev, const struct qp *qp,
			const struct completion *completion)
{
	bool request = completion->kind == COMPLETION_SEND_ERROR;

	if (!request && completion->kind != COMPLETION_RECEIVE_ERROR)
		return;
	counter_add(dev, qp, request ? COUNTER_REQUEST_ERROR : COUNTER_RESPONSE_ERROR);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].kind == completion->kind &&
		    reasons[i].syndrome == completion->syndrome)
			counter_add(dev, qp, reasons[i].counter);
}

static enum command_status alloc_counter(struct device *dev, struct command *cmd)
{
	struct counter_set *set = calloc(1, sizeof(*set));
	int ret;

	if (!set)
		return STATUS_NO_RESOURCES;
	ret = objects_add(&dev->counters, &set->object);
	if (ret) {
		free(set);
		return command_error(ret);
	}
	cmd->number = set->object.number;
	field_set(cmd->out, alloc_q_counter_out_counter_set_id, set->object.number);
	return STATUS_OK;
}

static enum command_status query_counter(struct device *dev, struct command *cmd)
{
	struct counter_set *set;

	cmd->number = (uint32_t)field_get(cmd->in, query_q_counter_in_counter_set_id);
	set = find(dev, cmd->number);
	if (!set)
		return STATUS_BAD_RESOURCE;
	for (unsigned int i = 0; i < COUNTERS; i++)
		field_set(cmd->out, *places[i], set->counts[i]);
	if (field_get(cmd->in, query_q_counter_in_clear))
		memset(set->counts, 0, sizeof(set->counts));
	return STATUS_OK;
}

static void counter_free(struct device *dev, struct counter_set *set)
{
	objects_remove(&dev->counters, &set->object);
	free(set);
}

static enum command_status dealloc_counter(struct device *dev, struct command *cmd)
{
	struct counter_set *set;

	cmd->number = (uint32_t)field_get(cmd->in, dealloc_q_counter_in_counter_set_id);
	set = find(dev, cmd->number);
	if (!set)
		return STATUS_BAD_RESOURCE;
	counter_free(dev, set);
	return STATUS_OK;
}

void counters_free(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->counters, &number)))
		counter_free(dev, (struct counter_set *)object);
	objects_free(&dev->counters);
}

const struct command_row counter_commands[] = {
	COMMAND_ROW(ALLOC_Q_COUNTER, alloc_counter, 16, 16),
	COMMAND_ROW(DEALLOC_Q_COUNTER, dealloc_counter, 16, 8),
	COMMAND_ROW(QUERY_Q_COUNTER, query_counter, 32, 256),
	{ 0 },
};
