// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_window.c - a side's memory windows, bound and invalidated by its queue pair */
#include <errno.h>

#include "base/log.h"
#include "base/util.h"
#include "side/local_internal.h"

void local_windows_close(struct local_side *side)
{
	for (size_t i = 0; i < SIDE_WINDOWS; i++)
		rdma_window_close(&side->windows[i]);
}

static struct rdma_window *unused_window(struct local_side *side)
{
	for (size_t i = 0; i < SIDE_WINDOWS; i++)
		if (!side->windows[i].ops)
			return &side->windows[i];
	return NULL;
}

static struct rdma_window *window_of(struct local_side *side, uint32_t key)
{
	for (size_t i = 0; i < SIDE_WINDOWS; i++)
		if (side->windows[i].ops && side->windows[i].rkey == key)
			return &side->windows[i];
	return NULL;
}

int serve_window_bind(struct local_side *side, struct local_target *none,
		      const struct side_request *request, struct side_reply *reply)
{
	struct local_target *target = local_target(side, request->target);
	struct local_pair *pair = local_pair(side, request);
	struct rdma_window *window = unused_window(side);
	uint64_t addr;
	int ret;

	if (!pair || !target || !target->registered)
		return -ENOTCONN;
	if (!window)
		return log_errno(ENOSPC, "a memory window");
	ret = rdma_window_open(window, &side->device,
			       (enum window_type)request->argument);
	if (ret)
		return ret;
	addr = (uintptr_t)target->region.addr + request->offset;
	ret = rdma_window_bind(window, &pair->qp, &target->mr, addr, request->len,
			       pair->posted);
	if (ret) {
		rdma_window_close(window);
		return ret;
	}
	pair->posted++;
	reply->number = window->rkey;
	return local_wait(side, pair, reply);
}

int serve_window_invalidate(struct local_side *side, struct local_target *target,
			    const struct side_request *request, struct side_reply *reply)
{
	struct rdma_window *window = window_of(side, request->key);
	struct local_pair *pair = local_pair(side, request);
	int ret;

	if (!pair || !window)
		return -ENOTCONN;
	ret = rdma_window_invalidate(window, &pair->qp, &target->mr, pair->posted);
	if (ret)
		return ret;
	pair->posted++;
	return local_wait(side, pair, reply);
}
