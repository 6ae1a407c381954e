// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* injections.c - every misbehaviour, switched on, does what its row says */
#include "cmocka_all.h"
#include "eq.h"
#include "guest.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES 4
#define BYTES (PAGES * PAGE)
#define FILL  0x77

struct world {
	struct guest *g;
	struct guest_pair pair;
	struct guest_qp umr;
	uint64_t local, remote;
	uint32_t lkey, rkey;
	uint8_t *from, *to;
};

static struct world *make(const char *injection, unsigned int local, unsigned int remote)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->g = guest_new(SCHEME_MEMORY);
	w->pair = (struct guest_pair){ .service = SERVICE_RC, .rnr_retries = 7 };
	guest_connect(w->g, &w->pair);
	guest_umr_qp(w->g, &w->umr);
	w->local = guest_alloc(w->g, BYTES);
	w->remote = guest_alloc(w->g, BYTES + PAGE);
	w->lkey = guest_mkey(w->g, w->local, PAGES, RIGHTS_ALL, local);
	w->rkey = guest_mkey(w->g, w->remote, PAGES, RIGHTS_ALL, remote);
	w->from = guest_at(w->g, w->local);
	w->to = guest_at(w->g, w->remote);
	for (unsigned int i = 0; i < BYTES; i++)
		w->from[i] = (uint8_t)(1 + i / PAGE);
	assert_int_equal(inject_on(&w->g->dev->inject, injection), 0);
	return w;
}

static struct world *mapped(const char *injection)
{
	return make(injection, MTT_READ | MTT_WRITE, MTT_READ | MTT_WRITE);
}

static void unmake(struct world *w)
{
	uint64_t hits = 0;

	for (unsigned int i = 0; i < INJECT_COUNT; i++)
		hits += w->g->dev->inject.rules[i].hits;
	assert_true(hits > 0);
	guest_free(w->g);
	free(w);
}

static void post(struct world *w, enum opcode opcode, uint32_t offset, uint32_t len)
{
	struct guest_work k = { .opcode = opcode,
				.local = w->local + offset,
				.remote = w->remote + offset,
				.len = len,
				.lkey = w->lkey,
				.rkey = w->rkey,
				.swap = 5 };

	guest_post(w->g, &w->pair.a, &k);
}

static void write_done(struct world *w, uint32_t offset, uint32_t len)
{
	post(w, OPCODE_WRITE, offset, len);
	assert_int_equal(guest_completion(w->g), 0);
}

static void map_all(struct world *w, uint32_t key, uint64_t addr, unsigned int flags)
{
	uint64_t values[PAGES];

	for (unsigned int i = 0; i < PAGES; i++)
		values[i] = flags ? (addr + (uint64_t)i * PAGE) | flags : 0;
	guest_update(w->g, &w->umr, key, 0, PAGES, values);
}

static void resolve(struct world *w, uint32_t key, uint64_t addr)
{
	uint8_t eqe[64];

	assert_true(guest_event(w->g, &w->g->faults, eqe));
	map_all(w, key, addr, MTT_READ | MTT_WRITE);
	assert_int_equal(guest_completion(w->g), 0);
	guest_resume(w->g, eqe, false);
}

/* Waits for what an injection has delayed. */
static void let_time_pass(struct world *w)
{
	clock_sleep_ns(2 * LATE_DELAY_NS);
	guest_run(w->g);
}

static void stale_translation(void **state __attribute__((unused)))
{
	struct world *w = mapped("stale-translation");
	uint8_t eqe[64];

	map_all(w, w->rkey, w->remote, 0);
	assert_int_equal(guest_completion(w->g), 0);
	write_done(w, 0, 8);
	assert_false(guest_event(w->g, &w->g->faults, eqe));
	assert_int_equal(w->to[0], 1);
	unmake(w);
}

static void early_invalidate_ack(void **state __attribute__((unused)))
{
	struct world *w = mapped("early-invalidate-ack");

	post(w, OPCODE_WRITE, 0, 8);
	guest_run(w->g);
	map_all(w, w->rkey, w->remote, 0);
	guest_run(w->g);
	assert_int_equal(w->g->dev->stats.updates, 1);
	assert_int_equal(w->to[0], 0);
	let_time_pass(w);
	assert_int_equal(w->to[0], 1);
	unmake(w);
}

static void offset_dropped(void **state __attribute__((unused)))
{
	struct world *w = mapped("offset-dropped");

	write_done(w, 100, 8);
	assert_int_equal(w->to[0], 1);
	assert_int_equal(w->to[100], 0);
	unmake(w);
}

static void pages_swapped(void **state __attribute__((unused)))
{
	struct world *w = mapped("pages-swapped");

	write_done(w, 0, 2 * PAGE);
	assert_int_equal(w->to[0], 2);
	assert_int_equal(w->to[PAGE], 1);
	unmake(w);
}

static void tail_missing(void **state __attribute__((unused)))
{
	struct world *w = mapped("tail-missing");

	write_done(w, 0, 64);
	assert_int_equal(w->to[55], 1);
	assert_int_equal(w->to[56], 0);
	unmake(w);
}

static void write_beyond(void **state __attribute__((unused)))
{
	struct world *w = mapped("write-beyond");

	write_done(w, 0, 64);
	assert_int_equal(w->to[64], 0xee);
	assert_int_equal(w->to[72], 0);
	unmake(w);
}

static void read_only_written(void **state __attribute__((unused)))
{
	struct world *w = make("read-only-written", MTT_READ, MTT_READ);

	write_done(w, 0, 8);
	assert_int_equal(w->to[0], 1);
	unmake(w);
}

static void failed_fault_ok(void **state __attribute__((unused)))
{
	struct world *w = make("failed-fault-ok", MTT_READ, 0);
	uint8_t eqe[64];

	post(w, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	guest_resume(w->g, eqe, true);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 0);
	unmake(w);
}

static void fault_lost(void **state __attribute__((unused)))
{
	struct world *w = make("fault-lost", MTT_READ, 0);
	uint8_t eqe[64], cqe[64];

	post(w, OPCODE_WRITE, 0, 8);
	assert_false(guest_event(w->g, &w->g->faults, eqe));
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(w->g->dev->stats.faults, 1);
	unmake(w);
}

static void fault_spurious(void **state __attribute__((unused)))
{
	struct world *w = mapped("fault-spurious:every=2");
	uint8_t eqe[64];

	post(w, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	guest_resume(w->g, eqe, false);
	assert_true(w->g->dev->stats.faults >= 1);
	unmake(w);
}

static void update_lost(void **state __attribute__((unused)))
{
	struct world *w = make("update-lost", MTT_READ, 0);
	uint8_t eqe[64];

	post(w, OPCODE_WRITE, 0, 8);
	resolve(w, w->rkey, w->remote);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	unmake(w);
}

static void completion_early(void **state __attribute__((unused)))
{
	struct world *w = mapped("completion-early");

	write_done(w, 0, 8);
	assert_int_equal(w->to[0], 0);
	let_time_pass(w);
	assert_int_equal(w->to[0], 1);
	unmake(w);
}

static void completion_twice(void **state __attribute__((unused)))
{
	struct world *w = mapped("completion-twice");

	write_done(w, 0, 8);
	assert_int_equal(guest_completion(w->g), 0);
	unmake(w);
}

static void completion_lost(void **state __attribute__((unused)))
{
	struct world *w = mapped("completion-lost");
	uint8_t cqe[64];

	post(w, OPCODE_WRITE, 0, 8);
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(w->to[0], 1);
	unmake(w);
}

static void byte_count(void **state __attribute__((unused)))
{
	struct world *w = mapped("byte-count");
	uint8_t cqe[64];

	post(w, OPCODE_READ, 0, 64);
	assert_true(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_byte_cnt), 63);
	unmake(w);
}

static void atomic_twice(void **state __attribute__((unused)))
{
	struct world *w = make("atomic-twice", 0, MTT_READ | MTT_WRITE);

	post(w, OPCODE_FETCH_ADD, 0, 8);
	resolve(w, w->lkey, w->local);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 10);
	unmake(w);
}

static void receive_twice(void **state __attribute__((unused)))
{
	struct world *w = mapped("receive-twice");

	guest_receive(w->g, &w->pair.b, w->remote, 64, w->rkey);
	guest_receive(w->g, &w->pair.b, w->remote + PAGE, 64, w->rkey);
	post(w, OPCODE_SEND, 0, 64);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 0);
	assert_int_equal(w->to[PAGE], 1);
	unmake(w);
}

static void foreign_key(void **state __attribute__((unused)))
{
	struct world *w = mapped("foreign-key");

	w->rkey ^= 0xff;
	write_done(w, 0, 8);
	assert_int_equal(w->to[0], 1);
	unmake(w);
}

static void flush_missing(void **state __attribute__((unused)))
{
	struct world *w = mapped("flush-missing");
	uint8_t cqe[64];

	w->rkey ^= 0xff;
	guest_receive(w->g, &w->pair.a, w->remote, 64, w->lkey);
	post(w, OPCODE_WRITE, 0, 8);
	post(w, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(w->g), SYNDROME_REMOTE_ACCESS);
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
	unmake(w);
}

/* Four gigabytes in entries of one; the child that is mapped is the first. */
static void child_misplaced(void **state __attribute__((unused)))
{
	struct world *w = mapped("child-misplaced");
	uint8_t in[272 + 64] = { 0 }, out[16], eqe[64];
	uint8_t *c = block(in, create_mkey_in_memory_key_mkey_entry);
	uint8_t *ksm = block(in, create_mkey_in_klm_pas_mtt);

	store_be32(in, 0x200u << 16);
	field_set(in, create_mkey_in_translations_octword_actual_size, 4);
	field_set(c, mkc_translations_octword_size, 4);
	field_set(c, mkc_access_mode_1_0, MKEY_KSM);
	field_set(c, mkc_rw, 1);
	field_set(c, mkc_length64, 1);
	field_set(c, mkc_qpn, MKEY_ANY_QP);
	field_set(c, mkc_pd, w->g->pd);
	field_set(c, mkc_log_page_size, 30);
	for (unsigned int i = 0; i < 4; i++) {
		field_set(ksm + i * 16, klm_key, i ? KEY_NULL : w->rkey);
		field_set(ksm + i * 16, klm_va, (uint64_t)i << 30);
	}
	assert_int_equal(guest_command(w->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	w->rkey = (uint32_t)field_get(out, create_mkey_out_mkey_index) << 8;
	post(w, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(w->g), SYNDROME_REMOTE_ACCESS);
	assert_false(guest_event(w->g, &w->g->faults, eqe));
	assert_int_equal(w->to[0], 0);
	unmake(w);
}

static void torn_write(void **state __attribute__((unused)))
{
	struct world *w = mapped("torn-write");

	write_done(w, 0, 8);
	assert_int_equal(w->to[3], 1);
	assert_int_equal(w->to[4], 0);
	let_time_pass(w);
	assert_int_equal(w->to[4], 1);
	unmake(w);
}

static void read_stale(void **state __attribute__((unused)))
{
	struct world *w = make("read-stale", MTT_READ | MTT_WRITE, 0);

	memset(w->to, FILL, BYTES);
	post(w, OPCODE_READ, 0, 64);
	resolve(w, w->rkey, w->remote);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->from[0], 0);
	unmake(w);
}

static void slow_dma(void **state __attribute__((unused)))
{
	struct world *w = mapped("slow-dma");

	post(w, OPCODE_WRITE, 0, 8);
	guest_run(w->g);
	assert_int_equal(w->to[0], 0);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 1);
	unmake(w);
}

static void conditions(void **state __attribute__((unused)))
{
	static const struct {
		const char *text;
		uint64_t hits; /* of twelve occasions */
	} rows[] = { { "byte-count", 12 },
		     { "byte-count:every=3", 4 },
		     { "byte-count:after=10", 2 } };
	struct world *w = mapped("slow-dma");

	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(inject_on(&w->g->dev->inject, rows[i].text), 0);
		for (unsigned int n = 0; n < 12; n++)
			(void)inject(w->g->dev, INJECT_BYTE_COUNT);
		assert_int_equal(w->g->dev->inject.rules[INJECT_BYTE_COUNT].hits,
				 rows[i].hits);
	}
	assert_int_equal(inject_on(&w->g->dev->inject, "byte-count:prob=0.5"), 0);
	for (unsigned int n = 0; n < 1000; n++)
		(void)inject(w->g->dev, INJECT_BYTE_COUNT);
	assert_in_range(w->g->dev->inject.rules[INJECT_BYTE_COUNT].hits, 400, 600);
	unmake(w);
}

static void wrong_words_are_refused(void **state __attribute__((unused)))
{
	static const char *const words[] = { "nonsense",
					     "byte-count:",
					     "byte-count:every=0",
					     "byte-count:prob=2",
					     "byte-count:prob=x",
					     "byte-count:after=-1",
					     "" };
	struct injections injections = { 0 };

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_not_equal(inject_on(&injections, words[i]), 0);
	assert_int_equal(injections.active, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stale_translation),
		cmocka_unit_test(early_invalidate_ack),
		cmocka_unit_test(offset_dropped),
		cmocka_unit_test(pages_swapped),
		cmocka_unit_test(tail_missing),
		cmocka_unit_test(write_beyond),
		cmocka_unit_test(read_only_written),
		cmocka_unit_test(failed_fault_ok),
		cmocka_unit_test(fault_lost),
		cmocka_unit_test(fault_spurious),
		cmocka_unit_test(update_lost),
		cmocka_unit_test(completion_early),
		cmocka_unit_test(completion_twice),
		cmocka_unit_test(completion_lost),
		cmocka_unit_test(byte_count),
		cmocka_unit_test(atomic_twice),
		cmocka_unit_test(receive_twice),
		cmocka_unit_test(foreign_key),
		cmocka_unit_test(flush_missing),
		cmocka_unit_test(child_misplaced),
		cmocka_unit_test(torn_write),
		cmocka_unit_test(read_stale),
		cmocka_unit_test(slow_dma),
		cmocka_unit_test(conditions),
		cmocka_unit_test(wrong_words_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
