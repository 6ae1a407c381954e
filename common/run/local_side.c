// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* local_side.c - a side in this process: which request is served by what */
#include "run/local_side.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"

static const struct {
	serve_fn *serve;
	bool on_target; /* the request names a target that must be open */
} servers[SIDE_REQUESTS] = {
	[SIDE_QP_OPEN] = { serve_qp_open, false },
	[SIDE_QP_CONNECT] = { serve_qp_connect, false },
	[SIDE_STREAM] = { serve_stream, false },
	[SIDE_POST] = { serve_post, false },
	[SIDE_WAIT] = { serve_wait, false },
	[SIDE_SETTLE] = { serve_settle, false },
	[SIDE_POST_RECV] = { serve_post_recv, false },
	[SIDE_WAIT_RECV] = { serve_wait_recv, false },
	[SIDE_TARGET_OPEN] = { serve_target_open, false },
	[SIDE_TARGET_REGISTER] = { serve_target_register, true },
	[SIDE_TARGET_CLOSE] = { serve_target_close, true },
	[SIDE_TARGET_FILL] = { serve_fill, true },
	[SIDE_TARGET_CHECK_MAPPING] = { serve_check_mapping, true },
	[SIDE_TARGET_CHECK_FILE] = { serve_check_file, true },
	[SIDE_TARGET_STORE] = { serve_store, true },
	[SIDE_TARGET_READ_WORD] = { serve_read_word, true },
	[SIDE_TARGET_ADD] = { serve_add, true },
	[SIDE_TARGET_EVICT] = { serve_change, true },
	[SIDE_TARGET_UNMAP] = { serve_change, true },
	[SIDE_TARGET_MAP] = { serve_change, true },
	[SIDE_TARGET_REMAP] = { serve_change, true },
	[SIDE_TARGET_PROTECT] = { serve_change, true },
	[SIDE_TARGET_TRUNCATE] = { serve_change, true },
	[SIDE_TARGET_PUNCH] = { serve_change, true },
	[SIDE_TARGET_ZERO] = { serve_change, true },
	[SIDE_TARGET_ALLOCATE] = { serve_change, true },
	[SIDE_TARGET_COLLAPSE] = { serve_change, true },
	[SIDE_TARGET_INSERT] = { serve_change, true },
	[SIDE_TARGET_CLONE] = { serve_clone, true },
	[SIDE_TARGET_SYNC] = { serve_change, true },
	[SIDE_TARGET_PERSIST] = { serve_change, true },
	[SIDE_FILESYSTEM_FILL] = { serve_filesystem, true },
	[SIDE_FILESYSTEM_FREE] = { serve_filesystem, true },
	[SIDE_FILESYSTEM_UNMOUNT] = { serve_filesystem, true },
	[SIDE_MEDIA_REMOVE] = { serve_filesystem, true },
	[SIDE_TARGET_ALLOCATED] = { serve_allocated, true },
	[SIDE_TARGET_EXTENTS] = { serve_extents, true },
	[SIDE_TARGET_RESIDENT] = { serve_resident, true },
	[SIDE_TARGET_ADVISE] = { serve_advise, true },
	[SIDE_TARGET_GRAFT] = { serve_graft, true },
	[SIDE_CHILD_BEGIN] = { serve_child_begin, false },
	[SIDE_CHILD_STORE] = { serve_child_store, true },
	[SIDE_CHILD_CHECK] = { serve_child_check, true },
	[SIDE_CHILD_END] = { serve_child_end, false },
	[SIDE_LATE_BEGIN] = { serve_late_begin, true },
	[SIDE_LATE_END] = { serve_late_end, false },
	[SIDE_TARGET_MADVISE] = { serve_madvise, true },
	[SIDE_KSM_START] = { serve_ksm_start, false },
	[SIDE_KSM_MERGED] = { serve_ksm_merged, false },
	[SIDE_JOIN_CGROUP] = { serve_join_cgroup, false },
	[SIDE_TARGET_INVALIDATE] = { serve_invalidate, true },
	[SIDE_TARGET_CHECK_EITHER] = { serve_check_either, true },
	[SIDE_STORM_BEGIN] = { serve_storm_begin, true },
	[SIDE_STORM_CYCLES] = { serve_storm_cycles, false },
	[SIDE_STORM_END] = { serve_storm_end, false },
	[SIDE_BACKGROUND_BEGIN] = { serve_background_begin, false },
	[SIDE_BACKGROUND_WAIT] = { serve_background_wait, false },
	[SIDE_BACKGROUND_END] = { serve_background_end, false },
	[SIDE_KEY] = { serve_key, false },
	[SIDE_WINDOW_BIND] = { serve_window_bind, true },
	[SIDE_WINDOW_INVALIDATE] = { serve_window_invalidate, true },
	[SIDE_WATCH_BEGIN] = { serve_watch_begin, true },
	[SIDE_WATCH_END] = { serve_watch_end, true },
	[SIDE_DROP_IPC_LOCK] = { serve_drop_ipc_lock, false },
	[SIDE_LIMIT_MEMLOCK] = { serve_limit_memlock, false },
	[SIDE_PINNED] = { serve_pinned, false },
	[SIDE_COLLECT] = { serve_collect, false },
	[SIDE_TARGET_REREGISTER] = { serve_target_reregister, true },
	[SIDE_REOPEN] = { serve_reopen, false },
	[SIDE_REMOVE_DEVICE] = { serve_remove_device, false },
	[SIDE_KERNEL_MEMORY] = { serve_kernel_memory, false },
	[SIDE_TARGET_DEREGISTER] = { serve_target_deregister, true },
};

struct local_target *local_target(struct local_side *side, uint32_t id)
{
	if (id >= SIDE_TARGETS || !side->targets[id].open)
		return NULL;
	return &side->targets[id];
}

/* The range must lie in the target's mapping, whoever asks. */
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
	return rdma_device_open(&side->device, &side->lab->device_spec);
}

void local_side_close_device(struct local_side *side)
{
	if (side->storm.running)
		storm_end(&side->storm);
	background_stop(&side->background);
	local_windows_close(side);
	local_keys_close(side);
	local_pairs_close(side);
	for (uint32_t id = 0; id < SIDE_TARGETS; id++)
		local_target_close(&side->targets[id]);
	rdma_device_close(&side->device);
	rdma_device_close(&side->stranger);
	side->stranger = (struct rdma_device){ 0 };
}

int serve_reopen(struct local_side *side, struct local_target *unused,
		 const struct side_request *request, struct side_reply *reply)
{
	(void)unused;
	(void)request;
	(void)reply;
	local_side_close_device(side);
	return local_side_open_device(side);
}

static void local_close(struct side *base)
{
	struct local_side *side = container_of(base, struct local_side, side);

	local_side_close_device(side);
	if (side->hog >= 0)
		close(side->hog);
	free(side);
}

int side_open_local(struct side **out, struct lab *lab, enum side_role role)
{
	struct local_side *side = calloc(1, sizeof(*side));
	int ret;

	if (!side)
		return log_errno(ENOMEM, "a side");
	side->side.call = local_call;
	side->side.close = local_close;
	side->lab = lab;
	side->role = role;
	arena_init(&side->arena, role);
	side->hog = -1;
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
