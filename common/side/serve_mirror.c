// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_mirror.c - a second HMM mirror of a side, which accesses the same targets */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "region/mirror.h"
#include "side/local_internal.h"

int serve_mirror_store(struct local_side *side, struct local_target *target,
		       const struct side_request *request, struct side_reply *reply)
{
	_cleanup_free_ void *data = malloc(request->len);

	if (!data)
		return log_errno(ENOMEM, "data for the second mirror");
	pattern_fill(data, request->pattern_offset, request->len, request->pattern);
	return mirror_write(target->region.addr + request->offset, request->len, data);
}

int serve_mirror_check(struct local_side *side, struct local_target *target,
		       const struct side_request *request, struct side_reply *reply)
{
	_cleanup_free_ void *data = malloc(request->len);
	int ret;

	if (!data)
		return log_errno(ENOMEM, "data for the second mirror");
	ret = mirror_read(target->region.addr + request->offset, request->len, data);
	if (ret)
		return ret;
	return pattern_check(data, request->pattern_offset, request->len,
			     request->pattern, &reply->mismatch);
}

int serve_mirror_holds(struct local_side *side, struct local_target *target,
		       const struct side_request *request, struct side_reply *reply)
{
	int held;

	if (request->argument >= MIRROR_MEMORIES)
		return log_errno(EINVAL, "device memory %u", request->argument);
	held = mirror_holds(target->region.addr + request->offset, request->len,
			    (enum mirror_memory)request->argument);
	if (held < 0)
		return held;
	reply->number = (uint64_t)held;
	return 0;
}

int serve_mirror_reserved(struct local_side *side, struct local_target *target,
			  const struct side_request *request, struct side_reply *reply)
{
	int reserved =
		mirror_has_reserved(target->region.addr + request->offset, request->len);

	if (reserved < 0)
		return reserved;
	reply->number = (uint64_t)reserved;
	return 0;
}

int serve_mirror_fail_return(struct local_side *side, struct local_target *target,
			     const struct side_request *request, struct side_reply *reply)
{
	return mirror_fail_return();
}
