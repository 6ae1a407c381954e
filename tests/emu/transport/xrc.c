// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * xrc.c - receive queues that the sender chooses: of which domains, and where they
 * complete
 */
#include "cmocka_all.h"
#include "qp_pair.h"
#include "queue/eq.h"
#include "queue/receive.h"

#include "base/util.h"

#define LENGTH	   64u
#define USER_INDEX 0x5a5a5a

struct setup {
	struct qp_pair *l;
	struct guest_queue receives, cq; /* of its own */
	uint32_t srqn;
};

static int begin(void **state)
{
	static struct setup w;
	uint8_t in[272 + 16] = { 0 }, out[16];
	uint8_t *c = block(in, create_xrc_srq_in_xrc_srq_context_entry);
	struct guest *g;

	w.l = qp_pair_new(SCHEME_MEMORY, (struct guest_pair){ .service = SERVICE_XRC },
			  MAPPED, MAPPED);
	g = w.l->g;
	guest_cq(g, &w.cq);
	w.receives = (struct guest_queue){ .ring = guest_alloc(g, PAGE),
					   .record = guest_alloc(g, 8) };
	store_be32(in, COMMAND_CREATE_XRC_SRQ << 16);
	store_be64(in + 272, w.receives.ring);
	field_set(c, xrc_srqc_log_xrc_srq_size, 2);
	field_set(c, xrc_srqc_log_rq_stride, 1);
	field_set(c, xrc_srqc_cqn, w.cq.number);
	field_set(c, xrc_srqc_pd, g->pd);
	field_set(c, xrc_srqc_user_index, USER_INDEX);
	field_set(c, xrc_srqc_db_record_addr_l, w.receives.record >> 2);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	w.srqn = (uint32_t)field_get(out, create_xrc_srq_out_xrc_srqn);
	guest_shared_fill(g, &w.receives, w.l->remote, LENGTH, w.l->rkey);
	store_be32(guest_at(g, w.receives.record), 4);
	*state = &w;
	return 0;
}

static int end(void **state)
{
	const struct setup *w = *state;

	qp_pair_free(w->l);
	return 0;
}

static void post(struct setup *w, enum opcode opcode, uint32_t srqn)
{
	uint8_t wqe[WQE_BLOCK] = { 0 }, *seg = wqe + 32;

	field_set(wqe, ctrl_seg_opcode, opcode);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe + 16, xrc_seg_xrc_srqn, srqn);
	if (opcode != OPCODE_SEND) {
		field_set(seg, raddr_seg_raddr, w->l->remote);
		field_set(seg, raddr_seg_rkey, w->l->rkey);
		seg += 16;
	}
	guest_segment(seg, w->l->local, LENGTH, w->l->lkey);
	field_set(wqe, ctrl_seg_ds, (uint64_t)(seg - wqe) / 16 + 1);
	guest_post_raw(w->l->g, &w->l->pair.a, wqe, 1);
}

/* At the queue's own completion queue, as its own */
static void receive__completes(void **state)
{
	struct setup *w = *state;
	uint8_t cqe[64];

	post(w, OPCODE_SEND, w->srqn);
	assert_true(guest_poll(w->l->g, &w->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE);
	assert_int_equal(field_get(cqe, cqe_byte_cnt), LENGTH);
	assert_int_equal(field_get(cqe, cqe_srqn_uidx), USER_INDEX);
	assert_int_equal(field_get(cqe, cqe_sop_drop_qpn), w->l->pair.b.number);
	assert_int_equal(guest_completion(w->l->g), 0);
	assert_memory_equal(w->l->to, w->l->from, LENGTH);
}

/* No such queue, one that is not of XRC, or of another domain: the request is invalid. */
static void queue__not_for_it(void **state)
{
	struct setup *w = *state;
	struct guest_queue shared;
	const uint32_t numbers[] = { 0x3fffff, guest_shared_queue(w->l->g, &shared),
				     w->srqn };
	uint8_t eqe[64];

	store_be32(guest_at(w->l->g, shared.record), 1);
	srq_get(w->l->g->dev, w->srqn)->xrcd++;
	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		guest_connect(w->l->g, &w->l->pair);
		post(w, OPCODE_SEND, numbers[i]);
		assert_int_equal(guest_completion(w->l->g), SYNDROME_REMOTE_INVALID);
		assert_true(guest_event(w->l->g, &w->l->g->events, eqe));
		assert_int_equal(field_get(eqe, eqe_type), EVENT_WQ_ACCESS);
	}
}

/*
 * The target has no domain for memory: that of the queue which the message names counts.
 */
static void memory__of_the_queues_domain(void **state)
{
	struct setup *w = *state;
	struct qp_pair *l = w->l;

	l->g->pd++;
	l->rkey = guest_mkey(l->g, l->remote, PAGES, RIGHTS_ALL, MAPPED);
	l->g->pd--;
	post(w, OPCODE_WRITE, w->srqn);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	srq_get(l->g->dev, w->srqn)->pd++;
	guest_connect(l->g, &l->pair);
	post(w, OPCODE_WRITE, w->srqn);
	assert_int_equal(guest_completion(l->g), 0);
	assert_memory_equal(l->to, l->from, LENGTH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(receive__completes),
		TEST(queue__not_for_it),
		TEST(memory__of_the_queues_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
