// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_data.c - what lies in targets: filled, checked, and changed by the CPU */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/util.h"
#include "side/local_internal.h"

/* Data moves in blocks, so that nothing is as large as the region. */
#define BLOCK MiB(1)

typedef int block_fn(struct local_target *target, const struct side_request *request,
		     uint64_t done, void *block, size_t n, struct side_reply *reply);

static int for_each_block(struct local_target *target, const struct side_request *request,
			  struct side_reply *reply, block_fn *each)
{
	_cleanup_free_ void *block = malloc(BLOCK);
	int ret = 0;

	if (!block)
		return log_errno(ENOMEM, "a block");
	for (uint64_t done = 0; done < request->len && !ret; done += BLOCK)
		ret = each(target, request, done, block,
			   size_min(BLOCK, request->len - done), reply);
	return ret;
}

static int fill_block(struct local_target *target, const struct side_request *request,
		      uint64_t done, void *block, size_t n, struct side_reply *reply)
{
	pattern_fill(block, request->pattern_offset + done, n, request->pattern);
	return region_write(&target->region, request->offset + done, block, n);
}

int serve_fill(struct local_side *side, struct local_target *target,
	       const struct side_request *request, struct side_reply *reply)
{
	return for_each_block(target, request, reply, fill_block);
}

static int check_block(struct local_target *target, const struct side_request *request,
		       uint64_t done, void *block, size_t n, struct side_reply *reply)
{
	int ret;

	ret = region_read(&target->region, request->offset + done, block, n);
	if (ret)
		return ret;
	return pattern_check(block, request->pattern_offset + done, n, request->pattern,
			     &reply->mismatch);
}

int serve_check_file(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply)
{
	return for_each_block(target, request, reply, check_block);
}

int serve_check_mapping(struct local_side *side, struct local_target *target,
			const struct side_request *request, struct side_reply *reply)
{
	return pattern_check(target->region.addr + request->offset,
			     request->pattern_offset, request->len, request->pattern,
			     &reply->mismatch);
}

int serve_store(struct local_side *side, struct local_target *target,
		const struct side_request *request, struct side_reply *reply)
{
	pattern_fill(target->region.addr + request->offset, request->pattern_offset,
		     request->len, request->pattern);
	return 0;
}

int serve_read_word(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	if (request->offset + sizeof(reply->number) > target->region.len)
		return -EINVAL;
	memcpy(&reply->number, target->region.addr + request->offset,
	       sizeof(reply->number));
	return 0;
}

int serve_add(struct local_side *side, struct local_target *target,
	      const struct side_request *request, struct side_reply *reply)
{
	_Atomic uint64_t *word =
		(_Atomic uint64_t *)(void *)(target->region.addr + request->offset);

	if (request->offset % sizeof(*word) ||
	    request->offset + sizeof(*word) > target->region.len)
		return -EINVAL;
	for (uint32_t i = 0; i < request->argument; i++)
		(*word)++;
	return 0;
}
