// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * states.c - PF-01, PF-02: each advice on memory in each state
 *
 * The pages that a prefetch mapped are proven by the absence of faults when they are read and
 * then written; the others by their faults.
 */
#include <errno.h>

#include "scenario/scenario.h"

#define PAGES 8
#define RANGE KiB(32)

static void leave_cold(struct test *t, struct target *target)
{
}

static void store_half(struct test *t, struct target *target)
{
	target_store(t, target, 0, RANGE / 2, GENERATION(1));
}

static void store_all(struct test *t, struct target *target)
{
	target_store(t, target, 0, RANGE, GENERATION(1));
}

struct prefetch {
	void (*arrange)(struct test *t, struct target *target);
	enum mr_advice advice;
	struct bounds during, reading;
	struct faults_per_driver writing;
};

static void prefetch(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct prefetch *p = row;
	struct bounds writing = faults_here(t, &p->writing);

	p->arrange(t, target);
	expect_faults(t, target, p->during)
		target_prefetch(t, target, 0, RANGE, p->advice);
	expect_faults(t, target, p->reading)
		expect(t, rdma_read_status(t, target, 0, RANGE) == OP_SUCCESS,
		       "READ failed");
	expect_faults(t, target, writing)
		rdma_write(t, target, 0, RANGE, GENERATION(2));
	check_mapping(t, target, 0, RANGE, GENERATION(2));
}

#define N(n) { (n), (n) }

#define DOWNGRADE                                                                      \
	"mlx5 maps a page prefetched for reading read-only even if the CPU may write " \
	"it, and of a block of 8 pages all at the first fault of one for writing; "    \
	"soft-RoCE maps it with the rights of the CPU"
#define WRITE_FAULT                                                                   \
	"a READ that faults through a writable region makes mlx5 fault for writing, " \
	"soft-RoCE for reading"

#define STATE(word, about_, ...)                                     \
	{                                                            \
		.id = "PF-01." word,                                 \
		.about = about_,                                     \
		.needs = NEEDS(REGION, PREFETCH, RC_WRITE, RC_READ), \
		.run = prefetch,                                     \
		.row = &(const struct prefetch){ __VA_ARGS__ },      \
	}

static const struct scenario states[] = {
	STATE("cold-read",
	      "after a prefetch for reading of cold memory READ does not fault",
	      leave_cold, MR_PREFETCH, N(PAGES), N(0), { N(PAGES), N(PAGES), NULL }),
	STATE("cold-write",
	      "after a prefetch for writing of cold memory WRITE and READ do not fault",
	      leave_cold, MR_PREFETCH_WRITE, N(PAGES), N(0), { N(0), N(0), NULL }),
	STATE("cold-no-fault", "a no-fault prefetch of cold memory maps nothing",
	      leave_cold, MR_PREFETCH_NO_FAULT, N(0), N(PAGES),
	      { N(PAGES), N(0), WRITE_FAULT }),
	STATE("half-read",
	      "after a prefetch for reading of half-resident memory READ does not fault",
	      store_half, MR_PREFETCH, N(PAGES), N(0),
	      { N(PAGES / 2), { 1, PAGES }, DOWNGRADE }),
	STATE("half-write",
	      "after a prefetch for writing of half-resident memory WRITE and READ do "
	      "not fault",
	      store_half, MR_PREFETCH_WRITE, N(PAGES), N(0), { N(0), N(0), NULL }),
	STATE("half-no-fault",
	      "a no-fault prefetch of half-resident memory maps the resident half only",
	      store_half, MR_PREFETCH_NO_FAULT, N(0), N(PAGES / 2),
	      { N(PAGES / 2), N(0), WRITE_FAULT }),
	STATE("resident-read",
	      "after a prefetch for reading of resident memory READ does not fault",
	      store_all, MR_PREFETCH, N(PAGES), N(0), { N(0), { 1, PAGES }, DOWNGRADE }),
	STATE("resident-write",
	      "after a prefetch for writing of resident memory WRITE and READ do not "
	      "fault",
	      store_all, MR_PREFETCH_WRITE, N(PAGES), N(0), { N(0), N(0), NULL }),
	STATE("resident-no-fault", "a no-fault prefetch maps all of resident memory",
	      store_all, MR_PREFETCH_NO_FAULT, N(0), N(0), { N(0), N(0), NULL }),
};
SCENARIO_FAMILY(states);

/* Asynchronous: the pages become resident in the CPU's page table first. */
struct async_prefetch {
	enum mr_advice advice;
	uint64_t pages; /* that become resident */
	struct bounds reading;
	struct faults_per_driver writing;
};

static void prefetch_async(struct test *t, const void *row)
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct async_prefetch *p = row;
	struct bounds writing = faults_here(t, &p->writing);

	expect_errno(t, advise_errno(t, cold, 0, RANGE, p->advice, .async = true), 0);
	await_resident(t, cold, 0, RANGE, p->pages);
	expect_faults(t, cold, p->reading)
		rdma_read(t, cold, 0, RANGE, ZEROS);
	expect_faults(t, cold, writing)
		rdma_write(t, cold, 0, RANGE, GENERATION(1));
	check_mapping(t, cold, 0, RANGE, GENERATION(1));
}

#define ASYNC(word, about_, ...)                                      \
	{                                                             \
		.id = "PF-02." word,                                  \
		.about = about_,                                      \
		.needs = NEEDS(REGION, PREFETCH, RC_WRITE, RC_READ),  \
		.run = prefetch_async,                                \
		.row = &(const struct async_prefetch){ __VA_ARGS__ }, \
	}

static const struct scenario async_states[] = {
	ASYNC("cold-read", "an asynchronous prefetch for reading faults cold memory in",
	      MR_PREFETCH, PAGES, N(0), { N(PAGES), N(PAGES), NULL }),
	ASYNC("cold-write", "an asynchronous prefetch for writing faults cold memory in",
	      MR_PREFETCH_WRITE, PAGES, N(0), { N(0), N(0), NULL }),
	ASYNC("cold-no-fault",
	      "an asynchronous no-fault prefetch of cold memory maps nothing",
	      MR_PREFETCH_NO_FAULT, 0, N(PAGES), { N(PAGES), N(0), WRITE_FAULT }),
};
SCENARIO_FAMILY(async_states);
