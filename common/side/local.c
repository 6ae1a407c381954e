// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* local.c - a side in this process: dispatches requests to their servers */
#include "invalidation/fail_alloc.h"
#include "kernel/race.h"
#include "side/local_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"
#include "invalidation/offline.h"

static const struct {
	serve_fn *serve;
	bool on_target; /* the request names a target that must be open */
} servers[SIDE_REQUESTS] = {
#define ON_SIDE(kind, server)	[SIDE_##kind] = { server, false },
#define ON_TARGET(kind, server) [SIDE_##kind] = { server, true },
#include "side/requests.def"
#undef ON_SIDE
#undef ON_TARGET
};

struct local_target *local_target(struct local_side *side, uint32_t id)
{
	if (id >= SIDE_TARGETS || !side->targets[id].open)
		return NULL;
	return &side->targets[id];
}

/* The range must lie in the target's mapping. */
static bool in_range(const struct local_target *target,
		     const struct side_request *request)
{
	uint64_t end;

	if (__builtin_add_overflow(request->offset, request->len, &end))
		return false;
	return end <= target->region.len;
}

static int local_call(struct side *base, const struct side_request *request,
		      struct side_reply *reply)
{
	struct local_side *side = container_of(base, struct local_side, side);
	struct local_target *target = NULL;

	*reply = (struct side_reply){ 0 };
	if ((unsigned int)request->kind >= SIDE_REQUESTS)
		return -EBADRQC;
	if (servers[request->kind].on_target) {
		target = local_target(side, request->target);
		if (!target || !in_range(target, request)) {
			log_error("request %u: no such target or range", request->kind);
			return -EINVAL;
		}
	}
	return servers[request->kind].serve(side, target, request, reply);
}

int local_side_open_device(struct local_side *side)
{
	return rdma_device_open(&side->device, &side->env->device_spec);
}

void local_side_close_device(struct local_side *side)
{
	if (side->allocations_fail)
		fail_alloc_end();
	side->allocations_fail = false;
	if (side->race_held)
		race_release();
	side->race_held = false;
	freeze_end(&side->freeze);
	mmap_lock_await(&side->mmap_lock);
	if (side->storm.running)
		storm_end(&side->storm);
	background_stop(&side->background);
	local_windows_close(side);
	local_keys_close(side);
	local_pairs_close(side);
	for (uint32_t id = 0; id < SIDE_TARGETS; id++)
		local_target_close(&side->targets[id]);
	rdma_device_close(&side->device);
	rdma_device_close(&side->other_pd_device);
	side->other_pd_device = (struct rdma_device){ 0 };
}

int serve_reopen(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	local_side_close_device(side);
	return local_side_open_device(side);
}

static void local_close(struct side *base)
{
	struct local_side *side = container_of(base, struct local_side, side);

	local_side_close_device(side);
	offline_release(side->lost_frame);
	if (side->filler >= 0)
		close(side->filler);
	free(side);
}

int side_open_local(struct side **out, struct env *env, enum side_role role)
{
	struct local_side *side = calloc(1, sizeof(*side));
	int ret;

	if (!side)
		return log_errno(ENOMEM, "a side");
	side->side.call = local_call;
	side->side.close = local_close;
	side->env = env;
	side->role = role;
	arena_init(&side->arena, role);
	side->filler = -1;
	/* each side has its own part of the DAX device */
	side->devdax_next = role == RESPONDER ? 0 : MiB(128);
	ret = local_side_open_device(side);
	if (ret) {
		free(side);
		return ret;
	}
	*out = &side->side;
	return 0;
}

int side_open(struct side **side, struct env *env, enum side_role role)
{
	side_open_fn *open = env->open_side ? env->open_side : side_open_local;

	return open(side, env, role);
}
