// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* limits.c - REG-09, REG-10: huge regions, and registration in a loop */
#include <inttypes.h>

#include "base/clock.h"
#include "scenario/scenario.h"

/* Eight bytes a page: pfn_list, drivers/infiniband/core/umem_odp.c ib_init_umem_odp(). */
#define LIST_BYTES(len) ((len) / PAGE_BYTES * sizeof(uint64_t))

static uint64_t grown(struct test *t, uint64_t before)
{
	uint64_t now = kernel_memory(t);

	return now > before ? now - before : 0;
}

static void register_sparse(struct test *t, const void *row)
{
	const uint64_t *len = row;
	struct target *sparse =
		responder_target(t, REGION_ANON, *len, MR_ODP, .unregistered = true);
	uint64_t before = kernel_memory(t), begin = clock_ns(), cost, msec;

	target_register(t, sparse);
	msec = (clock_ns() - begin) / NSEC_PER_MSEC;
	cost = grown(t, before);
	test_note(t,
		  "registered in %" PRIu64 " ms, with %" PRIu64 " KiB of kernel memory",
		  msec, cost / 1024);
	expect(t, cost >= LIST_BYTES(*len) / 2, "only %" PRIu64 " bytes of kernel memory",
	       cost);
	rdma_write(t, sparse, 0, KiB(16), GENERATION(1));
	rdma_write(t, sparse, *len - KiB(16), KiB(16), GENERATION(2));
	rdma_write(t, sparse, *len / 2 - KiB(8), KiB(16), GENERATION(3));
	check_mapping(t, sparse, 0, KiB(16), GENERATION(1));
	check_mapping(t, sparse, *len - KiB(16), KiB(16), GENERATION(2));
	check_mapping(t, sparse, *len / 2 - KiB(8), KiB(16), GENERATION(3));
	target_deregister(t, sparse);
	expect(t, grown(t, before) <= cost / 4,
	       "%" PRIu64 " of %" PRIu64 " bytes are not freed", grown(t, before), cost);
}

static const struct scenario sparse[] = {
	{ "REG-09.3-gib", "a region of 3 GiB, beyond 31 bits, is reached at both ends",
	  NEEDS(LARGE_ODP, ODP, VERBS, KERNEL_DRIVER, RC_WRITE), register_sparse,
	  &(const uint64_t){ GiB(3) } },
	{ "REG-09.5-gib", "a region of 5 GiB, beyond 32 bits, is reached at both ends",
	  NEEDS(LARGE_ODP, ODP, VERBS, KERNEL_DRIVER, RC_WRITE), register_sparse,
	  &(const uint64_t){ GiB(5) } },
	{ "REG-09.64-gib",
	  "a region of 64 GiB is reached at both ends, and deregistration frees its page "
	  "list",
	  NEEDS(LARGE_ODP, ODP, VERBS, KERNEL_DRIVER, RC_WRITE), register_sparse,
	  &(const uint64_t){ GiB(64) } },
};
SCENARIO_FAMILY(sparse);

/* Enough to let caches of the driver and the allocator fill. */
#define WARM_UP 64
/* If each registration leaks only its page list, the sum exceeds the noise. */
#define LEN   MiB(4)
#define NOISE MiB(2)

SCENARIO("REG-10", "registering and deregistering in a loop leaks no kernel memory",
	 NEEDS(ODP, KERNEL_DRIVER, RC_WRITE))
{
	struct target *target =
		responder_target(t, REGION_ANON, LEN, MR_ODP, .unregistered = true);
	uint64_t rounds = test_iterations(t, 1000, 10000), before = 0;

	for (uint64_t round = 0; round < WARM_UP + rounds; round++) {
		if (round == WARM_UP)
			before = kernel_memory(t);
		target_register(t, target);
		target_deregister(t, target);
	}
	test_note(t, "%" PRIu64 " registrations, the kernel holds %" PRIu64 " KiB more",
		  rounds, grown(t, before) / 1024);
	expect(t, grown(t, before) <= NOISE, "the kernel holds %" PRIu64 " bytes more",
	       grown(t, before));
	target_register(t, target);
	expect_faults(t, target, EXACTLY(4))
		rdma_write(t, target, 0, KiB(16), GENERATION(1));
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
}

/* All that an IOMMU with 39 bits of addresses has for a device. */
#define WIDE_REGIONS 8
#define WIDE	     GiB(64)

/* At both ends, and with other pages than before. */
static void use_ends(struct test *t, struct target *target, uint64_t len)
{
	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	rdma_write(t, target, len - KiB(16), KiB(16), GENERATION(2));
	target_evict(t, target, 0, KiB(16));
	rdma_read(t, target, 0, KiB(16), ZEROS);
	rdma_write(t, target, KiB(4), KiB(4), GENERATION(3));
	check_mapping(t, target, 0, KiB(4), ZEROS);
	check_mapping(t, target, KiB(4), KiB(4), GENERATION(3));
	check_mapping(t, target, len - KiB(16), KiB(16), GENERATION(2));
}

/*
 * hmm_dma_map_alloc() (mm/hmm.c) takes a range of the IOMMU's addresses for each region,
 * and, where none is left, an address for each page as it is mapped (dma_list).
 */
SCENARIO("REG-16",
	 "data moves through each of 512 GiB of regions, and through one more for which "
	 "an "
	 "IOMMU may have no range of addresses left",
	 NEEDS(LARGE_ODP, ODP, VERBS, LONG_RUN, RC_WRITE, RC_READ))
{
	struct target *wide[WIDE_REGIONS], *more;

	for (unsigned int i = 0; i < WIDE_REGIONS; i++)
		wide[i] = responder_target(t, REGION_ANON, WIDE, MR_ODP);
	more = responder_target(t, REGION_ANON, KiB(128), MR_ODP);
	for (unsigned int i = 0; i < WIDE_REGIONS; i++)
		use_ends(t, wide[i], WIDE);
	use_ends(t, more, KiB(128));
}
