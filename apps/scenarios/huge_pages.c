// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * huge_pages.c - HUGE: memory of huge pages, with translations of 4 KiB
 */
#include "scenario/scenario.h"

SCENARIO("HUGE-01",
	 "a message over the border of two hugetlb pages faults in units of 4 KiB",
	 NEEDS(HUGE_PAGES, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_HUGETLB_2M, MiB(4), MR_ODP);

	expect_faults(t, memory, EXACTLY(4))
		rdma_write(t, memory, MiB(2) - KiB(8), KiB(16), GENERATION(1));
	expect_faults(t, memory, NONE)
		rdma_write(t, memory, MiB(2) - KiB(8), KiB(16), GENERATION(2));
	check_mapping(t, memory, MiB(2) - KiB(8), KiB(16), GENERATION(2));
	check_mapping(t, memory, 0, MiB(2) - KiB(8), ZEROS);
	expect_churn(t, memory) {
		target_evict(t, memory, 0, MiB(4));
		rdma_read(t, memory, MiB(2) - KiB(8), KiB(16), ZEROS);
	}
}

SCENARIO("HUGE-04",
	 "one fault in memory of transparent huge pages maps a whole huge page",
	 NEEDS(COLLAPSE, RC_WRITE))
{
	struct target *memory = responder_target(t, REGION_THP, MiB(4), MR_ODP);
	uint64_t resident;

	expect_faults(t, memory, EXACTLY(1))
		rdma_write(t, memory, KiB(64), KiB(4), GENERATION(1));
	resident = target_resident(t, memory, 0, MiB(4));
	if (resident == 1)
		test_skip(t, "the kernel had no free huge page");
	expect(t, resident == MiB(2) / PAGE_BYTES, "%llu pages are mapped, expected 512",
	       (unsigned long long)resident);
	rdma_write(t, memory, KiB(68), MiB(1), GENERATION(2));
	check_mapping(t, memory, KiB(68), MiB(1), GENERATION(2));
	check_mapping(t, memory, KiB(64), KiB(4), GENERATION(1));
}

/* ---- a part of a huge page changes under the region ---- */

typedef void cut_fn(struct test *t, struct target *memory, uint64_t offset, uint64_t len);

static void forbid(struct test *t, struct target *memory, uint64_t offset, uint64_t len)
{
	target_protect(t, memory, offset, len, REGION_NO_ACCESS);
}

static void page_out(struct test *t, struct target *memory, uint64_t offset, uint64_t len)
{
	target_madvise(t, memory, offset, len, REGION_PAGE_OUT);
}

struct cut {
	cut_fn *cut;
	enum op_status status; /* of a READ of the part */
	uint16_t generation;   /* that the READ returns, if it succeeds */
};

static void cut_part(struct test *t, const void *row)
{
	const struct cut *cut = row;
	struct target *memory = responder_target(t, REGION_THP, MiB(2), MR_ODP);
	enum op_status status;

	rdma_write(t, memory, 0, MiB(1), GENERATION(1));
	cut->cut(t, memory, KiB(256), KiB(64));
	status = rdma_read_status(t, memory, KiB(256), KiB(4));
	expect_status(t, status, &(const struct per_driver)EVERY_DRIVER(cut->status));
	if (status == OP_SUCCESS)
		rdma_read(t, memory, KiB(256), KiB(64), cut->generation);
	else
		reconnect(t);
	rdma_read(t, memory, 0, KiB(256), GENERATION(1));
	rdma_read(t, memory, KiB(320), KiB(704), GENERATION(1));
	rdma_write(t, memory, KiB(320), KiB(704), GENERATION(2));
	check_mapping(t, memory, KiB(320), KiB(704), GENERATION(2));
	check_mapping(t, memory, 0, KiB(256), GENERATION(1));
}

#define CUT(word, about_, needs_, ...)                                  \
	{                                                               \
		.id = "HUGE-05." word,                                  \
		.about = about_,                                        \
		.needs = (needs_) | NEEDS(COLLAPSE, RC_WRITE, RC_READ), \
		.run = cut_part,                                        \
		.row = &(const struct cut){ __VA_ARGS__ },              \
	}

static const struct scenario cuts[] = {
	CUT("unmapped",
	    "after munmap of a part of a huge page its other parts stay accessible",
	    NEEDS(ODP), (target_unmap), OP_REM_ACCESS_ERR, 0),
	CUT("forbidden",
	    "after mprotect(PROT_NONE) of a part of a huge page its other parts stay "
	    "accessible",
	    NEEDS(ODP), forbid, OP_REM_ACCESS_ERR, 0),
	CUT("dropped",
	    "after MADV_DONTNEED of a part of a huge page its other parts keep their "
	    "data",
	    NEEDS(ODP), (target_evict), OP_SUCCESS, ZEROS),
	CUT("replaced",
	    "after mmap over a part of a huge page its other parts keep their data",
	    NEEDS(ODP), (target_remap), OP_SUCCESS, ZEROS),
	CUT("swapped",
	    "after swap-out of a part of a huge page all its parts keep their data",
	    NEEDS(SWAP), page_out, OP_SUCCESS, GENERATION(1)),
};
SCENARIO_FAMILY(cuts);

/* A device may report a fault once more after its operation: that takes the page back. */
#define TRIES 20

/* Gives the huge page @from back, and writes to @to, which needs it. */
static void write_after_eviction(struct test *t, struct target *memory, uint64_t from,
				 uint64_t to, uint16_t generation)
{
	enum op_status status;
	unsigned int tries = 0;

	for (;;) {
		target_evict(t, memory, MiB(2) * from, MiB(2));
		status = rdma_write_status(t, memory, MiB(2) * to, KiB(4), generation);
		if (status == OP_SUCCESS || ++tries == TRIES)
			break;
		reconnect(t);
	}
	expect(t, status == OP_SUCCESS, "%s, with a free huge page, %u times in a row",
	       op_status_name(status), TRIES);
	check_mapping(t, memory, MiB(2) * to, KiB(4), generation);
}

SCENARIO("HUGE-06",
	 "a fault without a free huge page is refused, and succeeds once there is one",
	 NEEDS(HUGE_PAGES, RC_WRITE))
{
	enum { MOST = 64 };
	struct target *memory = responder_target(t, REGION_HUGETLB_2M, MiB(2) * MOST,
						 MR_ODP, .unreserved = true);
	enum op_status status = OP_SUCCESS;
	uint64_t page = 0;

	for (; page < MOST && status == OP_SUCCESS; page += status == OP_SUCCESS)
		status = rdma_write_status(t, memory, MiB(2) * page, KiB(4),
					   GENERATION(1));
	if (page == MOST)
		test_skip(t, "more than %d huge pages are free", MOST);
	expect(t, page > 0, "no huge page is free");
	each_round(t, n, 2, 10000) {
		uint64_t taken = n % page;

		if (n)
			status = rdma_write_status(t, memory, MiB(2) * page, KiB(4),
						   GENERATION(1));
		expect_status(t, status,
			      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
		reconnect(t);
		write_after_eviction(t, memory, taken, page, GENERATION(2));
		write_after_eviction(t, memory, page, taken, GENERATION(3));
	}
}
