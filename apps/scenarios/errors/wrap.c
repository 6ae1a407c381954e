// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * wrap.c - ERR-17: remote addresses at which arithmetic overflows
 *
 * A range that ends at the top of 64 bits has an end of 0, which is below any region's.
 * One that is 4 GiB away from its region begins where the region does, if its address is
 * cut to 32 bits. mr_check_range() and rxe_check_pagefault() of soft-RoCE had the first
 * (drivers/infiniband/sw/rxe).
 */
#include "scenario/scenario.h"

struct overflow {
	enum rdma_opcode opcode;
	enum mr_mode mode;
	uint64_t addr; /* remote */
	uint64_t away; /* or so many bytes after the region's begin */
	uint32_t len;
};

static void refused(struct test *t, struct target *target,
		    const struct overflow *overflow, uint16_t generation)
{
	uint64_t offset = overflow->away ? overflow->away :
					   overflow->addr - target_addr(target);
	enum op_status status =
		attempt(t, overflow->opcode, target, offset, overflow->len, generation);

	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
}

/* Of a region that the device has no page of, and then all pages. */
static void overflow(struct test *t, const void *row)
{
	const struct overflow *overflow = row;
	struct target *target = responder_target(t, REGION_ANON, KiB(64), overflow->mode,
						 .access = MR_READ_WRITE);

	refused(t, target, overflow, GENERATION(1));
	check_mapping(t, target, 0, KiB(64), ZEROS);
	rdma_write(t, target, 0, KiB(64), GENERATION(2));
	refused(t, target, overflow, GENERATION(3));
	check_mapping(t, target, 0, KiB(64), GENERATION(2));
}

#define TOP(bytes)  .addr = 0 - (uint64_t)(bytes), .len = (bytes)
#define OVER(bytes) .addr = 0 - (uint64_t)(bytes), .len = 2 * (bytes)
#define FAR	    .away = GiB(4), .len = KiB(1)

#define OVERFLOW(word, about_, needs_, opcode_, mode_, ...)           \
	{                                                             \
		.id = "ERR-17." word,                                 \
		.about = about_,                                      \
		.needs = NEEDS(DEVICE, RC_WRITE) | (needs_),          \
		.run = overflow,                                      \
		.row = &(const struct overflow){ .opcode = (opcode_), \
						 .mode = (mode_),     \
						 __VA_ARGS__ },       \
	}

static const struct scenario overflows[] = {
	OVERFLOW("top-write",
		 "a WRITE to the last KiB of 64 bits of addresses is refused", NEEDS(ODP),
		 RDMA_WRITE, MR_ODP, TOP(KiB(1))),
	OVERFLOW("top-read", "a READ of the last KiB of 64 bits of addresses is refused",
		 NEEDS(ODP, RC_READ), RDMA_READ, MR_ODP, TOP(KiB(1))),
	OVERFLOW("top-atomic",
		 "an atomic on the last word of 64 bits of addresses is refused",
		 NEEDS(ODP, RC_ATOMIC), RDMA_FETCH_ADD, MR_ODP, TOP(8)),
	OVERFLOW("over-write",
		 "a WRITE that begins in the last page of 64 bits of addresses and wraps "
		 "is refused",
		 NEEDS(ODP), RDMA_WRITE, MR_ODP, OVER(KiB(4))),
	OVERFLOW("over-read",
		 "a READ that begins in the last page of 64 bits of addresses and wraps "
		 "is refused",
		 NEEDS(ODP, RC_READ), RDMA_READ, MR_ODP, OVER(KiB(4))),
	OVERFLOW("far-write", "a WRITE 4 GiB after its region is refused", NEEDS(ODP),
		 RDMA_WRITE, MR_ODP, FAR),
	OVERFLOW("far-read", "a READ 4 GiB after its region is refused",
		 NEEDS(ODP, RC_READ), RDMA_READ, MR_ODP, FAR),
	OVERFLOW("implicit-top",
		 "an implicit region refuses a WRITE to the last KiB of 64 bits of "
		 "addresses",
		 NEEDS(IMPLICIT), RDMA_WRITE, MR_ODP_IMPLICIT, TOP(KiB(1))),
	OVERFLOW("implicit-over",
		 "an implicit region refuses a WRITE that begins in the last page of 64 "
		 "bits "
		 "of addresses and wraps",
		 NEEDS(IMPLICIT), RDMA_WRITE, MR_ODP_IMPLICIT, OVER(KiB(4))),
	OVERFLOW("implicit-read",
		 "an implicit region refuses a READ that begins in the last page of 64 "
		 "bits of "
		 "addresses and wraps",
		 NEEDS(IMPLICIT, RC_READ), RDMA_READ, MR_ODP_IMPLICIT, OVER(KiB(4))),
	OVERFLOW(
		"pinned-top",
		"a pinned region refuses a WRITE to the last KiB of 64 bits of addresses",
		NEEDS(PINNED), RDMA_WRITE, MR_PINNED, TOP(KiB(1))),
	OVERFLOW("pinned-over",
		 "a pinned region refuses a WRITE that begins in the last page of 64 "
		 "bits of "
		 "addresses and wraps",
		 NEEDS(PINNED), RDMA_WRITE, MR_PINNED, OVER(KiB(4))),
	OVERFLOW("top-atomic-write",
		 "an ATOMIC WRITE to the last word of 64 bits of addresses is refused",
		 NEEDS(ODP, RC_ATOMIC_WRITE), RDMA_ATOMIC_WRITE, MR_ODP, TOP(8)),
};
SCENARIO_FAMILY(overflows);
