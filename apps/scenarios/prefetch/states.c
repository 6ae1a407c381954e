// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * states.c - PF-01, PF-02: each advice on memory in each state
 *
 * The pages that a prefetch mapped are proven by the absence of faults when they are
 * read, and when one of each block is written after that; the others by their faults.
 */
#include <errno.h>

#include "scenario/scenario.h"

/* mlx5 renews translations by blocks of so many pages (MLX5_UMR_MTT_ALIGNMENT). */
#define BLOCK  KiB(32)
#define BLOCKS 8
#define RANGE  (BLOCKS * BLOCK)
#define PAGES  (RANGE / PAGE_BYTES)

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

/*
 * A page of each block: where one fault for writing lets the device write to all of a
 * block, how many faults there are depends on how many pages a device asks for at once.
 */
static uint64_t last_page(uint64_t block)
{
	return (block + 1) * BLOCK - PAGE_BYTES;
}

static void write_each_block(struct test *t, struct target *target, uint16_t generation)
{
	for (uint64_t block = 0; block < BLOCKS; block++)
		rdma_write(t, target, last_page(block), PAGE_BYTES, generation);
}

static void check_each_block(struct test *t, struct target *target, uint16_t generation)
{
	for (uint64_t block = 0; block < BLOCKS; block++)
		check_mapping(t, target, last_page(block), PAGE_BYTES, generation);
}

struct prefetch {
	void (*arrange)(struct test *t, struct target *target);
	enum mr_advice advice;
	struct bounds during, reading;
	struct faults_per_driver writing;
};

static void prefetch(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, 2 * RANGE, MR_ODP);
	const struct prefetch *p = row;

	p->arrange(t, target);
	expect_faults(t, target, p->during)
		target_prefetch(t, target, 0, RANGE, p->advice);
	expect_faults(t, target, p->reading)
		expect(t, rdma_read_status(t, target, 0, RANGE) == OP_SUCCESS,
		       "READ failed");
	expect_faults_here(t, target, &p->writing)
		write_each_block(t, target, GENERATION(2));
	check_each_block(t, target, GENERATION(2));
}

#define N(n) { (n), (n) }

#define DOWNGRADE                                                                      \
	"mlx5 maps a page prefetched for reading read-only even if the CPU may write " \
	"it; soft-RoCE maps it with the rights of the CPU"
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
	      leave_cold, MR_PREFETCH, N(PAGES), N(0), EVERY_DRIVER(N(BLOCKS))),
	STATE("cold-write",
	      "after a prefetch for writing of cold memory WRITE and READ do not fault",
	      leave_cold, MR_PREFETCH_WRITE, N(PAGES), N(0), EVERY_DRIVER(N(0))),
	STATE("cold-no-fault", "a no-fault prefetch of cold memory maps nothing",
	      leave_cold, MR_PREFETCH_NO_FAULT, N(0), N(PAGES),
	      { .rxe = N(BLOCKS), .mlx5 = N(0), .reason = WRITE_FAULT }),
	STATE("half-read",
	      "after a prefetch for reading of half-resident memory READ does not fault",
	      store_half, MR_PREFETCH, N(PAGES), N(0),
	      { .rxe = N(BLOCKS / 2), .mlx5 = N(BLOCKS), .reason = DOWNGRADE }),
	STATE("half-write",
	      "after a prefetch for writing of half-resident memory WRITE and READ do "
	      "not fault",
	      store_half, MR_PREFETCH_WRITE, N(PAGES), N(0), EVERY_DRIVER(N(0))),
	STATE("half-no-fault",
	      "a no-fault prefetch of half-resident memory maps the resident half only",
	      store_half, MR_PREFETCH_NO_FAULT, N(0), N(PAGES / 2),
	      { .rxe = N(BLOCKS / 2), .mlx5 = N(0), .reason = WRITE_FAULT }),
	STATE("resident-read",
	      "after a prefetch for reading of resident memory READ does not fault",
	      store_all, MR_PREFETCH, N(PAGES), N(0),
	      { .rxe = N(0), .mlx5 = N(BLOCKS), .reason = DOWNGRADE }),
	STATE("resident-write",
	      "after a prefetch for writing of resident memory WRITE and READ do not "
	      "fault",
	      store_all, MR_PREFETCH_WRITE, N(PAGES), N(0), EVERY_DRIVER(N(0))),
	STATE("resident-no-fault", "a no-fault prefetch maps all of resident memory",
	      store_all, MR_PREFETCH_NO_FAULT, N(0), N(0), EVERY_DRIVER(N(0))),
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
	struct target *cold = responder_target(t, REGION_CHOSEN, 2 * RANGE, MR_ODP);
	const struct async_prefetch *p = row;

	expect_errno(t, advise_errno(t, cold, 0, RANGE, p->advice, .async = true), 0);
	await_resident(t, cold, 0, RANGE, p->pages);
	expect_faults(t, cold, p->reading)
		rdma_read(t, cold, 0, RANGE, ZEROS);
	expect_faults_here(t, cold, &p->writing)
		write_each_block(t, cold, GENERATION(1));
	check_each_block(t, cold, GENERATION(1));
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
	      MR_PREFETCH, PAGES, N(0), EVERY_DRIVER(N(BLOCKS))),
	ASYNC("cold-write", "an asynchronous prefetch for writing faults cold memory in",
	      MR_PREFETCH_WRITE, PAGES, N(0), EVERY_DRIVER(N(0))),
	ASYNC("cold-no-fault",
	      "an asynchronous no-fault prefetch of cold memory maps nothing",
	      MR_PREFETCH_NO_FAULT, 0, N(PAGES),
	      { .rxe = N(BLOCKS), .mlx5 = N(0), .reason = WRITE_FAULT }),
};
SCENARIO_FAMILY(async_states);
