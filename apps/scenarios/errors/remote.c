// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* remote.c - ERR-01, ERR-03, ERR-15: faults of remote memory that cannot be served */
#include <errno.h>

#include "base/util.h"
#include "revoke.h"
#include "scenario/scenario.h"

/* How access to the first 16 KiB of the target ends after it was revoked. */
struct refusal {
	revoke_fn *revoke;
	enum rdma_opcode opcode;
	struct per_driver due;
};

static void refuse(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct refusal *refusal = row;
	enum op_status status;

	expect_faults(t, target, EXACTLY(8))
		rdma_write(t, target, 0, KiB(32), GENERATION(1));
	refusal->revoke(t, target);
	status = attempt(t, refusal->opcode, target, .generation = GENERATION(2));
	expect_status(t, status, &refusal->due);
	reconnect(t);
	/* the rest of the region still works */
	rdma_write(t, target, KiB(16), KiB(16), GENERATION(2));
	check_mapping(t, target, KiB(16), KiB(16), GENERATION(2));
}

#define READ_ONLY_REASON                                                                \
	"mlx5 faults for writing whenever the region is writable, so that a read-only " \
	"mapping refuses its READ too; soft-RoCE asks for what the operation needs"

#define REFUSED EVERY_DRIVER(OP_REM_ACCESS_ERR)
#define ATOMICS NEEDS(DEVICE, REGION, RC_WRITE, RC_ATOMIC)
#define WRITES	NEEDS(DEVICE, REGION, RC_WRITE)
#define READS	NEEDS(DEVICE, REGION, RC_WRITE, RC_READ)

#define REFUSAL(word, about_, needs_, ...)                     \
	{                                                      \
		.id = "ERR-01." word,                          \
		.about = about_,                               \
		.needs = needs_,                               \
		.run = refuse,                                 \
		.row = &(const struct refusal){ __VA_ARGS__ }, \
	}

static const struct scenario refusals[] = {
	REFUSAL("unmapped-write", "RDMA WRITE to unmapped remote memory is refused",
		WRITES, unmap, RDMA_WRITE, REFUSED),
	REFUSAL("unmapped-read", "RDMA READ of unmapped remote memory is refused", READS,
		unmap, RDMA_READ, REFUSED),
	REFUSAL("unmapped-atomic", "an atomic on unmapped remote memory is refused",
		ATOMICS, unmap, RDMA_FETCH_ADD, REFUSED),
	REFUSAL("no-access-write",
		"RDMA WRITE to remote memory with PROT_NONE is refused", WRITES, forbid,
		RDMA_WRITE, REFUSED),
	REFUSAL("no-access-read", "RDMA READ of remote memory with PROT_NONE is refused",
		READS, forbid, RDMA_READ, REFUSED),
	REFUSAL("no-access-atomic",
		"an atomic on remote memory with PROT_NONE is refused", ATOMICS, forbid,
		RDMA_COMPARE_SWAP, REFUSED),
	REFUSAL("read-only-write",
		"RDMA WRITE to remote memory with PROT_READ is refused", WRITES,
		forbid_writing, RDMA_WRITE, REFUSED),
	REFUSAL("read-only-read",
		"RDMA READ of remote memory with PROT_READ succeeds on soft-RoCE and is "
		"refused on mlx5",
		READS, forbid_writing, RDMA_READ,
		{ .rxe = OP_SUCCESS,
		  .mlx5 = OP_REM_ACCESS_ERR,
		  .reason = READ_ONLY_REASON }),
	REFUSAL("read-only-atomic",
		"an atomic on remote memory with PROT_READ is refused", ATOMICS,
		forbid_writing, RDMA_FETCH_ADD, REFUSED),
};
SCENARIO_FAMILY(refusals);

SCENARIO("ERR-01.mapped-read-only",
	 "a writable region over a read-only mapping can be registered, but WRITE to it "
	 "is refused",
	 NEEDS(DEVICE, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file =
		responder_target(t, REGION_FSDAX, KiB(64), MR_ODP, .read_only = true);
	enum op_status status;

	target_fill(t, file, 0, KiB(64), GENERATION(1));
	status = rdma_write_status(t, file, 0, KiB(4), GENERATION(2));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	status = rdma_read_status(t, file, 0, KiB(4));
	expect_status(t, status,
		      &(const struct per_driver){ .rxe = OP_SUCCESS,
						  .mlx5 = OP_REM_ACCESS_ERR,
						  .reason = READ_ONLY_REASON });
	check_file(t, file, 0, KiB(64), GENERATION(1));
}

/* One page in the middle of a message cannot be faulted in. */
static void fail_midway(struct test *t, revoke_fn *revoke, revoke_fn *repair)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, target, 0, KiB(64), GENERATION(1));
	revoke(t, target);
	status = attempt(t, RDMA_WRITE, target, .len = KiB(64),
			 .generation = GENERATION(2));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	repair(t, target);
	check_either(t, target, 0, KiB(32), GENERATION(1), GENERATION(2));
	check_mapping(t, target, KiB(36), KiB(28), GENERATION(1));
	reconnect(t);
	rdma_write(t, target, 0, KiB(64), GENERATION(3));
	check_mapping(t, target, 0, KiB(64), GENERATION(3));
}

static void unmap_ninth(struct test *t, struct target *target)
{
	target_unmap(t, target, KiB(32), KiB(4));
}

static void remap_ninth(struct test *t, struct target *target)
{
	target_remap(t, target, KiB(32), KiB(4));
}

static void protect_ninth(struct test *t, struct target *target)
{
	target_protect(t, target, KiB(32), KiB(4), REGION_READ_ONLY);
}

static void unprotect_ninth(struct test *t, struct target *target)
{
	target_protect(t, target, KiB(32), KiB(4), REGION_READ_WRITE);
	check_mapping(t, target, KiB(32), KiB(4), GENERATION(1));
}

SCENARIO("ERR-03.unmapped",
	 "a WRITE over an unmapped page writes nothing after that page", WRITES)
{
	fail_midway(t, unmap_ninth, remap_ninth);
}

SCENARIO("ERR-03.read-only",
	 "a WRITE over a read-only page writes nothing to that page or after it", WRITES)
{
	fail_midway(t, protect_ninth, unprotect_ninth);
}

/*
 * A mapping of bare frames (VM_PFNMAP): mm/gup.c check_vma_flags() refuses to pin it, and
 * mm/hmm.c hmm_vma_walk_test() to fault it in.
 */
SCENARIO("ERR-15",
	 "memory without page structures (a dma-buf) cannot be pinned, and RDMA to it is "
	 "refused",
	 NEEDS(DMABUF, VERBS, ODP, RC_WRITE, RC_READ))
{
	static const enum rdma_opcode ways[] = { RDMA_WRITE, RDMA_READ };
	static const struct per_driver due = REFUSED;
	struct target *buffer;
	enum op_status status;

	expect_errno(t, registration_errno(t, REGION_DMABUF, KiB(64), MR_PINNED), EFAULT);
	buffer = responder_target(t, REGION_DMABUF, KiB(64), MR_ODP);
	target_store(t, buffer, 0, KiB(64), GENERATION(1));
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		status = attempt(t, ways[i], buffer, .generation = GENERATION(2));
		expect_status(t, status, &due);
		reconnect(t);
	}
	check_mapping(t, buffer, 0, KiB(64), GENERATION(1));
}
