// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mixed.c - DAX: with page-cache files in one region, and in one filesystem */
#include "scenario/scenario.h"

/*
 * tests/integration/dax_modes runs this scenario over two files of one filesystem, one of
 * them with FS_XFLAG_DAX (Documentation/filesystems/dax.rst). The files lie 64 KiB apart,
 * as mlx5 invalidates translations by blocks of 32 KiB (MLX5_UMR_MTT_ALIGNMENT,
 * mlx5/umr.c).
 */
SCENARIO("DAX-16",
	 "in a region over a DAX and a page-cache file, fdatasync of one makes only its "
	 "own pages fault",
	 NEEDS(FSDAX, FILE, ODP, RC_WRITE, RC_READ))
{
	enum { AT_DAX = 0, AT_CACHED = 64 * 1024 };
	struct target *place = responder_target(t, REGION_ANON, KiB(128), MR_ODP);
	struct target *local = initiator_target(t, REGION_ANON, KiB(128), MR_PINNED);
	struct target *dax =
		responder_target(t, REGION_FSDAX, KiB(16), MR_ODP, .unregistered = true);
	struct target *cached =
		responder_target(t, REGION_FILE, KiB(16), MR_ODP, .unregistered = true);

	target_map_other_file(t, place, AT_DAX, KiB(16), dax);
	target_map_other_file(t, place, AT_CACHED, KiB(16), cached);
	target_fill_for(t, local, AT_DAX, dax, 0, KiB(16), GENERATION(1));
	target_fill_for(t, local, AT_CACHED, cached, 0, KiB(16), GENERATION(1));
	expect_faults(t, place, EXACTLY(4))
		rdma_write_from(t, local, AT_DAX, place, AT_DAX, KiB(16));
	expect_faults(t, place, EXACTLY(4))
		rdma_write_from(t, local, AT_CACHED, place, AT_CACHED, KiB(16));
	check_file(t, dax, 0, KiB(16), GENERATION(1));
	check_file(t, cached, 0, KiB(16), GENERATION(1));

	target_fdatasync(t, dax);
	expect_faults(t, place, NONE)
		rdma_write_from(t, local, AT_CACHED, place, AT_CACHED, KiB(16));
	expect_faults(t, place, EXACTLY(4))
		rdma_write_from(t, local, AT_DAX, place, AT_DAX, KiB(16));
	target_fdatasync(t, cached);
	expect_faults(t, place, NONE)
		rdma_write_from(t, local, AT_DAX, place, AT_DAX, KiB(16));
	expect_faults(t, place, EXACTLY(4))
		rdma_write_from(t, local, AT_CACHED, place, AT_CACHED, KiB(16));

	target_evict(t, place, 0, KiB(128));
	rdma_read_into(t, local, 0, place, 0, KiB(128));
	check_mapping_for(t, local, AT_DAX, dax, 0, KiB(16), GENERATION(1));
	check_mapping_for(t, local, AT_CACHED, cached, 0, KiB(16), GENERATION(1));
}
