// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * datagrams.c - messages without a connection: which queue pairs they reach, what comes
 * with them
 */
#include "cmocka_all.h"
#include "port/port.h"
#include "qp_pair.h"

#include <string.h>

#define Q_KEY	   0x11111111u
#define PRIVILEGED (1u << 31)
#define LENGTH	   64u
#define GRH	   40u
#define INLINED	   (1u << 31) /* the data is in the segment */

struct address {
	uint32_t number, q_key, lid;
	bool grh, compact;
};

static struct guest_qp a, b;

static void bring_up(struct guest *g, struct guest_qp *qp, unsigned int service)
{
	static const uint16_t steps[] = { COMMAND_RST2INIT_QP, COMMAND_INIT2RTR_QP,
					  COMMAND_RTR2RTS_QP };
	uint8_t c[QP_CONTEXT] = { 0 };

	guest_create_qp(g, qp, service, 0);
	field_set(c, qpc_pd, g->pd);
	field_set(c, qpc_q_key, Q_KEY);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(guest_modify(g, qp, steps[i], c, 0), STATUS_OK);
}

static int begin(void **state)
{
	const struct qp_pair *l;

	(void)qp_pair_begin(state);
	l = *state;
	bring_up(l->g, &a, SERVICE_UD);
	bring_up(l->g, &b, SERVICE_UD);
	return 0;
}

static void post(struct qp_pair *l, struct guest_qp *from, enum opcode opcode,
		 const struct address *to)
{
	uint8_t wqe[128] = { 0 }, *av = wqe + AV_AT, *seg = av + (to->compact ? 16 : 48);

	field_set(wqe, ctrl_seg_opcode, opcode);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_imm, 0xcafe);
	field_set(wqe, ctrl_seg_ds, (uint64_t)(seg - wqe) / 16 + 1);
	field_set(av, av_q_key, to->q_key);
	field_set(av, av_extended, !to->compact);
	field_set(av, av_dqp, to->number);
	field_set(av, av_rlid, to->lid);
	if (to->grh) {
		field_set(av, av_grh, 1);
		field_set(av, av_tclass, 0xa5);
		field_set(av, av_flow_label, 0x81234);
		field_set(av, av_hop_limit, 0x3f);
		port_gid(block(av, av_rgid));
	}
	guest_segment(seg, l->local, LENGTH, l->lkey);
	guest_post_raw(l->g, from, wqe, to->compact ? 1 : 2);
}

/* The next completion, which must be of that kind; with an error its syndrome. */
static unsigned int expect(struct qp_pair *l, enum completion_kind kind, uint8_t cqe[64])
{
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), kind);
	return (unsigned int)field_get(cqe, cqe_syndrome);
}

/*
 * By its GID, with a global route header, as the InfiniBand specification has it in 8.3
 */
static void datagram__with_global_route(void **state)
{
	struct qp_pair *l = *state;
	struct address to = { .number = b.number, .q_key = Q_KEY, .grh = true };
	uint8_t cqe[64], gid[PORT_GID_BYTES];

	port_gid(gid);
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	post(l, &a, OPCODE_SEND, &to);
	(void)expect(l, COMPLETION_RECEIVE, cqe);
	assert_int_equal(field_get(cqe, cqe_byte_cnt), GRH + LENGTH);
	assert_int_equal(field_get(cqe, cqe_flags_rqpn), 1u << 28 | a.number);
	assert_int_equal(field_get(cqe, cqe_slid), PORT_LID);
	assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), PORT_PKEY);
	assert_int_equal(load_be32(l->to), 0x6a581234);
	assert_int_equal(load_be32(l->to + 4), (12 + 8 + LENGTH + 4) << 16 | 0x1b3f);
	assert_memory_equal(l->to + 8, gid, sizeof(gid));
	assert_memory_equal(l->to + 24, gid, sizeof(gid));
	assert_memory_equal(l->to + GRH, l->from, LENGTH);
	(void)expect(l, COMPLETION_SEND, cqe);
}

/* With the short form of an address vector, of 16 bytes */
static void datagram__with_immediate(void **state)
{
	struct qp_pair *l = *state;
	struct address to = {
		.number = b.number, .q_key = Q_KEY, .lid = PORT_LID, .compact = true
	};
	uint8_t cqe[64];

	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	post(l, &a, OPCODE_SEND_IMM, &to);
	(void)expect(l, COMPLETION_RECEIVE_IMM, cqe);
	assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), 0xcafe);
	assert_int_equal(field_get(cqe, cqe_flags_rqpn), a.number);
	assert_memory_equal(l->to + GRH, l->from, LENGTH);
}

/*
 * What comes after a short vector is none of it, even where its bits look like a global
 * route.
 */
static void datagram__with_short_vector(void **state)
{
	uint8_t wqe[64] = { 0 }, *av = wqe + AV_AT, *seg = av + 16, cqe[64];
	static const uint8_t none[GRH];
	struct qp_pair *l = *state;

	field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_ds, 3);
	field_set(av, av_q_key, Q_KEY);
	field_set(av, av_dqp, b.number);
	field_set(av, av_rlid, PORT_LID);
	store_be32(seg, INLINED | 12);
	memset(seg + 4, 0xff, 12);
	assert_true(field_get(av, av_grh));
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	guest_post_raw(l->g, &a, wqe, 1);
	(void)expect(l, COMPLETION_RECEIVE, cqe);
	assert_int_equal(field_get(cqe, cqe_flags_rqpn), a.number);
	assert_memory_equal(l->to, none, GRH);
	assert_memory_equal(l->to + GRH, seg + 4, 12);
	(void)expect(l, COMPLETION_SEND, cqe);
	/* by another LID it would need the route */
	field_set(av, av_rlid, PORT_LID + 1);
	port_gid(block(av, av_rgid));
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	guest_post_raw(l->g, &a, wqe, 1);
	(void)expect(l, COMPLETION_SEND, cqe);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
}

/*
 * A datagram that reaches no queue pair completes all the same: there is no
 * acknowledgement.
 */
static void assert_dropped(struct qp_pair *l, const struct address *to)
{
	uint8_t cqe[64];

	post(l, &a, OPCODE_SEND, to);
	(void)expect(l, COMPLETION_SEND, cqe);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
}

static void datagram__dropped(void **state)
{
	struct qp_pair *l = *state;
	const struct address to = { b.number, Q_KEY, PORT_LID, false, false };
	struct address wrong[] = { to, to, to, to, to };
	uint8_t cqe[64];

	wrong[0].number = 0xfffff;
	wrong[1].number = l->pair.b.number; /* of connections */
	wrong[2].lid = PORT_LID + 1;
	wrong[3].q_key = Q_KEY + 1;
	wrong[4].number = 1; /* there is no management */
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	guest_receive(l->g, &l->pair.b, l->remote, PAGE, l->rkey);
	for (unsigned int i = 0; i < 5; i++)
		assert_dropped(l, &wrong[i]);
	post(l, &a, OPCODE_SEND, &to);
	(void)expect(l, COMPLETION_RECEIVE, cqe);
	(void)expect(l, COMPLETION_SEND, cqe);
	assert_dropped(l, &to); /* no receive is left */
}

/* It may receive from RTR on, until it is in error. */
static void datagram__by_state(void **state)
{
	struct qp_pair *l = *state;
	struct address to = { b.number, Q_KEY, PORT_LID, false, false };
	uint8_t c[QP_CONTEXT] = { 0 }, cqe[64];

	field_set(c, qpc_pd, l->g->pd);
	field_set(c, qpc_q_key, Q_KEY);
	guest_create_qp(l->g, &b, SERVICE_UD, 0);
	to.number = b.number;
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	assert_int_equal(guest_modify(l->g, &b, COMMAND_RST2INIT_QP, c, 0), STATUS_OK);
	assert_dropped(l, &to);
	assert_int_equal(guest_modify(l->g, &b, COMMAND_INIT2RTR_QP, c, 0), STATUS_OK);
	post(l, &a, OPCODE_SEND, &to);
	(void)expect(l, COMPLETION_RECEIVE, cqe);
	(void)expect(l, COMPLETION_SEND, cqe);
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	assert_int_equal(guest_modify(l->g, &b, COMMAND_2ERR_QP, c, 0), STATUS_OK);
	assert_int_equal(guest_completion(l->g), SYNDROME_FLUSHED);
	assert_dropped(l, &to);
}

/* A key with the upper bit set stands for the sender's own. */
static void key__privileged(void **state)
{
	struct qp_pair *l = *state;
	struct address to = { b.number, PRIVILEGED, PORT_LID, false, false };
	uint8_t cqe[64];

	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	post(l, &a, OPCODE_SEND, &to);
	(void)expect(l, COMPLETION_RECEIVE, cqe);
}

/* Queue pairs 0 and 1 of the wire, by whatever number the driver knows them */
static void management__by_number(void **state)
{
	static const enum qp_service services[] = { SERVICE_SMI, SERVICE_GSI };
	struct qp_pair *l = *state;
	struct guest_qp own[2];
	uint8_t cqe[64];

	for (unsigned int i = 0; i < 2; i++)
		bring_up(l->g, &own[i], services[i]);
	for (unsigned int i = 0; i < 2; i++) {
		struct address to = { i, Q_KEY, PORT_LID, false, false };

		guest_receive(l->g, &own[i], l->remote, PAGE, l->rkey);
		post(l, &own[!i], OPCODE_SEND, &to);
		(void)expect(l, COMPLETION_RECEIVE, cqe);
		assert_int_equal(field_get(cqe, cqe_sop_drop_qpn), own[i].number);
		assert_int_equal(field_get(cqe, cqe_flags_rqpn), !i);
		(void)expect(l, COMPLETION_SEND, cqe);
	}
}

/* The receive ends with an error; the sender does not learn of it. */
static void receive__does_not_fit(void **state)
{
	struct qp_pair *l = *state;
	struct address to = { b.number, Q_KEY, PORT_LID, false, false };
	uint8_t cqe[64];

	guest_receive(l->g, &b, l->remote, GRH + LENGTH - 1, l->rkey);
	post(l, &a, OPCODE_SEND, &to);
	assert_int_equal(expect(l, COMPLETION_RECEIVE_ERROR, cqe), SYNDROME_LOCAL_LENGTH);
	(void)expect(l, COMPLETION_SEND, cqe);
	assert_int_equal(l->to[GRH], 0);
}

static void buffer__out_of_reach(void **state)
{
	struct qp_pair *l = *state;
	struct address to = { b.number, Q_KEY, PORT_LID, false, false };
	uint8_t cqe[64];

	l->lkey ^= 0xff;
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	post(l, &a, OPCODE_SEND, &to);
	assert_int_equal(expect(l, COMPLETION_SEND_ERROR, cqe),
			 SYNDROME_LOCAL_PROTECTION);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
}

static void receive__faults(void **state)
{
	struct qp_pair *l = *state;
	struct address to = { b.number, Q_KEY, PORT_LID, true, false };
	uint8_t cqe[64], eqe[64];

	qp_pair_map(l, l->rkey, l->remote, 0);
	(void)expect(l, COMPLETION_SEND, cqe);
	guest_receive(l->g, &b, l->remote, PAGE, l->rkey);
	guest_receive(l->g, &b, l->remote + PAGE, PAGE, l->rkey);
	post(l, &a, OPCODE_SEND, &to);
	qp_pair_resolve(l, l->rkey, l->remote);
	(void)expect(l, COMPLETION_RECEIVE, cqe);
	assert_int_equal(field_get(cqe, cqe_wqe_counter), 0);
	(void)expect(l, COMPLETION_SEND, cqe);
	assert_memory_equal(l->to + GRH, l->from, LENGTH);
	qp_pair_map(l, l->rkey, l->remote, 0);
	(void)expect(l, COMPLETION_SEND, cqe);
	post(l, &a, OPCODE_SEND, &to);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	guest_resume(l->g, eqe, true);
	assert_int_equal(expect(l, COMPLETION_RECEIVE_ERROR, cqe),
			 SYNDROME_LOCAL_PROTECTION);
	assert_int_equal(field_get(cqe, cqe_wqe_counter), 1);
	(void)expect(l, COMPLETION_SEND, cqe);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(datagram__with_global_route), TEST(datagram__with_immediate),
		TEST(datagram__with_short_vector), TEST(datagram__dropped),
		TEST(datagram__by_state),	   TEST(key__privileged),
		TEST(management__by_number),	   TEST(receive__does_not_fit),
		TEST(buffer__out_of_reach),	   TEST(receive__faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
