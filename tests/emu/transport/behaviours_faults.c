// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * behaviours_faults.c - page faults that a device may report otherwise: what it does then
 */
#include "cmocka_all.h"
#include "fault/fault.h"
#include "injected_pair.h"
#include "queue/eq.h"

#define AT 100u /* where in a page an access begins */

static void take(struct qp_pair *l, uint8_t eqe[64])
{
	assert_true(guest_event(l->g, &l->g->faults, eqe));
}

static void none(struct qp_pair *l)
{
	uint8_t eqe[64];

	assert_false(guest_event(l->g, &l->g->faults, eqe));
}

static void map(struct qp_pair *l)
{
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
}

/* Maps the first @n pages of the remote region. */
static void map_some(struct qp_pair *l, unsigned int n)
{
	uint64_t values[PAGES] = { 0 };

	for (unsigned int i = 0; i < n; i++)
		values[i] = (l->remote + (uint64_t)i * PAGE) | MAPPED;
	guest_update(l->g, &l->umr, l->rkey, 0, PAGES, values);
	assert_int_equal(guest_completion(l->g), 0);
}

static uint64_t token(const uint8_t eqe[64])
{
	return field_get(const_block(eqe, eqe_data), eqe_memory_fault_token_31_0);
}

/* What a memory event asks for: pages before, of, and after the access */
static void asks(const uint8_t eqe[64], unsigned int pre, unsigned int pages,
		 unsigned int post)
{
	const uint8_t *data = const_block(eqe, eqe_data);

	assert_int_equal(field_get(data, eqe_memory_fault_pre_demand_pages), pre);
	assert_int_equal(field_get(data, eqe_memory_fault_demand_pages), pages);
	assert_int_equal(field_get(data, eqe_memory_fault_post_demand_pages), post);
}

static void fault_repeated__by_two_tokens(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, "fault-repeated", MAPPED, 0);
	uint8_t first[64], second[64], cqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	take(l, first);
	take(l, second);
	none(l);
	assert_true(token(first) != token(second));
	map(l);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	guest_resume(l->g, second, false);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], 1);
	/* the next message waits for its own, not for what is left of the first */
	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_WRITE, PAGE, 8);
	guest_run(l->g);
	guest_resume(l->g, first, true);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	take(l, first);
	take(l, second);
	map(l);
	guest_resume(l->g, first, false);
	assert_int_equal(guest_completion(l->g), 0);
	guest_resume(l->g, second, false);
	assert_int_equal(l->g->dev->stats.faults, 4);
	assert_int_equal(l->g->dev->stats.resumes, 4);
	assert_true(TAILQ_EMPTY(&l->g->dev->faults));
	injected_pair_free(l);
}

/*
 * Two events of one access, of which the first cannot be resolved: the message fails by
 * it.
 */
static void fails_by_the_first(const char *behaviour)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, behaviour, MAPPED, 0);
	uint8_t first[64], second[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	take(l, first);
	take(l, second);
	guest_resume(l->g, first, true);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	guest_resume(l->g, second, true);
	injected_pair_free(l);
}

/* The first to be resumed decides. */
static void fault_repeated__with_error(void **state)
{
	fails_by_the_first("fault-repeated");
}

/* Where the queue pair is the token: again, after the resume */
static void fault_repeated__after_resume(void **state)
{
	struct qp_pair *l =
		behaving_pair_new(SCHEME_TRANSPORT, "fault-repeated", MAPPED, 0);
	uint8_t first[64], second[64], cqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	take(l, first);
	none(l);
	map(l);
	guest_resume(l->g, first, false);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	take(l, second);
	assert_memory_equal(const_block(first, eqe_data), const_block(second, eqe_data),
			    EVENT_DATA_BYTES);
	guest_resume(l->g, second, false);
	assert_int_equal(guest_completion(l->g), 0);
	none(l);
	assert_int_equal(l->g->dev->stats.faults, 2);
	injected_pair_free(l);
}

/* As many tokens as asked for; the first to be resumed lets the message go on, once. */
static void fault_crowd__by_many_tokens(void **state)
{
	static const struct {
		const char *text;
		unsigned int n;
	} rows[] = { { "fault-crowd", 8 },
		     { "fault-crowd:n=2", 2 },
		     { "fault-crowd:n=16,fault-repeated", 17 } };

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l =
			behaving_pair_new(SCHEME_MEMORY, "fault-crowd", MAPPED, 0);
		uint8_t eqe[17][64];

		assert_int_equal(rules_on_all(&l->g->dev->behave, rows[i].text), 0);
		qp_pair_post(l, OPCODE_WRITE, 0, 8);
		for (unsigned int n = 0; n < rows[i].n; n++) {
			take(l, eqe[n]);
			assert_int_equal(token(eqe[n]), token(eqe[0]) + n);
			asks(eqe[n], 0, 1, 0);
		}
		none(l);
		map(l);
		for (unsigned int n = rows[i].n; n--;)
			guest_resume(l->g, eqe[n], n == 0);
		assert_int_equal(guest_completion(l->g), 0);
		assert_false(guest_poll(l->g, &l->g->cq, eqe[0]));
		assert_int_equal(l->to[0], 1);
		assert_true(TAILQ_EMPTY(&l->g->dev->faults));
		injected_pair_free(l);
	}
}

/* Where the queue pair is the token there is one event. */
static void fault_crowd__memory_scheme_only(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_TRANSPORT, "fault-crowd", MAPPED, 0);
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	take(l, eqe);
	none(l);
	assert_int_equal(l->g->dev->behave.rules[BEHAVE_FAULT_CROWD].occasions, 0);
	qp_pair_free(l);
}

/* As many as asked for on either side, but none below address 0 of the key */
static void fault_wide__in_bounds(void **state)
{
	static const struct {
		const char *text;
		uint64_t va;
		unsigned int pre, post;
	} rows[] = { { "fault-wide", 0x7fff00001fff, 8, 8 },
		     { "fault-wide:pages=512", 0x7fff00001fff, 512, 512 },
		     { "fault-wide:pages=3", 2 * PAGE - 1, 1, 3 },
		     { "fault-wide:pages=3", PAGE - 1, 0, 3 },
		     { "fault-wide", UINT64_MAX - 3 * PAGE, 8, 2 } };
	struct qp_pair *l = qp_pair_new(SCHEME_MEMORY, (struct guest_pair){ 0 }, 0, 0);
	struct qp *qp = qp_get(l->g->dev, l->pair.a.number);
	uint8_t eqe[64];

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct missing missing = { .va = rows[i].va, .bytes = 2 };

		assert_int_equal(rules_on(&l->g->dev->behave, rows[i].text), 0);
		assert_int_equal(fault_raise(l->g->dev, qp, SIDE_REMOTE, &missing), 0);
		take(l, eqe);
		asks(eqe, rows[i].pre, rows[i].va % PAGE == PAGE - 1 ? 2 : 1,
		     rows[i].post);
	}
	injected_pair_free(l);
}

/* A message of two pages and a half: an event for each page, in both schemes */
static void fault_by_page__one_an_event(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, "fault-by-page", MAPPED, 0);
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, AT, 2 * PAGE);
	for (unsigned int i = 1; i <= 3; i++) {
		take(l, eqe);
		asks(eqe, 0, 1, 0);
		assert_int_equal(field_get(const_block(eqe, eqe_data),
					   eqe_memory_fault_va),
				 l->remote + (i - 1) * PAGE);
		map_some(l, i);
		guest_resume(l->g, eqe, false);
	}
	assert_int_equal(guest_completion(l->g), 0);
	none(l);
	assert_memory_equal(l->to + AT, l->from + AT, 2 * PAGE);
	injected_pair_free(l);

	l = behaving_pair_new(SCHEME_TRANSPORT, "fault-by-page", MAPPED, 0);
	qp_pair_post(l, OPCODE_WRITE, AT, 2 * PAGE);
	take(l, eqe);
	assert_int_equal(field_get(const_block(eqe, eqe_data),
				   eqe_rdma_fault_rdma_op_len),
			 PAGE - AT);
	injected_pair_free(l);
}

/* All but the last page; when that is the only one left, it is asked for. */
static void fault_short__comes_back(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, "fault-short", MAPPED, 0);
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, AT, 2 * PAGE);
	take(l, eqe);
	asks(eqe, 0, 2, 0);
	map_some(l, 2);
	guest_resume(l->g, eqe, false);
	take(l, eqe);
	asks(eqe, 0, 1, 0);
	map_some(l, 3);
	guest_resume(l->g, eqe, false);
	assert_int_equal(guest_completion(l->g), 0);
	injected_pair_free(l);

	l = behaving_pair_new(SCHEME_TRANSPORT, "fault-short", MAPPED, 0);
	qp_pair_post(l, OPCODE_WRITE, AT, 2 * PAGE);
	take(l, eqe);
	assert_int_equal(field_get(const_block(eqe, eqe_data),
				   eqe_rdma_fault_rdma_op_len),
			 2 * PAGE - AT);
	injected_pair_free(l);
}

/* Once more after the resume, in both schemes; with an error never */
static void fault_again__once(void **state)
{
	static const enum scheme schemes[] = { SCHEME_MEMORY, SCHEME_TRANSPORT };

	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l =
			behaving_pair_new(schemes[i], "fault-again", MAPPED, 0);
		uint8_t first[64], second[64], cqe[64];

		qp_pair_post(l, OPCODE_WRITE, 0, 8);
		take(l, first);
		map(l);
		guest_resume(l->g, first, false);
		assert_false(guest_poll(l->g, &l->g->cq, cqe));
		take(l, second);
		assert_true(i || token(first) != token(second));
		guest_resume(l->g, second, false);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(l->to[0], 1);
		injected_pair_free(l);

		l = behaving_pair_new(schemes[i], "fault-again:after=1", MAPPED, 0);
		qp_pair_post(l, OPCODE_WRITE, 0, 8);
		take(l, first);
		guest_resume(l->g, first, true);
		assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
		assert_int_equal(l->g->dev->behave.rules[BEHAVE_FAULT_AGAIN].occasions,
				 0);
		qp_pair_free(l);
	}
}

/* One token, two events that share the pages, and the flag on the last */
static void fault_split__last_is_marked(void **state)
{
	static const struct {
		uint32_t len;
		unsigned int pages, last_at, last_pages;
	} rows[] = { { 8, 1, 0, 1 }, { PAGE, 1, 1, 1 }, { 3 * PAGE - AT, 1, 1, 2 } };

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l =
			behaving_pair_new(SCHEME_MEMORY, "fault-split", MAPPED, 0);
		uint8_t first[64], last[64] = { 0 };
		const uint8_t *data = const_block(last, eqe_data);

		qp_pair_post(l, OPCODE_WRITE, AT, rows[i].len);
		take(l, first);
		take(l, last);
		none(l);
		assert_true(token(first) == token(last));
		asks(first, 0, rows[i].pages, 0);
		asks(last, 0, rows[i].last_pages, 0);
		assert_int_equal(field_get(data, eqe_memory_fault_va),
				 l->remote + rows[i].last_at * PAGE);
		assert_int_equal(field_get(data, eqe_memory_fault_flags), 0x80);
		data = const_block(first, eqe_data);
		assert_int_equal(field_get(data, eqe_memory_fault_va), l->remote);
		assert_int_equal(field_get(data, eqe_memory_fault_flags), 0);
		map(l);
		guest_resume(l->g, last, false);
		assert_int_equal(guest_completion(l->g), 0);
		injected_pair_free(l);
	}
}

/*
 * An event before the last that cannot be resolved is resumed too; so is the last then.
 */
static void fault_split__with_error(void **state)
{
	fails_by_the_first("fault-split");
}

static enum command_status resume_status(struct qp_pair *l, const uint8_t eqe[64])
{
	uint8_t in[16] = { 0 }, *info = block(in, page_fault_resume_in_page_fault_info);

	store_be32(in, COMMAND_PAGE_FAULT_RESUME << 16);
	field_set(info, mem_page_fault_info_error, 1);
	field_set(info, mem_page_fault_info_fault_token_31_0, token(eqe));
	return guest_command(l->g, in, sizeof(in), NULL, 16);
}

/*
 * A token has as many resumes as events; one more is an error, of this fault and of
 * others.
 */
static void fault_split__resumed_too_often(void **state)
{
	struct qp_pair *l =
		behaving_pair_new(SCHEME_MEMORY, "fault-split:every=2", MAPPED, 0);
	uint8_t whole[64], split[64], last[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	take(l, whole);
	none(l);
	map(l);
	guest_resume(l->g, whole, false);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	take(l, split);
	take(l, last);
	map(l);
	guest_resume(l->g, last, false);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(resume_status(l, whole), STATUS_BAD_PARAM);
	assert_int_equal(resume_status(l, split), STATUS_OK);
	assert_int_equal(resume_status(l, split), STATUS_BAD_PARAM);
	assert_int_equal(resume_status(l, last), STATUS_BAD_PARAM);
	assert_int_equal(l->g->dev->stats.resumes, 2);
	injected_pair_free(l);
}

/* Once an access, and only where pages have come and gone: no pinned region faults. */
static void fault_spurious__once(void **state)
{
	struct qp_pair *l =
		behaving_pair_new(SCHEME_MEMORY, "fault-spurious", MAPPED, MAPPED);
	uint8_t eqe[64];

	qp_pair_write(l, 0, 8);
	map(l);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	take(l, eqe);
	guest_resume(l->g, eqe, false);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->g->dev->stats.faults, 1);
	injected_pair_free(l);
}

static void slow_dma__before_completion(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, "slow-dma", MAPPED, MAPPED);

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	assert_int_equal(l->to[0], 0);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fault_repeated__by_two_tokens),
		cmocka_unit_test(fault_repeated__with_error),
		cmocka_unit_test(fault_repeated__after_resume),
		cmocka_unit_test(fault_crowd__by_many_tokens),
		cmocka_unit_test(fault_crowd__memory_scheme_only),
		cmocka_unit_test(fault_wide__in_bounds),
		cmocka_unit_test(fault_by_page__one_an_event),
		cmocka_unit_test(fault_short__comes_back),
		cmocka_unit_test(fault_again__once),
		cmocka_unit_test(fault_split__last_is_marked),
		cmocka_unit_test(fault_split__with_error),
		cmocka_unit_test(fault_split__resumed_too_often),
		cmocka_unit_test(fault_spurious__once),
		cmocka_unit_test(slow_dma__before_completion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
