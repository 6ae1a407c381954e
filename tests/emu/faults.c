// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* faults.c - page faults of every kind, in both schemes, from event to resume */
#include "cmocka_all.h"
#include "eq.h"
#include "guest.h"

#include <stdlib.h>
#include <string.h>

#define PAGES 4
#define BYTES (PAGES * PAGE)

struct world {
	struct guest *g;
	enum scheme scheme;
	struct guest_pair pair;
	struct guest_qp umr;
	uint64_t local, remote;
	uint32_t lkey, rkey;
};

static struct world *make(enum scheme scheme, unsigned int local, unsigned int remote)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->g = guest_new(scheme);
	w->scheme = scheme;
	w->pair = (struct guest_pair){ .service = SERVICE_RC, .rnr_retries = 7 };
	guest_connect(w->g, &w->pair);
	guest_umr_qp(w->g, &w->umr);
	w->local = guest_alloc(w->g, BYTES);
	w->remote = guest_alloc(w->g, BYTES);
	w->lkey = guest_mkey(w->g, w->local, PAGES, RIGHTS_ALL, local);
	w->rkey = guest_mkey(w->g, w->remote, PAGES, RIGHTS_ALL, remote);
	memset(guest_at(w->g, w->local), 0x77, BYTES);
	return w;
}

static void unmake(struct world *w)
{
	guest_free(w->g);
	free(w);
}

static struct guest_work work(const struct world *w, enum opcode opcode, uint32_t offset,
			      uint32_t len)
{
	return (struct guest_work){ .opcode = opcode,
				    .local = w->local + offset,
				    .remote = w->remote + offset,
				    .len = len,
				    .lkey = w->lkey,
				    .rkey = w->rkey };
}

static void map_all(struct world *w, uint32_t key, uint64_t addr, unsigned int flags)
{
	uint64_t values[PAGES];

	for (unsigned int i = 0; i < PAGES; i++)
		values[i] = flags ? (addr + (uint64_t)i * PAGE) | flags : 0;
	guest_update(w->g, &w->umr, key, 0, PAGES, values);
	assert_int_equal(guest_completion(w->g), 0);
}

/* The one fault that is to be there; resolves it for @key. */
static void resolve(struct world *w, uint32_t key, uint64_t addr)
{
	uint8_t eqe[64];

	assert_true(guest_event(w->g, &w->g->faults, eqe));
	map_all(w, key, addr, MTT_READ | MTT_WRITE);
	guest_resume(w->g, eqe, false);
}

static const enum scheme schemes[] = { SCHEME_MEMORY, SCHEME_TRANSPORT };

static void a_write_faults_once(void **state __attribute__((unused)))
{
	for (unsigned int i = 0; i < 2; i++) {
		struct world *w = make(schemes[i], MTT_READ, 0);
		struct guest_work k = work(w, OPCODE_WRITE, 24, 2 * PAGE);
		uint8_t cqe[64], eqe[64];

		guest_post(w->g, &w->pair.a, &k);
		assert_false(guest_poll(w->g, &w->g->cq, cqe));
		resolve(w, w->rkey, w->remote);
		assert_int_equal(guest_completion(w->g), 0);
		assert_memory_equal(guest_at(w->g, w->remote + 24),
				    guest_at(w->g, w->local + 24), 2 * PAGE);
		assert_false(guest_event(w->g, &w->g->faults, eqe));
		assert_int_equal(w->g->dev->stats.faults, 1);
		unmake(w);
	}
}

static void the_event_names_the_access(void **state __attribute__((unused)))
{
	struct world *w = make(SCHEME_MEMORY, MTT_READ, 0);
	struct guest_work k = work(w, OPCODE_WRITE, PAGE + 8, 2 * PAGE);
	uint8_t eqe[64] = { 0 };
	const uint8_t *data = const_block(eqe, eqe_data);

	guest_post(w->g, &w->pair.a, &k);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_PAGE_FAULT);
	assert_int_equal(field_get(data, eqe_memory_fault_mkey), w->rkey);
	assert_int_equal(field_get(data, eqe_memory_fault_va), w->remote + PAGE);
	assert_int_equal(field_get(data, eqe_memory_fault_demand_pages), 3);
	unmake(w);

	w = make(SCHEME_TRANSPORT, MTT_READ, 0);
	k = work(w, OPCODE_WRITE, PAGE + 8, 2 * PAGE);
	guest_post(w->g, &w->pair.a, &k);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	assert_int_equal(field_get(data, eqe_rdma_fault_r_key), w->rkey);
	assert_int_equal(field_get(data, eqe_rdma_fault_rdma_va), w->remote + PAGE + 8);
	assert_int_equal(field_get(data, eqe_rdma_fault_rdma_op_len), 2 * PAGE);
	assert_int_equal(field_get(data, eqe_rdma_fault_token), w->pair.b.number);
	unmake(w);
}

static void local_buffers_fault(void **state __attribute__((unused)))
{
	for (unsigned int i = 0; i < 2; i++) {
		struct world *w = make(schemes[i], 0, MTT_READ | MTT_WRITE);
		struct guest_work k = work(w, OPCODE_READ, 0, PAGE);

		guest_post(w->g, &w->pair.a, &k);
		resolve(w, w->lkey, w->local);
		assert_int_equal(guest_completion(w->g), 0);
		assert_int_equal(*(uint8_t *)guest_at(w->g, w->local), 0);
		unmake(w);
	}
}

static void a_receive_faults(void **state __attribute__((unused)))
{
	for (unsigned int i = 0; i < 2; i++) {
		struct world *w = make(schemes[i], MTT_READ, 0);
		struct guest_work k = work(w, OPCODE_SEND, 0, PAGE);

		guest_receive(w->g, &w->pair.b, w->remote, PAGE, w->rkey);
		guest_post(w->g, &w->pair.a, &k);
		resolve(w, w->rkey, w->remote);
		assert_int_equal(guest_completion(w->g), 0);
		assert_int_equal(guest_completion(w->g), 0);
		assert_int_equal(*(uint8_t *)guest_at(w->g, w->remote), 0x77);
		unmake(w);
	}
}

/* Both the target and the buffer for what it held fault: it is added to once. */
static void an_atomic_is_executed_once(void **state __attribute__((unused)))
{
	for (unsigned int i = 0; i < 2; i++) {
		struct world *w = make(schemes[i], 0, 0);
		struct guest_work k = work(w, OPCODE_FETCH_ADD, 0, 8);
		uint64_t *target = guest_at(w->g, w->remote);

		*target = 10;
		k.swap = 5;
		guest_post(w->g, &w->pair.a, &k);
		resolve(w, w->rkey, w->remote);
		guest_run(w->g);
		resolve(w, w->lkey, w->local);
		assert_int_equal(guest_completion(w->g), 0);
		assert_int_equal(*target, 15);
		assert_int_equal(*(uint64_t *)guest_at(w->g, w->local), 10);
		unmake(w);
	}
}

static void a_write_to_a_read_only_page_faults(void **state __attribute__((unused)))
{
	struct world *w = make(SCHEME_MEMORY, MTT_READ, MTT_READ);
	struct guest_work k = work(w, OPCODE_WRITE, 0, 8);

	guest_post(w->g, &w->pair.a, &k);
	resolve(w, w->rkey, w->remote);
	assert_int_equal(guest_completion(w->g), 0);
	unmake(w);
}

static void an_error_ends_the_message(void **state __attribute__((unused)))
{
	static const struct {
		enum opcode opcode;
		unsigned int local, remote;
		enum syndrome syndrome;
	} rows[] = {
		{ OPCODE_WRITE, MTT_READ, 0, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_READ, 0, MTT_READ, SYNDROME_LOCAL_PROTECTION },
		{ OPCODE_FETCH_ADD, MTT_READ | MTT_WRITE, 0, SYNDROME_REMOTE_ACCESS },
	};

	for (unsigned int i = 0; i < 2; i++) {
		for (unsigned int k = 0; k < 3; k++) {
			struct world *w = make(schemes[i], rows[k].local, rows[k].remote);
			struct guest_work job = work(w, rows[k].opcode, 0, 8);
			uint8_t eqe[64];

			guest_post(w->g, &w->pair.a, &job);
			assert_true(guest_event(w->g, &w->g->faults, eqe));
			guest_resume(w->g, eqe, true);
			assert_int_equal(guest_completion(w->g), rows[k].syndrome);
			unmake(w);
		}
	}
}

static void many_queue_pairs_fault_at_once(void **state __attribute__((unused)))
{
	for (unsigned int i = 0; i < 2; i++) {
		struct world *w = make(schemes[i], MTT_READ, 0);
		struct guest_work k = work(w, OPCODE_WRITE, 0, 8);
		struct guest_pair pairs[8];
		uint8_t eqes[8][64];

		for (unsigned int n = 0; n < 8; n++) {
			pairs[n] = (struct guest_pair){ .service = SERVICE_RC };
			guest_connect(w->g, &pairs[n]);
			guest_post(w->g, &pairs[n].a, &k);
		}
		for (unsigned int n = 0; n < 8; n++)
			assert_true(guest_event(w->g, &w->g->faults, eqes[n]));
		map_all(w, w->rkey, w->remote, MTT_READ | MTT_WRITE);
		for (unsigned int n = 8; n-- > 0;)
			guest_resume(w->g, eqes[n], false);
		for (unsigned int n = 0; n < 8; n++)
			assert_int_equal(guest_completion(w->g), 0);
		unmake(w);
	}
}

/* The driver resets a queue pair while it still works on its fault. */
static void a_reset_forgets_the_message(void **state __attribute__((unused)))
{
	for (unsigned int i = 0; i < 2; i++) {
		struct world *w = make(schemes[i], MTT_READ, 0);
		struct guest_work k = work(w, OPCODE_WRITE, 0, 8);
		uint8_t eqe[64], cqe[64];

		guest_post(w->g, &w->pair.a, &k);
		assert_true(guest_event(w->g, &w->g->faults, eqe));
		assert_int_equal(guest_simple(w->g, 0x50a, destroy_qp_in_qpn,
					      w->pair.a.number),
				 STATUS_OK);
		guest_resume(w->g, eqe, false);
		assert_false(guest_poll(w->g, &w->g->cq, cqe));
		unmake(w);
	}
}

/* Two invalidations, a fault for each access after one. */
static void an_invalidation_faults_again(void **state __attribute__((unused)))
{
	struct world *w = make(SCHEME_MEMORY, MTT_READ, MTT_READ | MTT_WRITE);
	struct guest_work k = work(w, OPCODE_WRITE, 0, 8);

	for (unsigned int i = 1; i <= 2; i++) {
		map_all(w, w->rkey, w->remote, 0);
		guest_post(w->g, &w->pair.a, &k);
		resolve(w, w->rkey, w->remote);
		assert_int_equal(guest_completion(w->g), 0);
		assert_int_equal(w->g->dev->stats.faults, i);
	}
	unmake(w);
}

/* A write is still on the bus: the invalidation of its page waits until it has landed. */
static void an_invalidation_waits_for_dma(void **state __attribute__((unused)))
{
	struct world *w = make(SCHEME_MEMORY, MTT_READ, MTT_READ | MTT_WRITE);
	struct guest_work k = work(w, OPCODE_WRITE, 0, 8);
	const uint64_t none[PAGES] = { 0 };
	uint8_t *target = guest_at(w->g, w->remote);

	assert_int_equal(inject_on(&w->g->dev->inject, "slow-dma"), 0);
	guest_post(w->g, &w->pair.a, &k);
	guest_run(w->g);
	guest_update(w->g, &w->umr, w->rkey, 0, PAGES, none);
	guest_run(w->g);
	assert_int_equal(*target, 0);
	assert_int_equal(w->g->dev->stats.updates, 0);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(*target, 0x77);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->g->dev->stats.updates, 1);
	unmake(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_write_faults_once),
		cmocka_unit_test(the_event_names_the_access),
		cmocka_unit_test(local_buffers_fault),
		cmocka_unit_test(a_receive_faults),
		cmocka_unit_test(an_atomic_is_executed_once),
		cmocka_unit_test(a_write_to_a_read_only_page_faults),
		cmocka_unit_test(an_error_ends_the_message),
		cmocka_unit_test(many_queue_pairs_fault_at_once),
		cmocka_unit_test(a_reset_forgets_the_message),
		cmocka_unit_test(an_invalidation_faults_again),
		cmocka_unit_test(an_invalidation_waits_for_dma),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
