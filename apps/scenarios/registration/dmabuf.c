// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * dmabuf.c - DMB: regions that ibv_reg_dmabuf_mr() makes of a dma-buf
 *
 * In the kernel they are on demand: mlx5 maps such a region by the code of its page
 * faults (pagefault_dmabuf_mr() in mlx5/odp.c). The system's heap never moves a buffer,
 * so that no fault is expected after that.
 */
#include <errno.h>

#include "scenario/scenario.h"
#include "testcase/test.h"

#define DMB_NEEDS NEEDS(DMABUF, VERBS, ODP, KERNEL_DRIVER, RC_WRITE, RC_READ)
#define REFUSED	  (&(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR))

#define BUFFER(...)                                   \
	((struct target_spec){ .kind = REGION_DMABUF, \
			       .len = KiB(64),        \
			       .mode = MR_ODP,        \
			       .dmabuf = true,        \
			       ##__VA_ARGS__ })

/* Skips where the driver has no such regions. */
static struct target *buffer(struct test *t, struct target_spec spec)
{
	int ret = (registration_errno)(t, BUFFER());

	if (ret == EOPNOTSUPP)
		test_skip(t, "%s has no regions of dma-bufs (ibv_reg_dmabuf_mr)",
			  t->env->device.name);
	expect_errno(t, ret, 0);
	return (responder_target)(t, spec);
}

#define buffer_target(t, ...) buffer(t, BUFFER(__VA_ARGS__))

/* What is registered of the 64 KiB. */
struct part {
	uint64_t offset, len;
	uint64_t shift; /* remote addresses minus those of the mapping */
};

static void write_and_read(struct test *t, const void *row)
{
	const struct part *part = row;
	struct target *target = buffer_target(t, .mr_offset = part->offset,
					      .mr_len = part->len,
					      .mr_shift = part->shift);
	uint64_t end = part->offset + part->len;

	target_store(t, target, 0, KiB(64), GENERATION(1));
	rdma_read(t, target, part->offset, part->len, GENERATION(1));
	rdma_write(t, target, part->offset, part->len, GENERATION(2));
	check_mapping(t, target, part->offset, part->len, GENERATION(2));
	check_mapping(t, target, 0, part->offset, GENERATION(1));
	check_mapping(t, target, end, KiB(64) - end, GENERATION(1));
	target_store(t, target, 0, KiB(64), GENERATION(3));
	rdma_read(t, target, part->offset, part->len, GENERATION(3));
}

static const struct scenario parts[] = {
	{ "DMB-01", "RDMA by a region of a dma-buf reads and writes the buffer",
	  DMB_NEEDS, write_and_read, &(const struct part){ 0, KiB(64), 0 } },
	{ "DMB-01.pages", "a region of some pages of a dma-buf reaches these pages",
	  DMB_NEEDS, write_and_read, &(const struct part){ KiB(16), KiB(32), 0 } },
	{ "DMB-01.odd",
	  "a region that begins and ends inside pages of a dma-buf reaches its bytes",
	  DMB_NEEDS, write_and_read, &(const struct part){ 1000, 9000, 0 } },
	{ "DMB-01.elsewhere",
	  "a region of a dma-buf is accessed by the addresses that it was registered "
	  "with",
	  DMB_NEEDS, write_and_read, &(const struct part){ KiB(4), KiB(32), GiB(4) } },
};
SCENARIO_FAMILY(parts);

SCENARIO("DMB-01.two", "two regions of one dma-buf reach one part of it each", DMB_NEEDS)
{
	struct target *low = buffer_target(t, .mr_len = KiB(32));
	struct target *high =
		(responder_target)(t, BUFFER(.mr_offset = KiB(32), .mr_len = KiB(32),
					     .same_memory = low->info.id + 1));

	target_store(t, low, 0, KiB(64), GENERATION(1));
	rdma_write(t, low, 0, KiB(32), GENERATION(2));
	check_mapping(t, low, 0, KiB(32), GENERATION(2));
	rdma_write(t, high, KiB(32), KiB(32), GENERATION(3));
	check_mapping(t, high, KiB(32), KiB(32), GENERATION(3));
	check_mapping(t, low, 0, KiB(32), GENERATION(2));
}

SCENARIO("DMB-02.range", "an access outside of a region of a dma-buf is refused",
	 DMB_NEEDS)
{
	struct target *target = buffer_target(t, .mr_offset = KiB(16), .mr_len = KiB(16));

	target_store(t, target, 0, KiB(64), GENERATION(1));
	expect_status(t, attempt(t, RDMA_WRITE, target, KiB(32) - 8, 16, GENERATION(2)),
		      REFUSED);
	reconnect(t);
	expect_status(t, attempt(t, RDMA_READ, target, KiB(16) - 8, 16), REFUSED);
	reconnect(t);
	check_mapping(t, target, 0, KiB(64), GENERATION(1));
	rdma_write(t, target, KiB(16), KiB(16), GENERATION(3));
}

SCENARIO("DMB-02.rights",
	 "WRITE to a region of a dma-buf with remote read only is refused", DMB_NEEDS)
{
	struct target *target = buffer_target(t, .access = MR_READ_ONLY);

	target_store(t, target, 0, KiB(64), GENERATION(1));
	rdma_read(t, target, 0, KiB(64), GENERATION(1));
	expect_status(t, attempt(t, RDMA_WRITE, target, .generation = GENERATION(2)),
		      REFUSED);
	check_mapping(t, target, 0, KiB(64), GENERATION(1));
}

/* A registration that must be refused, and after that one that must not. */
struct bad_buffer {
	enum region_kind kind;
	uint64_t offset, len;
	bool empty;
};

static void refuse_buffer(struct test *t, const void *row)
{
	const struct bad_buffer *bad = row;
	struct target *target = buffer_target(t);

	expect_errno(t,
		     registration_errno(t, bad->kind, KiB(64), MR_ODP, .dmabuf = true,
					.mr_offset = bad->offset, .mr_len = bad->len,
					.mr_empty = bad->empty),
		     EINVAL);
	rdma_write(t, target, 0, KiB(64), GENERATION(1));
	check_mapping(t, target, 0, KiB(64), GENERATION(1));
}

static const struct scenario bad_buffers[] = {
	{ "DMB-03.longer",
	  "a region that is longer than its dma-buf is refused with EINVAL", DMB_NEEDS,
	  refuse_buffer, &(const struct bad_buffer){ REGION_DMABUF, 0, KiB(68) } },
	{ "DMB-03.beyond", "a region after the end of its dma-buf is refused with EINVAL",
	  DMB_NEEDS, refuse_buffer,
	  &(const struct bad_buffer){ REGION_DMABUF, KiB(64), KiB(4) } },
	{ "DMB-03.wraps",
	  "a region of a dma-buf whose offset and length wrap is refused with EINVAL",
	  DMB_NEEDS, refuse_buffer,
	  &(const struct bad_buffer){ REGION_DMABUF, 0 - KiB(4), KiB(8) } },
	{ "DMB-03.empty", "a region of no bytes of a dma-buf is refused with EINVAL",
	  DMB_NEEDS, refuse_buffer,
	  &(const struct bad_buffer){ REGION_DMABUF, .empty = true } },
	{ "DMB-03.file", "a file that is no dma-buf is refused with EINVAL", DMB_NEEDS,
	  refuse_buffer, &(const struct bad_buffer){ REGION_MEMFD, 0, KiB(64) } },
};
SCENARIO_FAMILY(bad_buffers);

SCENARIO("DMB-04", "a region outlives the file of its dma-buf", DMB_NEEDS)
{
	struct target *target = buffer_target(t);

	target_close_file(t, target);
	rdma_write(t, target, 0, KiB(64), GENERATION(1));
	check_mapping(t, target, 0, KiB(64), GENERATION(1));
	target_store(t, target, 0, KiB(64), GENERATION(2));
	rdma_read(t, target, 0, KiB(64), GENERATION(2));
}

SCENARIO("DMB-05", "prefetches of a region of a dma-buf change no data",
	 DMB_NEEDS | NEEDS(PREFETCH))
{
	static const enum mr_advice advices[] = { MR_PREFETCH, MR_PREFETCH_WRITE,
						  MR_PREFETCH_NO_FAULT };
	struct target *target = buffer_target(t);
	uint16_t generation = 1;

	for (size_t i = 0; i < ARRAY_SIZE(advices); i++, generation++) {
		rdma_write(t, target, 0, KiB(64), generation);
		target_prefetch(t, target, 0, KiB(64), advices[i]);
		rdma_read(t, target, 0, KiB(64), generation);
		check_mapping(t, target, 0, KiB(64), generation);
	}
}

SCENARIO("DMB-06", "a region of a dma-buf can be deregistered while it is accessed",
	 DMB_NEEDS)
{
	struct target *target = buffer_target(t);
	enum op_status status;

	each_round(t, n, 8, 1000) {
		target_store(t, target, 0, KiB(64), GENERATION(1));
		attempt_begin(t, RDMA_WRITE, target, .len = KiB(64),
			      .generation = GENERATION(2));
		target_deregister(t, target);
		status = attempt_end(t);
		expect(t, status == OP_SUCCESS || status == OP_REM_ACCESS_ERR,
		       "completed with %s", op_status_name(status));
		check_either(t, target, 0, KiB(64), GENERATION(1), GENERATION(2));
		target_register(t, target);
		reconnect(t);
	}
	rdma_write(t, target, 0, KiB(64), GENERATION(3));
	check_mapping(t, target, 0, KiB(64), GENERATION(3));
}
