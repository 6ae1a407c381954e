// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* keys.c - ERR-04, ERR-05: keys, ranges and rights that forbid the operation */
#include "scenario/scenario.h"

#define FLUSH_REASON                                                                    \
	"soft-RoCE sets the queue pair to error before it completes the request whose " \
	"source it cannot read, so that this request is flushed too"
#define BAD_SOURCE \
	{ .rxe = OP_FLUSH_ERR, .mlx5 = OP_LOC_PROT_ERR, .reason = FLUSH_REASON }
#define REFUSED EVERY_DRIVER(OP_REM_ACCESS_ERR)

/* A region of 16 KiB in the middle of its mapping, which has memory around it. */
static struct target *enclosed(struct test *t)
{
	return responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP, .mr_offset = KiB(16),
				.mr_len = KiB(16));
}

struct bad_range {
	uint64_t offset;
	uint32_t len;
};

static void write_range(struct test *t, const void *row)
{
	const struct bad_range *range = row;
	struct target *target = enclosed(t);
	enum op_status status;

	status = attempt(t, RDMA_WRITE, target, range->offset, range->len, GENERATION(1));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(64), ZEROS);
	reconnect(t);
	rdma_write(t, target, KiB(16), KiB(16), GENERATION(2));
}

#define RANGE(word, about_, ...)                                 \
	{                                                        \
		.id = "ERR-04." word,                            \
		.about = about_,                                 \
		.needs = NEEDS(DEVICE, REGION, RC_WRITE),        \
		.run = write_range,                              \
		.row = &(const struct bad_range){ __VA_ARGS__ }, \
	}

static const struct scenario bad_ranges[] = {
	RANGE("before", "a WRITE that begins eight bytes before its region is refused",
	      KiB(16) - 8, 16),
	RANGE("behind", "a WRITE that ends eight bytes after its region is refused",
	      KiB(32) - 8, 16),
	RANGE("far", "a WRITE to memory that is mapped but not registered is refused",
	      KiB(48), 8),
	RANGE("around", "a WRITE that covers more than its region is refused", 0,
	      KiB(64)),
};
SCENARIO_FAMILY(bad_ranges);

/* The key of a region, changed in some bits. */
static void write_by_key(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	enum op_status status;

	status = attempt(t, RDMA_WRITE, target, .generation = GENERATION(1),
			 .rkey = target_rkey(target) ^ *(const uint32_t *)row);
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(64), ZEROS);
	reconnect(t);
	rdma_write(t, target, 0, KiB(4), GENERATION(2));
}

static const struct scenario bad_keys[] = {
	{ "ERR-04.key-variant", "a remote key with a wrong low byte is refused",
	  NEEDS(DEVICE, REGION, RC_WRITE), write_by_key, &(const uint32_t){ 0x01 } },
	{ "ERR-04.key-index", "a remote key of no region is refused",
	  NEEDS(DEVICE, REGION, RC_WRITE), write_by_key,
	  &(const uint32_t){ 0x00700000 } },
};
SCENARIO_FAMILY(bad_keys);

SCENARIO("ERR-04.key-gone", "the remote key of a deregistered region is refused",
	 NEEDS(DEVICE, REGION, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	target_deregister(t, target);
	status = attempt(t, RDMA_WRITE, target, .generation = GENERATION(2));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
	target_register(t, target);
	reconnect(t);
	rdma_write(t, target, 0, KiB(16), GENERATION(3));
}

SCENARIO("ERR-04.key-foreign", "a remote key of another protection domain is refused",
	 NEEDS(REGION, RC_WRITE, VERBS))
{
	struct target *target =
		responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP, .other_pd = true);
	enum op_status status;

	status = attempt(t, RDMA_WRITE, target, .generation = GENERATION(1));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(64), ZEROS);
}

SCENARIO("ERR-04.local-key-foreign",
	 "a local key of another protection domain is refused",
	 NEEDS(REGION, RC_WRITE, VERBS))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *source =
		initiator_target(t, REGION_ANON, KiB(64), MR_ODP, .other_pd = true);
	enum op_status status;

	status = attempt(t, RDMA_WRITE, target, .local = source,
			 .generation = GENERATION(1));
	expect_status(t, status, &(const struct per_driver)BAD_SOURCE);
	check_mapping(t, target, 0, KiB(64), ZEROS);
}

SCENARIO("ERR-04.local-key", "a local key of no region is refused",
	 NEEDS(VERBS, REGION, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_ANON, KiB(64), MR_ODP);
	enum op_status status;

	status = attempt(t, RDMA_WRITE, target, .local = source,
			 .generation = GENERATION(1),
			 .lkey = target_lkey(source) ^ 0x00700000);
	expect_status(t, status, &(const struct per_driver)BAD_SOURCE);
	check_mapping(t, target, 0, KiB(64), ZEROS);
}

/* A region without the right that the operation needs. */
struct missing_right {
	enum rdma_opcode opcode;
	unsigned int access; /* enum mr_access: the rights of the region */
};

static void lack_right(struct test *t, const void *row)
{
	const struct missing_right *missing = row;
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
						 .access = missing->access);
	enum op_status status = OP_NO_COMPLETION;

	expect_faults(t, target, NONE)
		status = attempt(t, missing->opcode, target);
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(64), ZEROS);
}

#define WITHOUT(right) (MR_READ_WRITE & ~(unsigned int)(right))
#define RIGHT(word, about_, needs_, ...)                             \
	{                                                            \
		.id = "ERR-05." word,                                \
		.about = about_,                                     \
		.needs = needs_,                                     \
		.run = lack_right,                                   \
		.row = &(const struct missing_right){ __VA_ARGS__ }, \
	}

static const struct scenario missing_rights[] = {
	RIGHT("no-remote-write", "WRITE to a region without remote write is refused",
	      NEEDS(DEVICE, REGION, RC_WRITE), RDMA_WRITE, WITHOUT(MR_REMOTE_WRITE)),
	RIGHT("no-remote-read", "READ of a region without remote read is refused",
	      NEEDS(DEVICE, REGION, RC_READ), RDMA_READ, WITHOUT(MR_REMOTE_READ)),
	RIGHT("no-remote-atomic",
	      "an atomic on a region without remote atomic is refused",
	      NEEDS(DEVICE, REGION, RC_ATOMIC), RDMA_FETCH_ADD,
	      WITHOUT(MR_REMOTE_ATOMIC)),
	RIGHT("read-only-region", "WRITE to a region with remote read only is refused",
	      NEEDS(DEVICE, REGION, RC_WRITE), RDMA_WRITE, MR_READ_ONLY),
};
SCENARIO_FAMILY(missing_rights);

SCENARIO("ERR-05.no-local-write", "a READ into a region without local write is refused",
	 NEEDS(DEVICE, REGION, RC_READ, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *sink =
		initiator_target(t, REGION_ANON, KiB(64), MR_ODP, .access = MR_READ_ONLY);
	enum op_status status;

	rdma_write(t, target, 0, KiB(4), GENERATION(1));
	status = attempt(t, RDMA_READ, target, .local = sink);
	expect_status(t, status, &(const struct per_driver)EVERY_DRIVER(OP_LOC_PROT_ERR));
	check_mapping(t, sink, 0, KiB(64), ZEROS);
}
