// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* services.c - datagrams, shared receive queues, XRC, memory windows, implicit regions */
#include "cmocka_all.h"
#include "port/port.h"
#include "qp_pair.h"

#include <stdlib.h>
#include <string.h>

#define Q_KEY 0x11111111u
#define GRH   40

static void datagram_qp(struct guest *g, struct guest_qp *qp)
{
	uint8_t c[QP_CONTEXT] = { 0 };

	guest_create_qp(g, qp, SERVICE_UD, 0);
	field_set(c, qpc_pd, g->pd);
	field_set(c, qpc_q_key, Q_KEY);
	assert_int_equal(guest_modify(g, qp, COMMAND_RST2INIT_QP, c, 0), STATUS_OK);
	assert_int_equal(guest_modify(g, qp, COMMAND_INIT2RTR_QP, c, 0), STATUS_OK);
	assert_int_equal(guest_modify(g, qp, COMMAND_RTR2RTS_QP, c, 0), STATUS_OK);
}

static void send_datagram(const struct qp_pair *l, struct guest_qp *from, uint32_t to,
			  uint32_t q_key)
{
	uint8_t wqe[128] = { 0 }, *av = wqe + 16, *seg = wqe + 64;

	field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
	field_set(wqe, ctrl_seg_ds, 5);
	field_set(av, av_q_key, q_key);
	field_set(av, av_extended, 1);
	field_set(av, av_dqp, to);
	field_set(av, av_rlid, PORT_LID);
	guest_segment(seg, l->local, 64, l->lkey);
	guest_post_raw(l->g, from, wqe, 2);
}

static void ud__datagrams(void **state)
{
	struct qp_pair *l = *state;
	struct guest_qp a, b;
	uint8_t cqe[64];

	datagram_qp(l->g, &a);
	datagram_qp(l->g, &b);
	/* no such queue pair, or one with another key: nothing happens */
	send_datagram(l, &a, b.number, Q_KEY);
	guest_run(l->g);
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	send_datagram(l, &a, b.number, Q_KEY + 1);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	send_datagram(l, &a, b.number, Q_KEY);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_byte_cnt), 64 + GRH);
	assert_int_equal(field_get(cqe, cqe_flags_rqpn), a.number);
	assert_int_equal(l->to[GRH - 1], 0);
	assert_int_equal(l->to[GRH], l->from[0]);
}

/* A queue of 32-byte entries, each the next one's predecessor. */
static uint32_t shared_queue(struct qp_pair *l, struct guest_queue *q, bool xrc)
{
	uint8_t in[272 + 16] = { 0 }, out[16];
	uint8_t *wq = block(block(in, create_rmp_in_ctx), rmpc_wq);
	uint8_t *c = block(in, create_xrc_srq_in_xrc_srq_context_entry);

	q->ring = guest_alloc(l->g, PAGE);
	q->record = guest_alloc(l->g, 8);
	store_be32(in, (xrc ? 0x705u : 0x90cu) << 16);
	store_be64(in + 272, q->ring);
	if (xrc) {
		field_set(c, xrc_srqc_log_xrc_srq_size, 2);
		field_set(c, xrc_srqc_log_rq_stride, 1);
		field_set(c, xrc_srqc_cqn, l->g->cq.number);
		field_set(c, xrc_srqc_pd, l->g->pd);
		field_set(c, xrc_srqc_db_record_addr_l, q->record >> 2);
	} else {
		field_set(wq, wq_log_wq_sz, 2);
		field_set(wq, wq_log_wq_stride, 5);
		field_set(wq, wq_pd, l->g->pd);
		field_set(wq, wq_dbr_addr, q->record);
	}
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	return (uint32_t)field_get(out, create_rmp_out_rmpn);
}

/* Posts the entries in the order 0, 2, 1, 3: what counts is the chain. */
static void post_chain(struct qp_pair *l, struct guest_queue *q)
{
	static const uint16_t next[] = { 2, 3, 1, 0 };

	for (unsigned int i = 0; i < 4; i++) {
		uint8_t *entry = guest_at(l->g, q->ring + i * 32);

		field_set(entry, srq_next_seg_next_wqe_index, next[i]);
		guest_segment(entry + 16, l->remote + i * 64, 64, l->rkey);
	}
	store_be32(guest_at(l->g, q->record), 4);
}

static void sends_follow_the_chain(struct qp_pair *l, struct guest_qp *from,
				   uint32_t srqn)
{
	static const uint16_t order[] = { 0, 2, 1, 3 };
	uint8_t cqe[64], wqe[64];

	for (unsigned int i = 0; i < 4; i++) {
		unsigned int at = srqn ? 32 : 16;

		memset(wqe, 0, sizeof(wqe));
		field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
		field_set(wqe, ctrl_seg_ds, at / 16 + 1);
		field_set(wqe + 16, xrc_seg_xrc_srqn, srqn);
		guest_segment(wqe + at, l->local, 64, l->lkey);
		guest_post_raw(l->g, from, wqe, 1);
		assert_true(guest_poll(l->g, &l->g->cq, cqe));
		assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE);
		assert_int_equal(field_get(cqe, cqe_wqe_counter), order[i]);
		assert_int_equal(l->to[order[i] * 64], l->from[0]);
	}
}

static void srq__receive(void **state)
{
	struct qp_pair *l = *state;
	struct guest_queue queue;
	struct guest_pair pair = { .service = SERVICE_RC,
				   .srqn = shared_queue(l, &queue, false) };

	post_chain(l, &queue);
	guest_connect(l->g, &pair);
	sends_follow_the_chain(l, &pair.a, 0);
}

static void xrc__receive(void **state)
{
	struct qp_pair *l = *state;
	struct guest_queue queue;
	struct guest_pair pair = { .service = SERVICE_XRC };
	uint32_t srqn = shared_queue(l, &queue, true);

	post_chain(l, &queue);
	guest_connect(l->g, &pair);
	sends_follow_the_chain(l, &pair.a, srqn);
}

/*
 * A key that refers to others: one entry of @len bytes (KLM), or two of a gigabyte (KSM).
 */
static uint32_t indirect(struct qp_pair *l, enum mkey_mode mode, uint32_t key,
			 uint64_t va, uint32_t len)
{
	uint8_t in[272 + 64] = { 0 }, out[16];
	uint8_t *c = block(in, create_mkey_in_memory_key_mkey_entry);
	uint8_t *entry = block(in, create_mkey_in_klm_pas_mtt);

	store_be32(in, COMMAND_CREATE_MKEY << 16);
	field_set(in, create_mkey_in_translations_octword_actual_size, 4);
	field_set(c, mkc_translations_octword_size, 4);
	field_set(c, mkc_access_mode_1_0, mode);
	field_set(c, mkc_umr_en, 1);
	field_set(c, mkc_rw, 1);
	field_set(c, mkc_length64, mode == MKEY_KSM);
	field_set(c, mkc_start_addr, mode == MKEY_KSM ? 0 : va);
	field_set(c, mkc_len, len);
	field_set(c, mkc_qpn, MKEY_ANY_QP);
	field_set(c, mkc_pd, l->g->pd);
	field_set(c, mkc_log_page_size, 30);
	field_set(entry, klm_byte_count, len);
	field_set(entry, klm_key, key);
	field_set(entry, klm_va, mode == MKEY_KSM ? 0 : va);
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	return (uint32_t)field_get(out, create_mkey_out_mkey_index) << 8;
}

static unsigned int write_through(struct qp_pair *l, uint32_t rkey, uint32_t len)
{
	struct guest_pair pair = { .service = SERVICE_RC };
	struct guest_work k = { .opcode = OPCODE_WRITE,
				.local = l->local,
				.remote = l->remote + 8,
				.len = len,
				.lkey = l->lkey,
				.rkey = rkey };

	guest_connect(l->g, &pair);
	guest_post(l->g, &pair.a, &k);
	return guest_completion(l->g);
}

static void injection__windows(void **state)
{
	struct qp_pair *l = *state;
	uint32_t window = indirect(l, MKEY_KLM, l->rkey, l->remote + 8, 64);

	assert_int_equal(write_through(l, window, 64), 0);
	assert_int_equal(l->to[8], l->from[0]);
	assert_int_equal(write_through(l, window, 65), SYNDROME_REMOTE_ACCESS);
}

/* The null key in an implicit region's table: the fault names it, and an update helps. */
static void region__implicit(void **state)
{
	struct qp_pair *l = *state;
	uint32_t region = indirect(l, MKEY_KSM, KEY_NULL, 0, 0);
	struct guest_pair pair = { .service = SERVICE_RC };
	struct guest_work k = { .opcode = OPCODE_WRITE,
				.local = l->local,
				.remote = l->remote,
				.len = 64,
				.lkey = l->lkey,
				.rkey = region };
	uint64_t entry[] = { l->rkey, 0 };
	struct guest_qp umr;
	uint8_t eqe[64];

	guest_umr_qp(l->g, &umr);
	guest_connect(l->g, &pair);
	guest_post(l->g, &pair.a, &k);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_memory_fault_mkey),
			 KEY_NULL);
	guest_update(l->g, &umr, region, 0, 2, entry);
	assert_int_equal(guest_completion(l->g), 0);
	guest_resume(l->g, eqe, false);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], l->from[0]);
}

static void null_key__reads_zeros(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(write_through(l, KEY_NULL, 64), 0);
	assert_int_equal(l->to[8], 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ud__datagrams),	TEST(srq__receive),
		TEST(xrc__receive),	TEST(injection__windows),
		TEST(region__implicit), TEST(null_key__reads_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
