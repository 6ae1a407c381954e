// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * transfer.c - bytes from one scatter list to another, through pieces, budgets and faults
 */
#include "transfer/transfer.h"
#include "cmocka_all.h"
#include "injected_pair.h"

#include "transfer/delayed_dma.h"

#include <errno.h>
#include <string.h>

#define TOTAL	  16u
#define UNTOUCHED 0x55

static uint8_t target[2 * TOTAL];

/* 16 bytes in three pieces, one of them empty, to 16 bytes in two, with a gap of one */
static struct transfer pieces(const struct qp_pair *l)
{
	static struct sge from[3], to[2];

	memset(target, UNTOUCHED, sizeof(target));
	from[0] = (struct sge){ .len = 5, .data = l->from };
	from[1] = (struct sge){ .len = 0, .data = l->from };
	from[2] = (struct sge){ .len = 11, .data = l->from + 5 };
	to[0] = (struct sge){ .len = 9, .data = target };
	to[1] = (struct sge){ .len = 7, .data = target + 10 };
	return (struct transfer){ .from = { .sges = from, .n = 3, .which = SIDE_LOCAL },
				  .to = { .sges = to, .n = 2, .which = SIDE_RECEIVE },
				  .len = TOTAL,
				  .qp = qp_get(l->g->dev, l->pair.a.number) };
}

static int run(struct qp_pair *l, struct transfer *transfer, uint64_t *budget,
	       enum fault_side *which)
{
	struct missing missing;

	return transfer_run(l->g->dev, transfer, budget, &missing, which);
}

static void transfer__pieces_of_any_length(void **state)
{
	struct qp_pair *l = *state;
	struct transfer t = pieces(l);
	enum fault_side which;
	uint64_t budget = 100;

	assert_int_equal(run(l, &t, &budget, &which), 0);
	assert_int_equal(t.done, TOTAL);
	assert_int_equal(budget, 100 - TOTAL);
	assert_memory_equal(target, l->from, 9);
	assert_int_equal(target[9], UNTOUCHED);
	assert_memory_equal(target + 10, l->from + 9, 7);
	assert_int_equal(target[17], UNTOUCHED);
}

static void transfer__within_budget(void **state)
{
	struct qp_pair *l = *state;
	struct transfer t = pieces(l);
	enum fault_side which;

	for (unsigned int done = 3; done < TOTAL; done += 3) {
		uint64_t budget = 3;

		assert_int_equal(run(l, &t, &budget, &which), -EINPROGRESS);
		assert_int_equal(budget, 0);
		assert_int_equal(t.done, done);
		assert_int_equal(target[done < 9 ? done : done + 1], UNTOUCHED);
	}
	assert_int_equal(run(l, &t, &(uint64_t){ 1 }, &which), 0);
	assert_memory_equal(target + 10, l->from + 9, 7);
	/* all is done: that takes no budget */
	assert_int_equal(run(l, &t, &(uint64_t){ 0 }, &which), 0);
}

/* More than a side has: what there is goes, and the side is named. */
static void transfer__beyond_a_side(void **state)
{
	struct qp_pair *l = *state;
	struct transfer t = pieces(l);
	uint64_t budget = 100;
	enum fault_side which;

	t.from.n = 1;
	assert_int_equal(run(l, &t, &budget, &which), -EACCES);
	assert_int_equal(which, SIDE_LOCAL);
	assert_int_equal(t.done, 5);
	t = pieces(l);
	t.to.n = 1;
	assert_int_equal(run(l, &t, &budget, &which), -EACCES);
	assert_int_equal(which, SIDE_RECEIVE);
	assert_int_equal(t.done, 9);
}

static struct access right_to(const struct qp_pair *l, enum right right)
{
	return (struct access){ .pd = l->g->pd,
				.qpn = l->pair.b.number,
				.right = right,
				.write = right == RIGHT_REMOTE_WRITE };
}

/*
 * From a region whose pages come one after the other: each is a fault, and has its place.
 */
static void transfer__faults(void **state)
{
	struct qp_pair *l = *state;
	struct sge from = { .addr = l->remote + 8, .len = 2 * PAGE, .key = l->rkey };
	struct sge to = { .len = 2 * PAGE, .data = l->from };
	struct transfer t = { .from = { .sges = &from,
					.n = 1,
					.access = right_to(l, RIGHT_REMOTE_READ),
					.which = SIDE_REMOTE },
			      .to = { .sges = &to, .n = 1, .which = SIDE_LOCAL },
			      .len = 2 * PAGE,
			      .qp = qp_get(l->g->dev, l->pair.a.number) };
	struct missing missing;
	uint64_t budget = BYTES, page = (l->remote + PAGE) | MAPPED, none = 0;
	enum fault_side which;

	memset(l->to, 0x33, BYTES);
	guest_update(l->g, &l->umr, l->rkey, 0, 2,
		     (uint64_t[]){ l->remote | MAPPED, none });
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(transfer_run(l->g->dev, &t, &budget, &missing, &which), -EAGAIN);
	assert_int_equal(which, SIDE_REMOTE);
	assert_int_equal(t.done, PAGE - 8);
	assert_int_equal(missing.mkey, l->rkey);
	assert_int_equal(missing.va, l->remote + PAGE);
	assert_int_equal(missing.bytes, PAGE + 8);
	assert_true(t.source_faulted && t.from.access.resumed);
	guest_update(l->g, &l->umr, l->rkey, 0, 2, (uint64_t[]){ none, page });
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(transfer_run(l->g->dev, &t, &budget, &missing, &which), 0);
	assert_false(t.source_faulted || t.from.access.resumed);
	assert_int_equal(l->from[2 * PAGE - 1], 0x33);
	assert_int_equal(l->from[2 * PAGE], 3);
}

/* A write that faults is no read that faulted. */
static void transfer__faults_at_target(void **state)
{
	struct qp_pair *l = *state;
	struct sge to = { .addr = l->remote, .len = TOTAL, .key = l->rkey };
	struct transfer t = pieces(l);
	enum fault_side which;
	uint64_t budget = TOTAL;

	t.to = (struct side){ .sges = &to,
			      .n = 1,
			      .access = right_to(l, RIGHT_REMOTE_WRITE),
			      .which = SIDE_REMOTE };
	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(run(l, &t, &budget, &which), -EAGAIN);
	assert_int_equal(which, SIDE_REMOTE);
	assert_false(t.source_faulted);
	assert_true(t.to.access.resumed);
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(run(l, &t, &budget, &which), 0);
	assert_false(t.to.access.resumed);
	assert_memory_equal(l->to, l->from, TOTAL);
}

/* Only what the first bytes need is looked at, to the byte. */
static void side__check(void **state)
{
	struct qp_pair *l = *state;
	const struct sge sges[] = {
		{ .len = 4, .data = l->from },
		{ .addr = 1, .len = 0, .key = l->rkey },
		{ .addr = l->remote + BYTES - 8, .len = 9, .key = l->rkey },
		{ .addr = l->remote, .len = 8, .key = l->rkey + 1 },
	};
	struct side side = { .sges = sges,
			     .n = 4,
			     .access = right_to(l, RIGHT_REMOTE_READ) };

	assert_int_equal(side_check(l->g->dev, &side, 0), 0);
	assert_int_equal(side_check(l->g->dev, &side, 4 + 8), 0);
	assert_int_equal(side_check(l->g->dev, &side, 4 + 9), -EACCES);
	side.sges = sges + 3;
	side.n = 1;
	assert_int_equal(side_check(l->g->dev, &side, 0), 0);
	assert_int_equal(side_check(l->g->dev, &side, 1), -EACCES);
	assert_int_equal(sges_bytes(sges, 4), 4 + 9 + 8);
	assert_int_equal(sges_bytes(sges, 0), 0);
}

/* Which writes a queue pair's completion waits for, by what is asked for */
static void write__waits(void **state)
{
	static const struct {
		const char *injection, *behaviour;
		bool waits;
	} rows[] = { { NULL, "slow-dma", true },
		     { "early-invalidate-ack", NULL, true },
		     { "completion-early", NULL, false } };

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l = rows[i].injection ?
					    injected_pair_mapped(rows[i].injection) :
					    behaving_pair_new(SCHEME_MEMORY,
							      rows[i].behaviour, MAPPED,
							      MAPPED);
		struct qp *qp = qp_get(l->g->dev, l->pair.a.number);
		struct transfer t = { .qp = qp };
		struct span to = { .host = l->to };

		transfer_write(l->g->dev, &t, &to, l->from, TOTAL);
		assert_int_equal(l->to[0], 0);
		assert_int_equal(qp->delayed_writes, rows[i].waits);
		delayed_dma_finish_all(l->g->dev);
		assert_memory_equal(l->to, l->from, TOTAL);
		transfer_write_now(l->g->dev, &t, &to, l->from + PAGE, TOTAL);
		assert_memory_equal(l->to, l->from + PAGE, TOTAL);
		injected_pair_free(l);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(transfer__pieces_of_any_length), TEST(transfer__within_budget),
		TEST(transfer__beyond_a_side),	      TEST(transfer__faults),
		TEST(transfer__faults_at_target),     TEST(side__check),
		cmocka_unit_test(write__waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
