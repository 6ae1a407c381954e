// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* counters.c - sets of counters: each counts what it names, on its own queue pairs only */
#include "cmocka_all.h"
#include "guest.h"
#include "port.h"

#include <stdlib.h>
#include <string.h>

struct world {
	struct guest *g;
	struct guest_pair pair;
	uint64_t local, remote;
	uint32_t lkey, rkey, set;
};

static int begin(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	uint8_t in[16] = { 0 }, out[16] = { 0 };

	assert_non_null(w);
	w->g = guest_new(SCHEME_MEMORY);
	store_be32(in, 0x771u << 16);
	assert_int_equal(guest_command(w->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	w->set = (uint32_t)field_get(out, alloc_q_counter_out_counter_set_id);
	w->pair = (struct guest_pair){ .service = SERVICE_RC,
				       .counters = w->set,
				       .timeout = 1,
				       .retries = 1,
				       .rnr_retries = 1 };
	guest_connect(w->g, &w->pair);
	w->local = guest_alloc(w->g, PAGE);
	w->remote = guest_alloc(w->g, PAGE);
	w->lkey = guest_mkey(w->g, w->local, 1, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	w->rkey = guest_mkey(w->g, w->remote, 1, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	guest_free(w->g);
	free(w);
	return 0;
}

static void post(struct world *w, enum opcode opcode)
{
	struct guest_work k = { .opcode = opcode,
				.local = w->local,
				.remote = w->remote,
				.len = 8,
				.lkey = w->lkey,
				.rkey = w->rkey };

	guest_post(w->g, &w->pair.a, &k);
}

static uint64_t counted(struct world *w, struct field counter)
{
	uint8_t in[32] = { 0 }, out[256] = { 0 };

	store_be32(in, 0x773u << 16);
	field_set(in, query_q_counter_in_counter_set_id, w->set);
	assert_int_equal(guest_command(w->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	return field_get(out, counter);
}

static void requests(void **state)
{
	static const enum opcode opcodes[] = { OPCODE_WRITE, OPCODE_READ, OPCODE_READ,
					       OPCODE_FETCH_ADD };
	struct world *w = *state;

	for (unsigned int i = 0; i < 4; i++) {
		post(w, opcodes[i]);
		assert_int_equal(guest_completion(w->g), 0);
	}
	assert_int_equal(counted(w, query_q_counter_out_rx_write_requests), 1);
	assert_int_equal(counted(w, query_q_counter_out_rx_read_requests), 2);
	assert_int_equal(counted(w, query_q_counter_out_rx_atomic_requests), 1);
	assert_int_equal(counted(w, query_q_counter_out_req_cqe_error), 0);
}

static void no_receive(void **state)
{
	struct world *w = *state;

	post(w, OPCODE_SEND);
	assert_int_equal(guest_completion(w->g), SYNDROME_RNR_RETRIES);
	assert_int_equal(counted(w, query_q_counter_out_out_of_buffer), 2);
	assert_int_equal(counted(w, query_q_counter_out_rnr_nak_retry_err), 2);
	assert_int_equal(counted(w, query_q_counter_out_req_rnr_retries_exceeded), 1);
	assert_int_equal(counted(w, query_q_counter_out_req_cqe_error), 1);
}

static void refused_access(void **state)
{
	struct world *w = *state;

	w->rkey ^= 0xff;
	post(w, OPCODE_WRITE);
	post(w, OPCODE_WRITE);
	assert_int_equal(guest_completion(w->g), SYNDROME_REMOTE_ACCESS);
	assert_int_equal(guest_completion(w->g), SYNDROME_FLUSHED);
	assert_int_equal(counted(w, query_q_counter_out_req_remote_access_errors), 1);
	assert_int_equal(counted(w, query_q_counter_out_resp_remote_access_errors), 1);
	assert_int_equal(counted(w, query_q_counter_out_req_cqe_flush_error), 1);
	assert_int_equal(counted(w, query_q_counter_out_rx_write_requests), 0);
}

static void nobody_answers(void **state)
{
	struct world *w = *state;

	assert_int_equal(guest_simple(w->g, 0x50a, destroy_qp_in_qpn, w->pair.b.number),
			 STATUS_OK);
	post(w, OPCODE_WRITE);
	assert_int_equal(guest_completion(w->g), SYNDROME_RETRIES);
	assert_true(counted(w, query_q_counter_out_local_ack_timeout_err) >= 1);
	assert_int_equal(counted(w, query_q_counter_out_req_transport_retries_exceeded),
			 1);
}

/* Queue pairs of no set, or of another one, are not counted here. */
static void others_are_apart(void **state)
{
	struct world *w = *state;

	w->pair = (struct guest_pair){ .service = SERVICE_RC };
	guest_connect(w->g, &w->pair);
	post(w, OPCODE_WRITE);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(counted(w, query_q_counter_out_rx_write_requests), 0);
	assert_int_equal(guest_simple(w->g, 0x772, dealloc_q_counter_in_counter_set_id,
				      w->set),
			 STATUS_OK);
	assert_int_equal(guest_simple(w->g, 0x772, dealloc_q_counter_in_counter_set_id,
				      w->set),
			 STATUS_BAD_RESOURCE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests),	      TEST(no_receive),	      TEST(refused_access),
		TEST(nobody_answers), TEST(others_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
