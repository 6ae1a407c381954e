// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * counters.c - sets of counters: each counts what it names, on its own queue pairs only
 */
#include "cmocka_all.h"
#include "port/port.h"
#include "qp_pair.h"

static uint32_t set; /* of both queue pairs */

static int begin(void **state)
{
	uint8_t in[16] = { 0 }, out[16] = { 0 };
	struct qp_pair *l;

	qp_pair_begin(state);
	l = *state;
	store_be32(in, COMMAND_ALLOC_Q_COUNTER << 16);
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	set = (uint32_t)field_get(out, alloc_q_counter_out_counter_set_id);
	l->pair = (struct guest_pair){ .service = SERVICE_RC,
				       .counters = set,
				       .timeout = 1,
				       .retries = 1,
				       .rnr_retries = 1 };
	guest_connect(l->g, &l->pair);
	return 0;
}

static uint64_t counted(struct qp_pair *l, struct field counter)
{
	uint8_t in[32] = { 0 }, out[256] = { 0 };

	store_be32(in, COMMAND_QUERY_Q_COUNTER << 16);
	field_set(in, query_q_counter_in_counter_set_id, set);
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	return field_get(out, counter);
}

static void counters__requests(void **state)
{
	static const enum opcode opcodes[] = { OPCODE_WRITE, OPCODE_READ, OPCODE_READ,
					       OPCODE_FETCH_ADD };
	struct qp_pair *l = *state;

	for (unsigned int i = 0; i < 4; i++) {
		qp_pair_post(l, opcodes[i], 0, 8);
		assert_int_equal(guest_completion(l->g), 0);
	}
	assert_int_equal(counted(l, query_q_counter_out_rx_write_requests), 1);
	assert_int_equal(counted(l, query_q_counter_out_rx_read_requests), 2);
	assert_int_equal(counted(l, query_q_counter_out_rx_atomic_requests), 1);
	assert_int_equal(counted(l, query_q_counter_out_req_cqe_error), 0);
}

/* By behaviour: a response that was dropped, and the request that came again for it */
static void counters__asked_again(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;

	qp_pair_map(l, l->lkey, l->local, 0);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(rules_on(&dev->behave, "requester-drops:us=1000000"), 0);
	qp_pair_post(l, OPCODE_READ, 0, 8);
	guest_run(l->g);
	for (unsigned int i = 0; i < 2; i++) {
		timers_run(&dev->timers, dev, device_deadline(dev));
		guest_run(l->g);
	}
	assert_int_equal(counted(l, query_q_counter_out_duplicate_request), 3);
	assert_int_equal(counted(l, query_q_counter_out_out_of_sequence), 3);
	assert_int_equal(counted(l, query_q_counter_out_rx_read_requests), 1);
}

/* By behaviour: a request that was lost, and the NAK of the one after it */
static void counters__request_lost(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;

	assert_int_equal(rules_on(&dev->behave, "sequence-nak"), 0);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(counted(l, query_q_counter_out_packet_seq_err), 1);
	assert_int_equal(counted(l, query_q_counter_out_out_of_sequence), 1);
	assert_int_equal(counted(l, query_q_counter_out_duplicate_request), 0);
	assert_int_equal(counted(l, query_q_counter_out_rx_write_requests), 1);
}

/* By behaviour: an RNR NAK for want of a page, of which a retry is not used up */
static void counters__no_page(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;

	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(rules_on(&dev->behave, "fault-rnr"), 0);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	for (unsigned int i = 0; i < 4; i++) {
		timers_run(&dev->timers, dev, device_deadline(dev));
		guest_run(l->g);
	}
	assert_true(counted(l, query_q_counter_out_rnr_nak_retry_err) >= 5);
	assert_int_equal(counted(l, query_q_counter_out_out_of_buffer), 0);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_int_equal(guest_completion(l->g), 0);
}

static void counters__no_receive(void **state)
{
	struct qp_pair *l = *state;

	qp_pair_post(l, OPCODE_SEND, 0, 8);
	assert_int_equal(guest_completion(l->g), SYNDROME_RNR_RETRIES);
	assert_int_equal(counted(l, query_q_counter_out_out_of_buffer), 2);
	assert_int_equal(counted(l, query_q_counter_out_rnr_nak_retry_err), 2);
	assert_int_equal(counted(l, query_q_counter_out_req_rnr_retries_exceeded), 1);
	assert_int_equal(counted(l, query_q_counter_out_req_cqe_error), 1);
}

static void counters__refused_access(void **state)
{
	struct qp_pair *l = *state;

	l->rkey ^= 0xff;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	assert_int_equal(guest_completion(l->g), SYNDROME_FLUSHED);
	assert_int_equal(counted(l, query_q_counter_out_req_remote_access_errors), 1);
	assert_int_equal(counted(l, query_q_counter_out_resp_remote_access_errors), 1);
	assert_int_equal(counted(l, query_q_counter_out_req_cqe_flush_error), 1);
	assert_int_equal(counted(l, query_q_counter_out_rx_write_requests), 0);
}

static void counters__no_answer(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      l->pair.b.number),
			 STATUS_OK);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(l->g), SYNDROME_RETRIES);
	assert_true(counted(l, query_q_counter_out_local_ack_timeout_err) >= 1);
	assert_int_equal(counted(l, query_q_counter_out_req_transport_retries_exceeded),
			 1);
}

/* A query may clear what it returns. */
static void counters__cleared(void **state)
{
	struct qp_pair *l = *state;
	uint8_t in[32] = { 0 }, out[256] = { 0 };

	qp_pair_post(l, OPCODE_READ, 0, 8);
	assert_int_equal(guest_completion(l->g), 0);
	store_be32(in, COMMAND_QUERY_Q_COUNTER << 16);
	field_set(in, query_q_counter_in_counter_set_id, set);
	field_set(in, query_q_counter_in_clear, 1);
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	assert_int_equal(field_get(out, query_q_counter_out_rx_read_requests), 1);
	assert_int_equal(counted(l, query_q_counter_out_rx_read_requests), 0);
}

/* Queue pairs of no set, or of another one, are not counted here. */
static void counters__of_others(void **state)
{
	struct qp_pair *l = *state;

	l->pair = (struct guest_pair){ .service = SERVICE_RC };
	guest_connect(l->g, &l->pair);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(counted(l, query_q_counter_out_rx_write_requests), 0);
	assert_int_equal(guest_simple(l->g, COMMAND_DEALLOC_Q_COUNTER,
				      dealloc_q_counter_in_counter_set_id, set),
			 STATUS_OK);
	assert_int_equal(guest_simple(l->g, COMMAND_DEALLOC_Q_COUNTER,
				      dealloc_q_counter_in_counter_set_id, set),
			 STATUS_BAD_RESOURCE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counters__requests),     TEST(counters__no_receive),
		TEST(counters__asked_again),  TEST(counters__no_page),
		TEST(counters__request_lost), TEST(counters__refused_access),
		TEST(counters__no_answer),    TEST(counters__of_others),
		TEST(counters__cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
