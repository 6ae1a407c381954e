// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * pieces.c - REG-15: large regions, whose translations are written in pieces
 *
 * mlx5 writes the translations of 512 MiB at once, or of 32 or 2 MiB where memory is
 * fragmented (mlx5r_umr_alloc_xlt() in mlx5/umr.c). Untouched pages have no
 * translation, also where the piece before them has one.
 */
#include "scenario/scenario.h"

#define BEGINNING      KiB(64)
#define MAPPED_BY_BYTE (PAGE_BYTES / 8) /* a translation has 8 bytes */

/*
 * Where a second piece begins, if the first is of 4 KiB, 64 KiB, or a MiB but for 64
 * bytes.
 */
static const uint64_t second_piece[] = {
	KiB(4) * MAPPED_BY_BYTE,
	KiB(64) * MAPPED_BY_BYTE,
	(MiB(1) - 64) * MAPPED_BY_BYTE,
};

/* 1 GiB, of which only the beginning has pages. */
static struct target *large_target(struct test *t)
{
	struct target *memory =
		responder_target(t, REGION_ANON, GiB(1), MR_ODP, .unregistered = true);

	target_store(t, memory, 0, BEGINNING, GENERATION(1));
	return memory;
}

static void reads_as_zeros(struct test *t, struct target *memory)
{
	for (size_t i = 0; i < ARRAY_SIZE(second_piece); i++)
		expect_faults(t, memory, AT_LEAST(1))
			rdma_read(t, memory, second_piece[i], BEGINNING, ZEROS);
}

SCENARIO("REG-15.read",
	 "the rest of a large region reads zeros after its beginning was mapped",
	 NEEDS(LARGE_ODP, ODP, RC_READ))
{
	struct target *memory = large_target(t);

	target_register(t, memory);
	rdma_read(t, memory, 0, BEGINNING, GENERATION(1));
	reads_as_zeros(t, memory);
}

SCENARIO("REG-15.write", "a WRITE far into a large region does not reach its beginning",
	 NEEDS(LARGE_ODP, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = large_target(t);
	uint16_t generation = 2;

	target_register(t, memory);
	for (size_t i = 0; i < ARRAY_SIZE(second_piece); i++, generation++) {
		rdma_write(t, memory, second_piece[i], BEGINNING, generation);
		check_mapping(t, memory, 0, BEGINNING, GENERATION(1));
		check_mapping(t, memory, second_piece[i], BEGINNING, generation);
	}
}

SCENARIO("REG-15.prefetch",
	 "after a no-fault prefetch of a 1 GiB region its untouched pages still fault "
	 "and read zeros",
	 NEEDS(LARGE_ODP, PREFETCH, ODP, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, GiB(1), MR_ODP);

	target_store(t, memory, 0, BEGINNING, GENERATION(1));
	target_prefetch(t, memory, 0, GiB(1), MR_PREFETCH_NO_FAULT);
	rdma_read(t, memory, 0, BEGINNING, GENERATION(1));
	reads_as_zeros(t, memory);
}

/*
 * An entry that was left over from the beginning leads to its pages, also after the
 * kernel has given them to another owner: no invalidation clears it, as the list of the
 * region's pages does not have it.
 */
SCENARIO("REG-15.evicted",
	 "after the beginning of a large region is freed its untouched rest reads zeros",
	 NEEDS(LARGE_ODP, ODP, RC_READ))
{
	struct target *memory = large_target(t);

	target_register(t, memory);
	target_evict(t, memory, 0, BEGINNING);
	target_store(t, memory, BEGINNING, BEGINNING, GENERATION(2));
	reads_as_zeros(t, memory);
}

/*
 * Translations are written in blocks of eight (mlx5r_umr_update_xlt() in mlx5/umr.c): the
 * last block of a prefetch that ends in its middle has entries of pages after it.
 */
SCENARIO("REG-15.tail",
	 "pages right after a prefetch of 512 MiB still fault and read zeros",
	 NEEDS(LARGE_ODP, PREFETCH, ODP, RC_READ))
{
	struct target *memory = large_target(t);
	uint64_t last = second_piece[ARRAY_SIZE(second_piece) - 1];

	target_register(t, memory);
	target_prefetch(t, memory, 0, last + PAGE_BYTES, MR_PREFETCH);
	expect_faults(t, memory, EXACTLY(4))
		rdma_read(t, memory, last + 2 * PAGE_BYTES, 4 * PAGE_BYTES, ZEROS);
}
