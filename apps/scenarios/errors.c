// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* errors.c - ERR: faults that cannot be served, and life after them */
#include "run/scenario.h"

/*
 * What is done to the target's first 16 KiB, and how READ and WRITE of it must end then.
 */
typedef void spoil_fn(struct test *t, struct target *target);

static void unmap(struct test *t, struct target *target)
{
	target_unmap(t, target, 0, KiB(16));
}

static void forbid(struct test *t, struct target *target)
{
	target_protect(t, target, 0, KiB(16), REGION_NO_ACCESS);
}

static void forbid_writing(struct test *t, struct target *target)
{
	target_protect(t, target, 0, KiB(16), REGION_READ_ONLY);
}

struct refusal {
	spoil_fn *spoil;
	struct per_driver read, write;
};

static void refuse(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct refusal *refusal = row;
	enum op_status status;

	expect_faults(t, target, EXACTLY(8))
		rdma_write(t, target, 0, KiB(32), GENERATION(1));
	refusal->spoil(t, target);
	status = rdma_read_status(t, target, 0, KiB(4));
	expect_status(t, status, &refusal->read);
	reconnect(t);
	status = rdma_write_status(t, target, 0, KiB(4), GENERATION(2));
	expect_status(t, status, &refusal->write);
	reconnect(t);
	/* the rest of the region is none the worse for it */
	rdma_write(t, target, KiB(16), KiB(16), GENERATION(2));
	check_mapping(t, target, KiB(16), KiB(16), GENERATION(2));
}

#define READ_ONLY_REASON                                                                \
	"mlx5 faults for writing whenever the region is writable, so that a read-only " \
	"mapping refuses its READ too; soft-RoCE asks for what the operation needs"

static const struct scenario refusals[] = {
	{ "ERR-01.unmapped", "access to remote memory that was unmapped is refused",
	  NEEDS(REGION, RC_WRITE, RC_READ), refuse,
	  &(const struct refusal){ unmap,
				   .read = { OP_REM_ACCESS_ERR, OP_REM_ACCESS_ERR },
				   .write = { OP_REM_ACCESS_ERR, OP_REM_ACCESS_ERR } } },
	{ "ERR-01.no-access", "access to remote memory without any permission is refused",
	  NEEDS(REGION, RC_WRITE, RC_READ), refuse,
	  &(const struct refusal){ forbid,
				   .read = { OP_REM_ACCESS_ERR, OP_REM_ACCESS_ERR },
				   .write = { OP_REM_ACCESS_ERR, OP_REM_ACCESS_ERR } } },
	{ "ERR-01.read-only", "RDMA WRITE to remote memory that is read-only is refused",
	  NEEDS(REGION, RC_WRITE, RC_READ), refuse,
	  &(const struct refusal){
		  forbid_writing,
		  .read = { OP_SUCCESS, OP_REM_ACCESS_ERR, READ_ONLY_REASON },
		  .write = { OP_REM_ACCESS_ERR, OP_REM_ACCESS_ERR } } },
};
SCENARIO_FAMILY(refusals);

SCENARIO("ERR-01.mapped-read-only",
	 "a writable region over a read-only mapping can be registered, "
	 "but not written",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file =
		responder_target(t, REGION_FSDAX, KiB(64), MR_ODP, .read_only = true);
	enum op_status status;

	target_fill(t, file, 0, KiB(64), GENERATION(1));
	status = rdma_write_status(t, file, 0, KiB(4), GENERATION(2));
	expect_status(t, status,
		      &(const struct per_driver){ OP_REM_ACCESS_ERR, OP_REM_ACCESS_ERR });
	reconnect(t);
	status = rdma_read_status(t, file, 0, KiB(4));
	expect_status(t, status,
		      &(const struct per_driver){ OP_SUCCESS, OP_REM_ACCESS_ERR,
						  READ_ONLY_REASON });
	check_file(t, file, 0, KiB(64), GENERATION(1));
}

SCENARIO("ERR-09",
	 "a region works again when its memory is mapped again, on a new queue pair",
	 NEEDS(REGION, RC_WRITE, RC_READ))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	target_unmap(t, target, 0, KiB(16));
	status = rdma_write_status(t, target, 0, KiB(4), GENERATION(2));
	expect_status(t, status,
		      &(const struct per_driver){ OP_REM_ACCESS_ERR, OP_REM_ACCESS_ERR });
	reconnect(t);
	target_remap(t, target, 0, KiB(16));
	expect_faults(t, target, EXACTLY(4))
		rdma_write(t, target, 0, KiB(16), GENERATION(3));
	check_mapping(t, target, 0, KiB(16), GENERATION(3));
}
