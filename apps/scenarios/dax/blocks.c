// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * blocks.c - DAX: calls that exchange, move, share or allocate blocks under a region
 *
 * The device has writable translations to all blocks of the file. What survives such a
 * call shows data that the file no longer has, or writes to a block of another file.
 */
#include <errno.h>

#include "scenario/scenario.h"

enum content { OF_FILE, OF_OTHER, NO_DATA };

struct block_call {
	enum file_call call;
	enum { UNLIKE, ALIKE, CLONED } before; /* the other file */
	enum content file, other;	       /* what they show afterwards */
	bool whole;  /* of the whole file, else of a part in its middle */
	int refused; /* the errno, where a filesystem that has it refuses DAX files */
};

/* The kernel, or the filesystem, has no such call. */
static bool is_missing(int error)
{
	return error == ENOTTY || error == EOPNOTSUPP || error == EINVAL;
}

static struct target *other_file(struct test *t, const struct block_call *block,
				 struct target *file)
{
	struct target *other = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	if (block->before == CLONED)
		target_clone(t, other, file);
	else
		target_fill_for(t, other, 0, block->before == ALIKE ? file : other, 0,
				KiB(64), GENERATION(1));
	return other;
}

/* What the region shows there, by RDMA. */
static void read_content(struct test *t, const struct block_call *block,
			 struct target *file, struct target *other, uint64_t offset,
			 uint64_t len)
{
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);

	if (block->file == NO_DATA) {
		rdma_read(t, file, offset, len, ZEROS);
	} else if (block->file == OF_OTHER) {
		rdma_read_into(t, local, offset, file, offset, len);
		check_mapping_for(t, local, offset, other, offset, len, GENERATION(1));
	}
}

static void make_block_call(struct test *t, const void *row)
{
	const struct block_call *block = row;
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	uint64_t offset = block->whole ? 0 : KiB(16);
	uint64_t len = block->whole ? KiB(64) : KiB(16);
	struct target *other;
	int error = 0;

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	other = other_file(t, block, file);
	expect_within(t, 5 * NSEC_PER_SEC)
		error = file_call_errno(t, file, block->call, offset, len, other);
	if (error != block->refused && is_missing(error))
		test_skip(t, "the kernel or the filesystem has no such call (errno %d)",
			  error);
	expect_errno(t, error, block->refused);
	read_content(t, block, file, other, offset, len);
	rdma_write(t, file, offset, len, GENERATION(2));
	check_file(t, file, offset, len, GENERATION(2));
	check_mapping(t, file, offset, len, GENERATION(2));
	/* the other file has no byte of that, and the rest of this one stays */
	check_file_for(t, other, offset, block->other == OF_FILE ? file : other, offset,
		       len, GENERATION(1));
	if (block->whole)
		return;
	rdma_read(t, file, 0, KiB(16), GENERATION(1));
	check_file(t, file, KiB(32), KiB(32), GENERATION(1));
}

#define WRITES_AND_READS NEEDS(FSDAX, RC_WRITE, RC_READ)

static const struct scenario block_calls[] = {
	{ "DAX-24.move-extents",
	  "EXT4_IOC_MOVE_EXT refuses a DAX file, and its region stays as it was",
	  WRITES_AND_READS, make_block_call,
	  &(const struct block_call){ .call = FILE_MOVE_EXTENTS,
				      .file = OF_FILE,
				      .other = OF_OTHER,
				      .refused = EOPNOTSUPP } },
	{ "DAX-24.swap-extents",
	  "after XFS_IOC_SWAPEXT the region shows the data of the other file, and "
	  "WRITE changes that alone",
	  WRITES_AND_READS, make_block_call,
	  &(const struct block_call){ .call = FILE_SWAP_EXTENTS,
				      .file = OF_OTHER,
				      .other = OF_FILE,
				      .whole = true } },
	{ "DAX-24.exchange-range",
	  "after XFS_IOC_EXCHANGE_RANGE the region shows the data of the other file, and "
	  "WRITE changes that alone",
	  WRITES_AND_READS, make_block_call,
	  &(const struct block_call){
		  .call = FILE_EXCHANGE_RANGE, .file = OF_OTHER, .other = OF_FILE } },
	{ "DAX-24.dedupe", "after FIDEDUPERANGE a WRITE leaves the other file unchanged",
	  WRITES_AND_READS, make_block_call,
	  &(const struct block_call){ .call = FILE_DEDUPE,
				      .before = ALIKE,
				      .file = OF_FILE,
				      .other = OF_FILE } },
	{ "DAX-24.clone-range",
	  "after FICLONERANGE the region shows the cloned data, and WRITE leaves its "
	  "source unchanged",
	  WRITES_AND_READS, make_block_call,
	  &(const struct block_call){
		  .call = FILE_CLONE_RANGE, .file = OF_OTHER, .other = OF_OTHER } },
	{ "DAX-24.copy-range",
	  "after copy_file_range() the region shows the copied data, and WRITE leaves "
	  "its source unchanged",
	  WRITES_AND_READS, make_block_call,
	  &(const struct block_call){
		  .call = FILE_COPY_RANGE, .file = OF_OTHER, .other = OF_OTHER } },
	{ "DAX-24.unshare",
	  "after FALLOC_FL_UNSHARE_RANGE of a cloned file WRITE leaves the clone "
	  "unchanged",
	  NEEDS(FSDAX, REFLINK, RC_WRITE, RC_READ), make_block_call,
	  &(const struct block_call){ .call = FILE_UNSHARE,
				      .before = CLONED,
				      .file = OF_FILE,
				      .other = OF_FILE } },
	{ "DAX-24.keep-size",
	  "FALLOC_FL_KEEP_SIZE over written blocks loses no data of them",
	  WRITES_AND_READS, make_block_call,
	  &(const struct block_call){
		  .call = FILE_KEEP_SIZE, .file = OF_FILE, .other = OF_OTHER } },
	{ "DAX-24.write-zeroes",
	  "after FALLOC_FL_WRITE_ZEROES the region reads zeros; data around it stays",
	  WRITES_AND_READS, make_block_call,
	  &(const struct block_call){
		  .call = FILE_WRITE_ZEROES, .file = NO_DATA, .other = OF_OTHER } },
};
SCENARIO_FAMILY(block_calls);
