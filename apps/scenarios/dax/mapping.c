// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mapping.c - DAX: what one fault maps, a page or a huge one */
#include "scenario/scenario.h"

/*
 * One page of it is registered, so that the device can take no other page along: what
 * else is mapped then is the kernel's choice.
 */
static struct target *one_page(struct test *t, struct target *target, uint64_t offset)
{
	return target_second_mr(t, target, offset, KiB(4), MR_READ_WRITE);
}

static struct target *unregistered(struct test *t, struct target_spec spec)
{
	spec.unregistered = true;
	return (responder_target)(t, spec);
}

/*
 * Returns how many pages the CPU's page table has, of the 2 MiB around it, after one
 * fault.
 */
static uint64_t pages_of_a_fault(struct test *t, struct target *target, uint64_t offset)
{
	struct target *page = one_page(t, target, offset);
	uint64_t begin = round_down(offset, MiB(2));

	expect_faults(t, page, EXACTLY(1))
		rdma_write(t, page, offset, KiB(4), GENERATION(1));
	return target_resident(t, target, begin,
			       size_min(MiB(2), target_len(target) - begin));
}

/*
 * A file that one fault maps by a huge page; skips where the filesystem cannot do that.
 */
static struct target *huge_file(struct test *t)
{
	struct target *file = unregistered(t, TARGET_SPEC(REGION_FSDAX, MiB(4), MR_ODP));
	uint64_t pages;

	target_allocate(t, file, 0, MiB(4));
	expect(t, target_allocated(t, file) >= MiB(4), "only %llu bytes allocated",
	       (unsigned long long)target_allocated(t, file));
	pages = pages_of_a_fault(t, file, 0);
	if (pages == 1)
		test_skip(t, "the filesystem gave no 2 MiB extent that is aligned on the "
			     "media");
	expect(t, pages == MiB(2) / PAGE_BYTES, "%llu pages are mapped, expected 512",
	       (unsigned long long)pages);
	check_file(t, file, 0, KiB(4), GENERATION(1));
	target_register(t, file);
	return file;
}

SCENARIO("DAX-04", "one fault in an allocated, 2 MiB aligned file maps the whole 2 MiB",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *file = huge_file(t);

	rdma_write(t, file, MiB(1), KiB(256), GENERATION(1));
	check_mapping(t, file, MiB(1), KiB(256), GENERATION(1));
}

SCENARIO("DAX-04.evict",
	 "after part of a 2 MiB mapping is evicted, no data of it is lost or stale",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = huge_file(t);

	rdma_write(t, file, 0, KiB(64), GENERATION(2));
	target_evict(t, file, KiB(16), KiB(4));
	target_fill(t, file, KiB(16), KiB(4), GENERATION(3));
	expect_faults(t, file, AT_LEAST(1))
		rdma_read(t, file, KiB(16), KiB(4), GENERATION(3));
	rdma_read(t, file, 0, KiB(16), GENERATION(2));
	rdma_read(t, file, KiB(20), KiB(44), GENERATION(2));
}

SCENARIO("DAX-18",
	 "a page inside a 2 MiB mapping can be made read-only; the pages around it stay "
	 "writable",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *file = huge_file(t);
	enum op_status status;

	rdma_write(t, file, 0, KiB(64), GENERATION(2));
	target_protect(t, file, KiB(32), KiB(4), REGION_READ_ONLY);
	status = rdma_write_status(t, file, KiB(32), KiB(4), GENERATION(3));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	rdma_write(t, file, 0, KiB(32), GENERATION(3));
	rdma_write(t, file, KiB(36), KiB(28), GENERATION(3));
	check_file(t, file, 0, KiB(32), GENERATION(3));
	check_file(t, file, KiB(32), KiB(4), GENERATION(2));
	check_file(t, file, KiB(36), KiB(28), GENERATION(3));
}

/*
 * Causes for which a fault does not map 2 MiB: fs/dax.c, dax_fault_check_fallback(). Each
 * row has one of the causes, and nothing else that differs from huge_file().
 */
typedef void arrange_fn(struct test *t, struct target *file);

struct fallback {
	struct target_spec spec;
	arrange_fn *arrange;
	uint64_t offset; /* of the page that is written */
};

static void allocate(struct test *t, struct target *file)
{
	target_allocate(t, file, 0, target_len(file));
}

static void allocate_every_other_page(struct test *t, struct target *file)
{
	for (uint64_t offset = 0; offset < MiB(2); offset += KiB(8))
		target_allocate(t, file, offset, KiB(4));
}

static void allocate_and_cut(struct test *t, struct target *file)
{
	target_allocate(t, file, 0, MiB(2));
	target_truncate(t, file, MiB(1));
}

static void fall_back(struct test *t, const void *row)
{
	const struct fallback *fallback = row;
	struct target *file;
	uint64_t pages;

	huge_file(t); /* skips where all mappings have 4 KiB */
	file = unregistered(t, fallback->spec);
	fallback->arrange(t, file);
	pages = pages_of_a_fault(t, file, fallback->offset);
	expect(t, pages == 1, "%llu pages are mapped, expected 1",
	       (unsigned long long)pages);
	check_file(t, file, fallback->offset, KiB(4), GENERATION(1));
}

static const struct scenario fallbacks[] = {
	{ "DAX-05.unaligned",
	  "a fault in a mapping that is not 2 MiB aligned in its file maps 4 KiB",
	  NEEDS(FSDAX, RC_WRITE), fall_back,
	  &(const struct fallback){ { .kind = REGION_FSDAX,
				      .len = MiB(4),
				      .mode = MR_ODP,
				      .file_offset = KiB(4) },
				    allocate,
				    0 } },
	{ "DAX-05.fragmented", "a fault in a file with scattered blocks maps 4 KiB",
	  NEEDS(FSDAX, RC_WRITE), fall_back,
	  &(const struct fallback){
		  { .kind = REGION_FSDAX, .len = MiB(2), .mode = MR_ODP },
		  allocate_every_other_page,
		  0 } },
	{ "DAX-05.end-of-file",
	  "a fault in a 2 MiB range that the end of the file cuts short maps 4 KiB",
	  NEEDS(FSDAX, RC_WRITE), fall_back,
	  &(const struct fallback){
		  { .kind = REGION_FSDAX, .len = MiB(2), .mode = MR_ODP },
		  allocate_and_cut,
		  KiB(512) } },
	{ "DAX-05.end-of-mapping",
	  "a fault in a 2 MiB range that the end of the mapping cuts short maps 4 KiB",
	  NEEDS(FSDAX, RC_WRITE), fall_back,
	  &(const struct fallback){
		  { .kind = REGION_FSDAX, .len = MiB(3), .mode = MR_ODP },
		  allocate,
		  MiB(2) } },
};
SCENARIO_FAMILY(fallbacks);

SCENARIO("DAX-05.private",
	 "a fault in a private mapping copies 4 KiB, also over a 2 MiB extent",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *private;
	uint64_t pages;

	huge_file(t);
	private = unregistered(t, TARGET_SPEC(REGION_FSDAX_PRIVATE, MiB(2), MR_ODP));
	target_allocate(t, private, 0, MiB(2));
	pages = pages_of_a_fault(t, private, 0);
	expect(t, pages == 1, "%llu pages are mapped, expected 1",
	       (unsigned long long)pages);
	check_mapping(t, private, 0, KiB(4), GENERATION(1));
	check_file(t, private, 0, KiB(4), ZEROS);
}

SCENARIO("DAX-15.align",
	 "one fault in a devdax region maps as much as the alignment of the device",
	 NEEDS(DEVDAX, RC_WRITE))
{
	struct target *device =
		unregistered(t, TARGET_SPEC(REGION_DEVDAX, MiB(2), MR_ODP));
	uint64_t unit = target_page_bytes(device) / PAGE_BYTES, pages;

	pages = pages_of_a_fault(t, device, 0);
	expect(t, pages == unit, "%llu pages are mapped, expected %llu",
	       (unsigned long long)pages, (unsigned long long)unit);
	check_file(t, device, 0, KiB(4), GENERATION(1));
	target_register(t, device);
	rdma_write(t, device, MiB(2) - KiB(64), KiB(64), GENERATION(2));
	check_mapping(t, device, MiB(2) - KiB(64), KiB(64), GENERATION(2));
}
