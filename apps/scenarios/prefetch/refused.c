// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* refused.c - PF-08: prefetches that are refused, and the state after them */
#include <errno.h>

#include "scenario/scenario.h"

#define RANGE KiB(32)

static void unmap(struct test *t, struct target *target)
{
	target_unmap(t, target, 0, RANGE);
}

static void remap(struct test *t, struct target *target)
{
	target_remap(t, target, 0, RANGE);
}

static void forbid(struct test *t, struct target *target)
{
	target_protect(t, target, 0, RANGE, REGION_NO_ACCESS);
}

static void forbid_writing(struct test *t, struct target *target)
{
	target_protect(t, target, 0, RANGE, REGION_READ_ONLY);
}

static void allow(struct test *t, struct target *target)
{
	target_protect(t, target, 0, RANGE, REGION_READ_WRITE);
}

struct refused {
	void (*revoke)(struct test *t, struct target *target);
	void (*repair)(struct test *t, struct target *target);
	enum mr_advice advice;
	int error;
};

static void refuse(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct refused *r = row;

	r->revoke(t, target);
	expect_errno(t, advise_errno(t, target, 0, RANGE, r->advice), r->error);
	r->repair(t, target);
	expect_faults(t, target, EXACTLY(8))
		rdma_write(t, target, 0, RANGE, GENERATION(1));
	check_mapping(t, target, 0, RANGE, GENERATION(1));
}

#define REFUSED(word, about_, ...)                             \
	{                                                      \
		.id = "PF-08." word,                           \
		.about = about_,                               \
		.needs = NEEDS(REGION, PREFETCH, RC_WRITE),    \
		.run = refuse,                                 \
		.row = &(const struct refused){ __VA_ARGS__ }, \
	}

static const struct scenario refusals[] = {
	REFUSED("unmapped-read", "a prefetch for reading of unmapped memory is refused",
		unmap, remap, MR_PREFETCH, EFAULT),
	REFUSED("unmapped-write", "a prefetch for writing of unmapped memory is refused",
		unmap, remap, MR_PREFETCH_WRITE, EFAULT),
	REFUSED("unmapped-no-fault",
		"a no-fault prefetch of unmapped memory maps nothing and returns success",
		unmap, remap, MR_PREFETCH_NO_FAULT, 0),
	REFUSED("no-access-read",
		"a prefetch for reading of memory with PROT_NONE is refused", forbid,
		allow, MR_PREFETCH, EFAULT),
	REFUSED("no-access-write",
		"a prefetch for writing of memory with PROT_NONE is refused", forbid,
		allow, MR_PREFETCH_WRITE, EFAULT),
	REFUSED("read-only-write",
		"a prefetch for writing of memory with PROT_READ is refused",
		forbid_writing, allow, MR_PREFETCH_WRITE, EPERM),
};
SCENARIO_FAMILY(refusals);

SCENARIO("PF-08.unmapped-async",
	 "an asynchronous prefetch of unmapped memory returns success",
	 NEEDS(REGION, PREFETCH, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	unmap(t, target);
	expect_errno(t,
		     advise_errno(t, target, 0, RANGE, MR_PREFETCH_WRITE, .async = true),
		     0);
	remap(t, target);
	rdma_write(t, target, 0, RANGE, GENERATION(1));
	check_mapping(t, target, 0, RANGE, GENERATION(1));
}

SCENARIO("PF-08.read-only-read",
	 "after a prefetch for reading of memory with PROT_READ, READ does not fault",
	 NEEDS(REGION, PREFETCH, RC_READ))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	forbid_writing(t, target);
	expect_faults(t, target, EXACTLY(8))
		target_prefetch(t, target, 0, RANGE, MR_PREFETCH);
	expect_faults(t, target, NONE)
		rdma_read(t, target, 0, RANGE, ZEROS);
}

/* A range of the mapping that is partly outside of the region. */
struct outside {
	uint64_t offset, len;
};

static void advise_outside(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
						 .mr_offset = KiB(16), .mr_len = KiB(16));
	const struct outside *range = row;

	for (enum mr_advice advice = MR_PREFETCH; advice <= MR_PREFETCH_NO_FAULT;
	     advice++)
		expect_errno(t,
			     advise_errno(t, target, range->offset, range->len, advice),
			     EFAULT);
	expect_faults(t, target, EXACTLY(4))
		rdma_write(t, target, KiB(16), KiB(16), GENERATION(1));
}

static const struct scenario outsides[] = {
	{ "PF-08.before", "a prefetch that begins before the region is refused",
	  NEEDS(REGION, PREFETCH, RC_WRITE), advise_outside,
	  &(const struct outside){ KiB(12), KiB(8) } },
	{ "PF-08.behind", "a prefetch that ends after the region is refused",
	  NEEDS(REGION, PREFETCH, RC_WRITE), advise_outside,
	  &(const struct outside){ KiB(28), KiB(8) } },
};
SCENARIO_FAMILY(outsides);

#define KEY_REASON                                                                 \
	"mlx5 distinguishes an unknown key from one without the right, soft-RoCE " \
	"reports both as an invalid argument"

SCENARIO("PF-08.key", "a prefetch with a key of no region is refused",
	 NEEDS(REGION, PREFETCH, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	int error = advise_errno(t, target, 0, RANGE, MR_PREFETCH_WRITE,
				 .key = target_lkey(target) ^ 0x00700000);

	expect_errno_here(t, error,
			  &(const struct errno_per_driver){
				  .rxe = EINVAL, .mlx5 = ENOENT, .reason = KEY_REASON });
	expect_faults(t, target, EXACTLY(8))
		rdma_write(t, target, 0, RANGE, GENERATION(1));
}

SCENARIO("PF-08.key-foreign",
	 "a prefetch with a key of another protection domain is refused",
	 NEEDS(REGION, PREFETCH, VERBS))
{
	struct target *target =
		responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP, .other_pd = true);
	int error = advise_errno(t, target, 0, RANGE, MR_PREFETCH_WRITE);

	expect_errno_here(t, error,
			  &(const struct errno_per_driver){
				  .rxe = EINVAL, .mlx5 = EPERM, .reason = KEY_REASON });
}

#define RIGHT_REASON "soft-RoCE demands local write of the key for every advice"

SCENARIO("PF-08.read-only-region",
	 "a region with remote read only refuses a prefetch for writing; mlx5 prefetches "
	 "it for reading",
	 NEEDS(REGION, PREFETCH, RC_READ))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
						 .access = MR_READ_ONLY);
	static const struct errno_per_driver reading = { .rxe = EINVAL,
							 .mlx5 = 0,
							 .reason = RIGHT_REASON };
	static const struct errno_per_driver writing = { .rxe = EINVAL,
							 .mlx5 = EPERM,
							 .reason = RIGHT_REASON };
	static const struct faults_per_driver later = { .rxe = { 8, 8 },
							.mlx5 = { 0, 0 } };

	expect_errno_here(t, advise_errno(t, target, 0, RANGE, MR_PREFETCH_WRITE),
			  &writing);
	expect_errno_here(t, advise_errno(t, target, 0, RANGE, MR_PREFETCH), &reading);
	expect_faults_here(t, target, &later)
		rdma_read(t, target, 0, RANGE, ZEROS);
}
