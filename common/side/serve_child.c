// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_child.c - a forked child of a side, which accesses the same targets */
#include "env/patience.h"
#include "side/local_internal.h"

int serve_child_begin(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	uint64_t patience_ns = env_patience(side->env, SIDE_OP_TIMEOUT_NS);

	return fork_child_begin(&side->child, (int)(patience_ns / NSEC_PER_MSEC));
}

int serve_child_store(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	return fork_child_store(&side->child, target->region.addr + request->offset,
				request->pattern_offset, request->len, request->pattern);
}

int serve_child_check(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	return fork_child_check(&side->child, target->region.addr + request->offset,
				request->pattern_offset, request->len, request->pattern,
				&reply->mismatch);
}

int serve_child_end(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	return fork_child_end(&side->child);
}
