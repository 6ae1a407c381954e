// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* retries.c - requests that get no answer: which peers answer, and how long to wait */
#include "cmocka_all.h"
#include "port/port.h"
#include "qp_pair.h"

#include "base/clock.h"
#include "base/util.h"
#include "transport/turn.h"

#include <errno.h>

#define FIRST_RETRY_NS (100 * NSEC_PER_MSEC) /* where the driver has set no timeout */

static struct qp *requester(const struct qp_pair *l)
{
	return qp_get(l->g->dev, l->pair.a.number);
}

static struct qp *responder(const struct qp_pair *l)
{
	return qp_get(l->g->dev, l->pair.b.number);
}

/* Lets the queue pair try again now; it must then wait that long. */
static void assert_waits(struct qp_pair *l, uint64_t delay)
{
	struct qp *qp = requester(l);
	uint64_t before = clock_ns();

	timers_run(&l->g->dev->timers, l->g->dev, UINT64_MAX);
	guest_run(l->g);
	assert_int_equal(qp->wait, WAIT_TIMER);
	assert_in_range(qp->timer.due, before + delay, clock_ns() + delay);
}

/* Table 45 of the InfiniBand Architecture Specification, volume 1, in units of 10 us */
static void receive__not_ready(void **state)
{
	static const uint32_t delays[] = { 65536, 1,	 2,	3,    4,    6,	  8,
					   12,	  16,	 24,	32,   48,   64,	  96,
					   128,	  192,	 256,	384,  512,  768,  1024,
					   1536,  2048,	 3072,	4096, 6144, 8192, 12288,
					   16384, 24576, 32768, 49152 };
	struct qp_pair *l = *state;

	qp_pair_post(l, OPCODE_SEND, 0, 8);
	for (unsigned int code = 0; code < ARRAY_SIZE(delays); code++) {
		field_set(responder(l)->context, qpc_min_rnr_nak, code);
		assert_waits(l, delays[code] * 10 * NSEC_PER_USEC);
		assert_int_equal(l->g->dev->stats.rnr_naks, code + 1);
	}
}

/* 4.096 us times two to the power of the driver's timeout; 0 stands for no end of it. */
static void acknowledgement__missing(void **state)
{
	struct qp_pair *l = *state;
	uint8_t *path = block(requester(l)->context, qpc_primary_address_path);

	responder(l)->state = QP_INIT;
	field_set(requester(l)->context, qpc_retry_count, 7);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	for (unsigned int i = 0; i < 20; i++)
		assert_waits(l, FIRST_RETRY_NS);
	field_set(path, ads_ack_timeout, 1);
	assert_waits(l, 2 * 4096);
	field_set(path, ads_ack_timeout, 31);
	assert_waits(l, (1ull << 31) * 4096);
	responder(l)->state = QP_RTR;
	timers_run(&l->g->dev->timers, l->g->dev, UINT64_MAX);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], l->from[0]);
	assert_int_equal(l->g->dev->stats.timeouts, 22);
}

/* Retries are those of one message: the next one has all of them again. */
static void retries__of_each_message(void **state)
{
	struct qp_pair *l = *state;

	field_set(requester(l)->context, qpc_rnr_retry, 1);
	for (unsigned int i = 0; i < 2; i++) {
		qp_pair_post(l, OPCODE_SEND, 0, 8);
		guest_run(l->g);
		assert_int_equal(l->g->dev->stats.rnr_naks, i + 1);
		guest_receive(l->g, &l->pair.b, l->remote, 8, l->rkey);
		timers_run(&l->g->dev->timers, l->g->dev, UINT64_MAX);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(guest_completion(l->g), 0);
	}
}

static struct qp_pair *make(unsigned int timeout)
{
	return qp_pair_new(SCHEME_MEMORY,
			   (struct guest_pair){ .service = SERVICE_RC,
						.timeout = timeout },
			   MAPPED, MAPPED);
}

/* Whether a WRITE of @a gets an answer: it is parked, or completes. */
static bool answered(struct qp_pair *l)
{
	uint8_t cqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	if (guest_take(l->g, &l->g->cq, cqe))
		return true;
	assert_int_equal(requester(l)->wait, WAIT_TIMER);
	assert_int_equal(l->g->dev->stats.timeouts, 1);
	return false;
}

static void peer__answers_by_state(void **state)
{
	for (enum qp_state at = QP_RESET; at <= QP_ERROR; at++) {
		struct qp_pair *l = make(0);

		responder(l)->state = at;
		assert_int_equal(answered(l), at >= QP_RTR && at != QP_ERROR);
		qp_pair_free(l);
	}
}

/* Both ends must name each other, be of one service, and the path lead to this port. */
static void peer__answers_by_path(void **state)
{
	static const struct {
		uint32_t number, back; /* which the ends name, off by that much */
		enum qp_service service;
		uint16_t lid;
		bool route, gid;
		bool answers;
	} rows[] = {
		{ 0, 0, SERVICE_RC, PORT_LID, false, false, true },
		{ 1, 0, SERVICE_RC, PORT_LID, false, false, false },
		{ 0, 1, SERVICE_RC, PORT_LID, false, false, false },
		{ 0, 0, SERVICE_XRC, PORT_LID, false, false, false },
		{ 0, 0, SERVICE_RC, PORT_LID + 1, false, false, false },
		{ 0, 0, SERVICE_RC, PORT_LID + 1, true, false, false },
		{ 0, 0, SERVICE_RC, PORT_LID + 1, false, true, false },
		{ 0, 0, SERVICE_RC, PORT_LID + 1, true, true, true },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct qp_pair *l = make(0);
		uint8_t *path = block(requester(l)->context, qpc_primary_address_path);

		responder(l)->service = rows[i].service;
		field_set(requester(l)->context, qpc_remote_qpn,
			  l->pair.b.number + 256 * rows[i].number);
		field_set(responder(l)->context, qpc_remote_qpn,
			  l->pair.a.number + rows[i].back);
		field_set(path, ads_rlid, rows[i].lid);
		field_set(path, ads_grh, rows[i].route);
		if (rows[i].gid)
			port_gid(block(path, ads_rgid_rip));
		assert_int_equal(answered(l), rows[i].answers);
		qp_pair_free(l);
	}
}

/* Whatever the operation, it fails at the requester when no peer answers any more. */
static void operation__without_answer(void **state)
{
	static const enum opcode opcodes[] = { OPCODE_SEND,	      OPCODE_SEND_IMM,
					       OPCODE_WRITE,	      OPCODE_WRITE_IMM,
					       OPCODE_READ,	      OPCODE_FETCH_ADD,
					       OPCODE_SEND_INVALIDATE };

	for (unsigned int i = 0; i < ARRAY_SIZE(opcodes); i++) {
		struct qp_pair *l = make(1);
		struct guest_work k = qp_pair_work(l, opcodes[i], 0, 8);

		responder(l)->state = QP_ERROR;
		assert_int_equal(qp_pair_outcome(l, &k), SYNDROME_RETRIES);
		qp_pair_free(l);
	}
}

static bool out_of_memory;

int __real_timer_arm(struct timers *timers, struct timer *timer, uint64_t due);
int __wrap_timer_arm(struct timers *timers, struct timer *timer, uint64_t due);

int __wrap_timer_arm(struct timers *timers, struct timer *timer, uint64_t due)
{
	return out_of_memory ? -ENOMEM : __real_timer_arm(timers, timer, due);
}

/* There is no memory to wait with: it tries again in its next turn. */
static void retry__at_once_when_out_of_memory(void **state)
{
	struct qp_pair *l = *state;
	struct qp *qp = requester(l);

	responder(l)->state = QP_INIT;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	out_of_memory = true;
	(void)qp_turn(l->g->dev, qp);
	out_of_memory = false;
	assert_int_equal(qp->wait, WAIT_NOTHING);
	assert_ptr_equal(qp->list, &l->g->dev->ready);
	responder(l)->state = QP_RTR;
	assert_int_equal(guest_completion(l->g), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(receive__not_ready),
		TEST(acknowledgement__missing),
		TEST(retries__of_each_message),
		TEST(retry__at_once_when_out_of_memory),
		cmocka_unit_test(peer__answers_by_state),
		cmocka_unit_test(peer__answers_by_path),
		cmocka_unit_test(operation__without_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
