// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_mmap_lock.c - a thread of the side that holds mmap_lock and does not run */
#include "base/clock.h"
#include "side/local_internal.h"

int serve_mmap_lock_hold(struct local_side *side, struct local_target *target,
			 const struct side_request *request, struct side_reply *reply)
{
	return mmap_lock_hold(&side->mmap_lock, request->argument * NSEC_PER_MSEC);
}

int serve_mmap_lock_await(struct local_side *side, struct local_target *target,
			  const struct side_request *request, struct side_reply *reply)
{
	reply->number = mmap_lock_await(&side->mmap_lock);
	return 0;
}
