// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* counter_sets.c - sets of counters as objects, and which of them an error counts at */
#include "cmocka_all.h"
#include "qp_pair.h"

#include "qp/counter.h"

#include <string.h>

#define SETS	127 /* that there may be besides the one of the queue pairs */
#define NOTHING 0xffff

static uint32_t set; /* of both queue pairs */

static enum command_status allocate(struct guest *g, uint32_t *number)
{
	uint8_t in[16] = { 0 }, out[16] = { 0 };
	enum command_status status;

	store_be32(in, COMMAND_ALLOC_Q_COUNTER << 16);
	status = guest_command(g, in, sizeof(in), out, sizeof(out));
	*number = (uint32_t)field_get(out, alloc_q_counter_out_counter_set_id);
	return status;
}

static enum command_status release(struct guest *g, uint32_t number)
{
	return guest_simple(g, COMMAND_DEALLOC_Q_COUNTER,
			    dealloc_q_counter_in_counter_set_id, number);
}

static int begin(void **state)
{
	struct qp_pair *l;

	(void)qp_pair_begin(state);
	l = *state;
	assert_int_equal(allocate(l->g, &set), STATUS_OK);
	l->pair = (struct guest_pair){ .service = SERVICE_RC, .counters = set };
	guest_connect(l->g, &l->pair);
	return 0;
}

static enum command_status query(struct guest *g, uint32_t number, uint8_t out[256])
{
	uint8_t in[32] = { 0 };

	memset(out, 0, 256);
	store_be32(in, COMMAND_QUERY_Q_COUNTER << 16);
	field_set(in, query_q_counter_in_counter_set_id, number);
	return guest_command(g, in, sizeof(in), out, 256);
}

/*
 * Each error counts as one of its side, and for its reason if there is a counter of it.
 */
static void error__counted(void **state)
{
	static const struct {
		enum completion_kind kind;
		enum syndrome syndrome;
		const struct field *counters[2]; /* NULL: none */
	} rows[] = {
		{ COMPLETION_SEND, 0, { NULL } },
		{ COMPLETION_RECEIVE, 0, { NULL } },
		{ COMPLETION_SEND_ERROR,
		  SYNDROME_LOCAL_PROTECTION,
		  { &query_q_counter_out_req_cqe_error } },
		{ COMPLETION_SEND_ERROR,
		  SYNDROME_LOCAL_LENGTH,
		  { &query_q_counter_out_req_cqe_error } },
		{ COMPLETION_SEND_ERROR,
		  SYNDROME_FLUSHED,
		  { &query_q_counter_out_req_cqe_error,
		    &query_q_counter_out_req_cqe_flush_error } },
		{ COMPLETION_SEND_ERROR,
		  SYNDROME_REMOTE_ACCESS,
		  { &query_q_counter_out_req_cqe_error,
		    &query_q_counter_out_req_remote_access_errors } },
		{ COMPLETION_SEND_ERROR,
		  SYNDROME_REMOTE_INVALID,
		  { &query_q_counter_out_req_cqe_error,
		    &query_q_counter_out_req_remote_invalid_request } },
		{ COMPLETION_SEND_ERROR,
		  SYNDROME_RETRIES,
		  { &query_q_counter_out_req_cqe_error,
		    &query_q_counter_out_req_transport_retries_exceeded } },
		{ COMPLETION_SEND_ERROR,
		  SYNDROME_RNR_RETRIES,
		  { &query_q_counter_out_req_cqe_error,
		    &query_q_counter_out_req_rnr_retries_exceeded } },
		{ COMPLETION_RECEIVE_ERROR,
		  SYNDROME_REMOTE_ACCESS,
		  { &query_q_counter_out_resp_cqe_error } },
		{ COMPLETION_RECEIVE_ERROR,
		  SYNDROME_FLUSHED,
		  { &query_q_counter_out_resp_cqe_error,
		    &query_q_counter_out_resp_cqe_flush_error } },
		{ COMPLETION_RECEIVE_ERROR,
		  SYNDROME_LOCAL_LENGTH,
		  { &query_q_counter_out_resp_cqe_error,
		    &query_q_counter_out_resp_local_length_error } },
	};
	struct qp_pair *l = *state;
	struct qp *qp = qp_get(l->g->dev, l->pair.a.number);
	uint8_t out[256], expected[256] = { 0 };

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct completion c = { .kind = rows[i].kind,
					      .syndrome = rows[i].syndrome };

		counter_completion(l->g->dev, qp, &c);
		for (unsigned int k = 0; k < 2 && rows[i].counters[k]; k++)
			field_set(expected, *rows[i].counters[k],
				  field_get(expected, *rows[i].counters[k]) + 1);
		assert_int_equal(query(l->g, set, out), STATUS_OK);
		assert_memory_equal(out, expected, sizeof(out));
	}
}

static void set__unknown(void **state)
{
	struct qp_pair *l = *state;
	uint8_t out[256];

	assert_int_equal(query(l->g, NOTHING, out), STATUS_BAD_RESOURCE);
	assert_int_equal(release(l->g, NOTHING), STATUS_BAD_RESOURCE);
	assert_int_equal(query(l->g, 0, out), STATUS_BAD_RESOURCE);
}

/* As many as the card has, each with a number of its own; one more when one has gone. */
static void set__limit(void **state)
{
	struct qp_pair *l = *state;
	uint32_t number = set, next;
	uint8_t out[256];

	for (unsigned int i = 0; i < SETS; i++) {
		assert_int_equal(allocate(l->g, &next), STATUS_OK);
		assert_int_not_equal(next, number);
		number = next;
	}
	assert_int_equal(allocate(l->g, &next), STATUS_LIMIT);
	assert_int_equal(next, 0);
	assert_int_equal(release(l->g, number), STATUS_OK);
	assert_int_equal(query(l->g, number, out), STATUS_BAD_RESOURCE);
	assert_int_equal(allocate(l->g, &next), STATUS_OK);
	assert_int_equal(next, number);
}

/* A reset of the device leaves none. */
static void set__freed_with_device(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(l->g->dev->counters.count, 1);
	counters_free(l->g->dev);
	assert_int_equal(l->g->dev->counters.count, 0);
	assert_null(objects_get(&l->g->dev->counters, set));
	assert_null(l->g->dev->counters.slots);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(error__counted),
		TEST(set__unknown),
		TEST(set__limit),
		TEST(set__freed_with_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
