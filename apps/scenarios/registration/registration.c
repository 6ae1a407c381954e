// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* registration.c - REG: what can be registered, pinned and with ODP */
#include <errno.h>

#include "scenario/scenario.h"

SCENARIO(
	"REG-02",
	"a pinned registration of an fsdax file is refused; an ODP registration succeeds",
	NEEDS(FSDAX, PINNED, ODP))
{
	expect_errno(t, registration_errno(t, REGION_FSDAX, KiB(64), MR_PINNED),
		     EOPNOTSUPP);
	expect_errno(t,
		     registration_errno(t, REGION_FSDAX, KiB(64), MR_PINNED,
					.access = MR_READ_ONLY),
		     EOPNOTSUPP);
	expect_errno(t, registration_errno(t, REGION_FSDAX, KiB(64), MR_ODP), 0);
}

SCENARIO("REG-03", "a DAX device can be registered pinned, and then never faults",
	 NEEDS(PINNED, DEVDAX))
{
	struct target *device = responder_target(t, REGION_DEVDAX, MiB(2), MR_PINNED);

	expect_faults(t, device, NONE)
		rdma_write(t, device, 0, KiB(64), GENERATION(1));
	check_mapping(t, device, 0, KiB(64), GENERATION(1));
}

/* A long-term pin of a page-cache page would lose track of its dirtying: mm/gup.c. */
SCENARIO("REG-04.file", "a pinned writable registration of a page-cache file is refused",
	 NEEDS(FILE, PINNED, ODP))
{
	expect_errno(t, registration_errno(t, REGION_FILE, KiB(64), MR_PINNED), EFAULT);
	expect_errno(t, registration_errno(t, REGION_FILE, KiB(64), MR_ODP), 0);
}

SCENARIO("REG-04.tmpfs",
	 "a pinned writable registration of a tmpfs file succeeds, as tmpfs tracks no "
	 "dirty pages",
	 NEEDS(PINNED, ODP))
{
	struct target *pinned = responder_target(t, REGION_TMPFS, KiB(64), MR_PINNED);

	expect_faults(t, pinned, NONE)
		rdma_write(t, pinned, 0, KiB(64), GENERATION(1));
	check_mapping(t, pinned, 0, KiB(64), GENERATION(1));
}

SCENARIO("REG-05",
	 "ODP can be registered over a hole, and works once memory is mapped there",
	 NEEDS(REGION, RC_WRITE, RC_READ))
{
	struct target *hole =
		responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP, .hole = true);

	target_map(t, hole);
	expect_faults(t, hole, AT_LEAST(1))
		rdma_write(t, hole, 0, KiB(8), GENERATION(1));
	check_mapping(t, hole, 0, KiB(8), GENERATION(1));
	rdma_read(t, hole, KiB(8), KiB(4), ZEROS);
}

SCENARIO("REG-05.pinned", "a pinned registration over a hole is refused",
	 NEEDS(PINNED, ODP))
{
	expect_errno(t,
		     registration_errno(t, REGION_ANON, KiB(64), MR_PINNED, .hole = true),
		     EFAULT);
}

/* Lengths at the limits of registration. */
struct odd_length {
	uint64_t len;
	int error;
};

static void register_odd_length(struct test *t, const void *row)
{
	const struct odd_length *odd = row;

	expect_errno(t,
		     registration_errno(t, REGION_ANON, KiB(64), MR_ODP,
					.mr_len = odd->len),
		     odd->error);
}

static const struct scenario odd_lengths[] = {
	{ "REG-06.one-byte", "a region of one byte can be registered", NEEDS(ODP),
	  register_odd_length, &(const struct odd_length){ 1, 0 } },
	{ "REG-06.wrap", "a range that wraps around the address space is refused",
	  NEEDS(LARGE_ODP, ODP), register_odd_length,
	  &(const struct odd_length){ UINT64_MAX - KiB(8), EOVERFLOW } },
};
SCENARIO_FAMILY(odd_lengths);

SCENARIO("REG-06.zero", "a region of length 0 is refused", NEEDS(VERBS, ODP))
{
	expect_errno(
		t, registration_errno(t, REGION_ANON, KiB(64), MR_ODP, .mr_empty = true),
		EINVAL);
}

SCENARIO("REG-07", "an ODP registration pins nothing and works with RLIMIT_MEMLOCK 0",
	 NEEDS(PINNED, RC_WRITE, RC_SEND))
{
	struct target *source, *target;
	uint64_t pinned;

	drop_ipc_lock(t);
	pinned = pinned_bytes(t);
	limit_memlock(t, KiB(64));
	expect_errno(t, registration_errno(t, REGION_ANON, MiB(1), MR_PINNED), ENOMEM);
	limit_memlock(t, 0);
	expect_errno(t, registration_errno(t, REGION_ANON, MiB(1), MR_PINNED), EPERM);
	target = responder_target(t, REGION_ANON, MiB(1), MR_ODP);
	source = initiator_target(t, REGION_ANON, MiB(1), MR_ODP);
	target_fill_for(t, source, 0, target, 0, KiB(16), GENERATION(1));
	expect_faults(t, target, EXACTLY(4))
		rdma_write_from(t, source, 0, target, 0, KiB(16));
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
	expect(t, pinned_bytes(t) == pinned,
	       "%llu bytes are pinned or locked, %llu were before",
	       (unsigned long long)pinned_bytes(t), (unsigned long long)pinned);
}

SCENARIO("REG-12",
	 "a region can be registered with an iova that differs from its address",
	 NEEDS(FSDAX, RC_WRITE, RC_READ, VERBS))
{
	struct target *file =
		responder_target(t, REGION_FSDAX, KiB(64), MR_ODP, .mr_shift = KiB(16));

	rdma_write(t, file, 0, KiB(16), GENERATION(1));
	check_file(t, file, 0, KiB(16), GENERATION(1));
	check_file(t, file, KiB(16), KiB(48), ZEROS);
	rdma_read(t, file, 0, KiB(16), GENERATION(1));
}
