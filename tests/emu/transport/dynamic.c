// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dynamic.c - dynamic connections: initiators, targets, access keys, faults */
#include "cmocka_all.h"
#include "guest.h"
#include "port/port.h"
#include "queue/eq.h"

#include <stdlib.h>
#include <string.h>

#define KEY    0x1234567890abcdefull
#define LENGTH 64u

struct setup {
	struct guest *g;
	struct guest_qp initiator, umr;
	struct guest_queue receives;
	uint32_t srqn, target;
	uint64_t local, remote;
	uint32_t lkey, rkey;
	uint8_t *to;
};

static void bring_up_initiator(struct setup *w)
{
	uint8_t c[QP_CONTEXT] = { 0 }, *path = block(c, qpc_primary_address_path);

	guest_create_qp(w->g, &w->initiator, SERVICE_DCI, w->srqn);
	field_set(c, qpc_pd, w->g->pd);
	field_set(c, qpc_retry_count, 1);
	field_set(c, qpc_rnr_retry, 1);
	field_set(path, ads_ack_timeout, 1);
	assert_int_equal(guest_modify(w->g, &w->initiator, COMMAND_RST2INIT_QP, c, 0),
			 STATUS_OK);
	assert_int_equal(guest_modify(w->g, &w->initiator, COMMAND_INIT2RTR_QP, c, 0),
			 STATUS_OK);
	assert_int_equal(guest_modify(w->g, &w->initiator, COMMAND_RTR2RTS_QP, c, 0),
			 STATUS_OK);
}

static struct setup *make(enum scheme scheme, unsigned int remote)
{
	struct setup *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->g = guest_new(scheme);
	guest_umr_qp(w->g, &w->umr);
	w->local = guest_alloc(w->g, PAGE);
	w->remote = guest_alloc(w->g, PAGE);
	w->lkey = guest_mkey(w->g, w->local, 1, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	w->rkey = guest_mkey(w->g, w->remote, 1, RIGHTS_ALL, remote);
	w->to = guest_at(w->g, w->remote);
	memset(guest_at(w->g, w->local), 0x77, PAGE);
	w->srqn = guest_shared_queue(w->g, &w->receives);
	guest_shared_fill(w->g, &w->receives, w->remote, LENGTH, w->rkey);
	w->target = guest_target(w->g, w->srqn, KEY);
	bring_up_initiator(w);
	return w;
}

static void unmake(struct setup *w)
{
	guest_free(w->g);
	free(w);
}

/* With the whole address vector, as libmlx5 writes it */
static void post(struct setup *w, enum opcode opcode, uint32_t target, uint64_t key)
{
	uint8_t wqe[128] = { 0 }, *av = wqe + AV_AT, *seg = av + 48;

	field_set(av, av_dc_key, key);
	field_set(av, av_extended, 1);
	field_set(av, av_dqp, target);
	field_set(av, av_rlid, PORT_LID);
	if (opcode != OPCODE_SEND) {
		field_set(seg, raddr_seg_raddr, w->remote);
		field_set(seg, raddr_seg_rkey, w->rkey);
		seg += 16;
	}
	guest_segment(seg, w->local, LENGTH, w->lkey);
	field_set(wqe, ctrl_seg_opcode, opcode);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_ds, (uint64_t)(seg - wqe) / 16 + 1);
	guest_post_raw(w->g, &w->initiator, wqe, 2);
}

static void dct__write(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, MTT_READ | MTT_WRITE);

	post(w, OPCODE_WRITE, w->target, KEY);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[LENGTH - 1], 0x77);
	assert_int_equal(w->to[LENGTH], 0);
	unmake(w);
}

static void dct__shared_receive(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, MTT_READ | MTT_WRITE);
	uint8_t cqe[64];

	store_be32(guest_at(w->g, w->receives.record), 1);
	post(w, OPCODE_SEND, w->target, KEY);
	assert_true(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE);
	assert_int_equal(field_get(cqe, cqe_sop_drop_qpn), w->target);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 0x77);
	unmake(w);
}

/* Of a page that is not there, the events and the resume are those of any queue pair. */
static void dct__faults(void **state)
{
	static const enum scheme schemes[] = { SCHEME_MEMORY, SCHEME_TRANSPORT };

	for (unsigned int i = 0; i < 2; i++) {
		struct setup *w = make(schemes[i], 0);
		uint64_t page = w->remote | MTT_READ | MTT_WRITE;
		uint8_t eqe[64];

		post(w, OPCODE_WRITE, w->target, KEY);
		assert_true(guest_event(w->g, &w->g->faults, eqe));
		guest_update(w->g, &w->umr, w->rkey, 0, 1, &page);
		assert_int_equal(guest_completion(w->g), 0);
		guest_resume(w->g, eqe, false);
		assert_int_equal(guest_completion(w->g), 0);
		assert_int_equal(w->to[0], 0x77);
		unmake(w);
	}
}

/* A message without the key is dropped: the initiator tries until it gives up. */
static void dct__wrong_key_dropped(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, MTT_READ | MTT_WRITE);
	uint8_t eqe[64], in[16] = { 0 }, out[144] = { 0 };

	assert_int_equal(guest_simple(w->g, COMMAND_ARM_DCT_FOR_KEY_VIOLATION,
				      arm_dct_in_dct_number, w->target),
			 STATUS_OK);
	post(w, OPCODE_WRITE, w->target, KEY + 1);
	assert_int_equal(guest_completion(w->g), SYNDROME_RETRIES);
	assert_int_equal(w->to[0], 0);
	assert_true(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_DCT_KEY_VIOLATION);
	assert_false(guest_event(w->g, &w->g->events, eqe));
	store_be32(in, COMMAND_QUERY_DCT << 16);
	field_set(in, query_dct_in_dctn, w->target);
	assert_int_equal(guest_command(w->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	assert_true(field_get(const_block(out, query_dct_out_dct_context_entry),
			      dctc_dc_access_key_violation_count) >= 1);
	unmake(w);
}

static void dct__wrong_key_by_injection(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, MTT_READ | MTT_WRITE);

	assert_int_equal(rules_on(&w->g->dev->inject, "dc-key-ignored"), 0);
	post(w, OPCODE_WRITE, w->target, KEY + 1);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 0x77);
	unmake(w);
}

/* An error is the initiator's; the target goes on to serve others. */
static void dct__error_spares_target(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, MTT_READ | MTT_WRITE);

	w->rkey ^= 0xff;
	post(w, OPCODE_WRITE, w->target, KEY);
	assert_int_equal(guest_completion(w->g), SYNDROME_REMOTE_ACCESS);
	w->rkey ^= 0xff;
	bring_up_initiator(w);
	post(w, OPCODE_WRITE, w->target, KEY);
	assert_int_equal(guest_completion(w->g), 0);
	unmake(w);
}

/* Neither a queue pair of another service nor nothing is a target. */
static void dct__not_there(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, MTT_READ | MTT_WRITE);
	const uint32_t numbers[] = { 0x3fffff, w->umr.number };

	for (unsigned int i = 0; i < 2; i++) {
		bring_up_initiator(w);
		post(w, OPCODE_WRITE, numbers[i], 0);
		assert_int_equal(guest_completion(w->g), SYNDROME_RETRIES);
	}
	assert_int_equal(w->to[0], 0);
	unmake(w);
}

/* A target goes in two steps: it is drained, which an event reports, then destroyed. */
static void dct__drained(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, MTT_READ | MTT_WRITE);
	uint8_t eqe[64];

	assert_int_equal(guest_simple(w->g, COMMAND_DESTROY_DCT, destroy_dct_in_dctn,
				      w->target),
			 STATUS_BAD_RESOURCE_STATE);
	assert_int_equal(guest_simple(w->g, COMMAND_DRAIN_DCT, drain_dct_in_dctn,
				      w->target),
			 STATUS_OK);
	assert_true(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_DCT_DRAINED);
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number),
			 w->target);
	post(w, OPCODE_WRITE, w->target, KEY);
	assert_int_equal(guest_completion(w->g), SYNDROME_RETRIES);
	assert_int_equal(guest_simple(w->g, COMMAND_DESTROY_DCT, destroy_dct_in_dctn,
				      w->target),
			 STATUS_OK);
	assert_int_equal(guest_simple(w->g, COMMAND_QUERY_DCT, query_dct_in_dctn,
				      w->target),
			 STATUS_BAD_OUTPUT_LENGTH);
	unmake(w);
}

/* A message that waits for a page when its target goes: its receive is flushed. */
static void dct__drained_under_way(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, 0);
	uint8_t eqe[64], cqe[64];

	store_be32(guest_at(w->g, w->receives.record), 1);
	post(w, OPCODE_SEND, w->target, KEY);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	assert_int_equal(guest_simple(w->g, COMMAND_DRAIN_DCT, drain_dct_in_dctn,
				      w->target),
			 STATUS_OK);
	assert_true(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE_ERROR);
	assert_int_equal(field_get(cqe, cqe_syndrome), SYNDROME_FLUSHED);
	assert_int_equal(field_get(cqe, cqe_sop_drop_qpn), w->target);
	guest_resume(w->g, eqe, false);
	assert_int_equal(guest_completion(w->g), SYNDROME_RETRIES);
	unmake(w);
}

/* Commands about queue pairs are not for targets, nor the other way round. */
static void dct__is_no_queue_pair(void **state)
{
	struct setup *w = make(SCHEME_MEMORY, MTT_READ | MTT_WRITE);

	assert_int_equal(guest_simple(w->g, COMMAND_DESTROY_QP, destroy_qp_in_qpn,
				      w->target),
			 STATUS_BAD_RESOURCE);
	assert_int_equal(guest_simple(w->g, COMMAND_2ERR_QP, destroy_qp_in_qpn,
				      w->target),
			 STATUS_BAD_RESOURCE);
	assert_int_equal(guest_simple(w->g, COMMAND_DESTROY_DCT, destroy_dct_in_dctn,
				      w->initiator.number),
			 STATUS_BAD_RESOURCE);
	unmake(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dct__write),
		cmocka_unit_test(dct__shared_receive),
		cmocka_unit_test(dct__faults),
		cmocka_unit_test(dct__wrong_key_dropped),
		cmocka_unit_test(dct__wrong_key_by_injection),
		cmocka_unit_test(dct__error_spares_target),
		cmocka_unit_test(dct__not_there),
		cmocka_unit_test(dct__drained),
		cmocka_unit_test(dct__drained_under_way),
		cmocka_unit_test(dct__is_no_queue_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
