// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * dynamic.c - MLX: Dynamically Connected transport (DC)
 *
 * Its transfers are in data_path/operations.c.
 */
#include "scenario/scenario.h"

SCENARIO("MLX-02.atomic", "a FETCH_ADD over DC to a cold page adds once",
	 NEEDS(REGION, DC_ATOMIC))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	uint64_t old = 1;

	use_queue_pair(t, QUEUE_PAIR(.type = QP_DC));
	expect_faults(t, cold, EXACTLY(1))
		old = rdma_fetch_add(t, cold, 8, 3);
	expect(t, old == 0, "a cold page held %" PRIu64 ", expected 0", old);
	check_word(t, cold, 8, 3);
	check_mapping(t, cold, 16, KiB(60), ZEROS);
}

SCENARIO("MLX-02.row", "of 8 cold receives each SEND over DC consumes the oldest",
	 NEEDS(FSDAX, DC_SEND, DC_SRQ))
{
	struct target *sink = responder_target(t, REGION_FSDAX, KiB(128), MR_ODP);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(128), MR_ODP);

	use_queue_pair(t, QUEUE_PAIR(.type = QP_DC));
	target_fill_for(t, source, 0, sink, 0, KiB(64), GENERATION(1));
	expect_faults(t, source, EXACTLY(16))
		expect_faults(t, sink, EXACTLY(16))
			rdma_send_in_a_row(t, 8, source, 0, sink, 0, KiB(8));
	check_mapping(t, sink, 0, KiB(64), GENERATION(1));
	check_mapping(t, sink, KiB(64), KiB(64), ZEROS);
}

SCENARIO("MLX-02.key", "a DC target drops requests with a wrong DC access key",
	 NEEDS(REGION, DC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	use_queue_pair(t, QUEUE_PAIR(.type = QP_DC, .wrong_key = true,
				     .gives_up_soon = true));
	expect_faults(t, cold, NONE)
		expect_status(t, rdma_write_status(t, cold, 0, KiB(4), GENERATION(1)),
			      &(const struct per_driver)EVERY_DRIVER(OP_RETRY_EXC_ERR));
	check_mapping(t, cold, 0, KiB(64), ZEROS);
	use_queue_pair(t, QUEUE_PAIR(.type = QP_DC));
	rdma_write(t, cold, 0, KiB(4), GENERATION(2));
	check_mapping(t, cold, 0, KiB(4), GENERATION(2));
}
