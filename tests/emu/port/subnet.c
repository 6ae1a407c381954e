// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * subnet.c - management datagrams: to the wire's queue pair 1, and what the card answers
 */
#include "port/subnet.h"
#include "cmocka_all.h"
#include "guest.h"
#include "port/port.h"

#include <stdlib.h>
#include <string.h>

#define Q_KEY	  0x80010000u
#define GRH	  40
#define MAD_BYTES SUBNET_MAD_BYTES
#define CLASS_CM  7

struct setup {
	struct guest *g;
	struct guest_qp management;
	uint64_t out, in;
	uint32_t out_key, in_key;
	uint8_t *asked, *answer;
};

static int begin(void **state)
{
	struct setup *w = calloc(1, sizeof(*w));
	uint8_t c[QP_CONTEXT] = { 0 };

	assert_non_null(w);
	w->g = guest_new(SCHEME_MEMORY);
	guest_create_qp(w->g, &w->management, SERVICE_GSI, 0);
	field_set(c, qpc_pd, w->g->pd);
	field_set(c, qpc_q_key, Q_KEY);
	assert_int_equal(guest_modify(w->g, &w->management, COMMAND_RST2INIT_QP, c, 0),
			 STATUS_OK);
	assert_int_equal(guest_modify(w->g, &w->management, COMMAND_INIT2RTR_QP, c, 0),
			 STATUS_OK);
	assert_int_equal(guest_modify(w->g, &w->management, COMMAND_RTR2RTS_QP, c, 0),
			 STATUS_OK);
	w->out = guest_alloc(w->g, PAGE);
	w->in = guest_alloc(w->g, PAGE);
	w->out_key = guest_mkey(w->g, w->out, 1, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	w->in_key = guest_mkey(w->g, w->in, 1, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	w->asked = guest_at(w->g, w->out);
	w->answer = (uint8_t *)guest_at(w->g, w->in) + GRH;
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct setup *w = *state;

	guest_free(w->g);
	free(w);
	return 0;
}

/* Sends what is in w->asked to the wire's queue pair 1 of this port. */
static void send_mad(struct setup *w)
{
	uint8_t wqe[128] = { 0 }, *av = wqe + 16, *seg = wqe + 64, cqe[64];
	unsigned int received = 0;

	guest_receive(w->g, &w->management, w->in, PAGE, w->in_key);
	field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_ds, 5);
	field_set(av, av_q_key, Q_KEY);
	field_set(av, av_extended, 1);
	field_set(av, av_dqp, 1);
	field_set(av, av_rlid, PORT_LID);
	guest_segment(seg, w->out, MAD_BYTES, w->out_key);
	guest_post_raw(w->g, &w->management, wqe, 2);
	for (unsigned int i = 0; i < 2; i++) {
		assert_true(guest_poll(w->g, &w->g->cq, cqe));
		if (field_get(cqe, cqe_opcode) != COMPLETION_RECEIVE)
			continue;
		received++;
		assert_int_equal(field_get(cqe, cqe_byte_cnt), GRH + MAD_BYTES);
		assert_int_equal(field_get(cqe, cqe_flags_rqpn), 1);
		assert_int_equal(field_get(cqe, cqe_slid), PORT_LID);
		assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), PORT_PKEY);
	}
	assert_int_equal(received, 1);
}

static void ask(struct setup *w, uint8_t class, uint8_t method, uint16_t attribute)
{
	memset(w->asked, 0, MAD_BYTES);
	w->asked[0] = 1;
	w->asked[1] = class;
	w->asked[2] = 2;
	w->asked[3] = method;
	store_be64(w->asked + 8, 0x1122334455667788ull); /* the transaction */
	store_be32(w->asked + 16, (uint32_t)attribute << 16);
}

static void path__found(void **state)
{
	struct setup *w = *state;
	const uint8_t *path = w->answer + 56;

	ask(w, 3, 0x01, 0x35);
	port_gid(w->asked + 56 + 8);
	send_mad(w);
	assert_int_equal(w->answer[3], 0x81);
	assert_int_equal(load_be32(w->answer + 4) >> 16, 0);
	assert_true(load_be64(w->answer + 8) == 0x1122334455667788ull);
	assert_int_equal(load_be32(path + 40), PORT_LID << 16 | PORT_LID);
	assert_true(port_has_gid(path + 24));
	/* one path, reversible; exactly 4096 bytes, 100 Gbit/s, 4.096 us times 2^12 */
	assert_int_equal(path[49], 0x80 | 1);
	assert_int_equal(path[50] << 8 | path[51], PORT_PKEY);
	assert_int_equal(path[54], 2 << 6 | 5);
	assert_int_equal(path[55], 2 << 6 | 16);
	assert_int_equal(path[56], 2 << 6 | 12);
}

/* The path is as wide as the port, which by behaviour is narrower. */
static void path__of_smaller_mtu(void **state)
{
	struct setup *w = *state;

	assert_int_equal(rules_on(&w->g->dev->behave, "mtu:bytes=1024"), 0);
	ask(w, 3, 0x01, 0x35);
	port_gid(w->asked + 56 + 8);
	send_mad(w);
	assert_int_equal(w->answer[56 + 54], 2 << 6 | 3);
}

static void path__to_elsewhere(void **state)
{
	struct setup *w = *state;

	ask(w, 3, 0x01, 0x35);
	send_mad(w);
	assert_int_equal(w->answer[3], 0x81);
	assert_int_equal(load_be32(w->answer + 4) >> 16, 0x0300);
}

static void question__unknown(void **state)
{
	struct setup *w = *state;

	ask(w, 3, 0x12, 0x38);
	send_mad(w);
	assert_int_equal(w->answer[3], 0x92);
	assert_int_equal(load_be32(w->answer + 4) >> 16, 0x000c);
}

/*
 * Method and attribute must both be those of a path record's Get; only requests are
 * asked.
 */
static void question__which(void **state)
{
	static const struct {
		uint8_t class, method;
		uint16_t attribute, status;
		bool asked;
	} rows[] = {
		{ 3, 0x01, 0x35, 0x0300, true },    { 3, 0x02, 0x35, 0x000c, true },
		{ 3, 0x01, 0x36, 0x000c, true },    { 3, 0x81, 0x35, 0, false },
		{ CLASS_CM, 0x01, 0x35, 0, false },
	};
	struct setup *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ask(w, rows[i].class, rows[i].method, rows[i].attribute);
		assert_int_equal(subnet_asked(w->asked), rows[i].asked);
		if (!rows[i].asked)
			continue;
		subnet_answer(w->g->dev, w->asked);
		assert_false(subnet_asked(w->asked));
		assert_int_equal(load_be32(w->asked + 4) >> 16, rows[i].status);
	}
}

/* The communication manager talks to itself: its datagrams come back as they are. */
static void management__other_class(void **state)
{
	struct setup *w = *state;

	ask(w, CLASS_CM, 0x03, 0x10);
	send_mad(w);
	assert_memory_equal(w->answer, w->asked, MAD_BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(path__found),	  TEST(path__of_smaller_mtu),
		TEST(path__to_elsewhere), TEST(question__unknown),
		TEST(question__which),	  TEST(management__other_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
