// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fake_side.c - an environment without an RDMA device: its sides, and how they serve
 * requests
 */
#include "fake_side.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/util.h"
#include "fake_device.h"
#include "invalidation/host_features.h"
#include "region/residency.h"

/* ---- witnesses ---- */

static int resident(const struct fake_target *target, uint64_t *pages)
{
	return residency_count(target->region.addr + target->mr_offset, target->mr_len,
			       pages, NULL);
}

static int serve_watch_begin(struct fake_side *side, struct fake_target *target,
			     uint32_t slot)
{
	side->faults_before[slot] = target->faults;
	side->invalidations_before[slot] = target->invalidations;
	return resident(target, &side->resident_before[slot]);
}

/* What the witness of this number says when @n pages were faulted in. */
static uint64_t falsify(const struct fake_side *side, unsigned int number, uint64_t n)
{
	switch (side->env->sabotage) {
	case WITNESSES_SAY_TOO_FEW:
		return n ? n - 1 : 0;
	case WITNESSES_SAY_TOO_MANY:
		return n + 1;
	case WITNESSES_SAY_ALWAYS_ONE:
		return 1;
	case WITNESSES_CONTRADICT:
		return n + number;
	default:
		return n;
	}
}

static int serve_watch_end(struct fake_side *side, struct fake_target *target,
			   uint32_t slot, struct side_reply *reply)
{
	static const char *const names[] = { "device", "driver" };
	bool available = !sabotaged(side, WITNESSES_DEAF);
	uint64_t after, n = target->faults - side->faults_before[slot];
	int ret = resident(target, &after);

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		uint64_t said = falsify(side, i, n);

		reply->observation[i] = (struct observation){
			.witness = names[i],
			.available = available,
			.pages = available ? EXACTLY(said) : ANYTHING,
			.saw_invalidations = available,
			.invalidations =
				target->invalidations - side->invalidations_before[slot],
		};
		snprintf(reply->observation[i].detail, OBSERVATION_DETAIL,
			 "%" PRIu64 " faults served", n);
	}
	reply->observation[2] = (struct observation){
		.witness = "residency",
		.available = available,
		.pages = available && after > side->resident_before[slot] ? AT_LEAST(1) :
									    ANYTHING,
	};
	reply->observations = 3;
	return ret;
}

/*
 * A storm without a thread: it blows before each operation, and when it is asked after.
 */
static int serve_storm_begin(struct fake_side *side, struct fake_target *target,
			     const struct side_request *request)
{
	side->storm_target = target;
	side->storm = (enum invalidator)request->argument;
	side->rand.state = request->pattern.seed;
	side->cycles = 0;
	return 0;
}

/* ---- limits ---- */

static uint64_t pinned(const struct fake_side *side)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < FAKE_TARGETS; i++)
		if (side->targets[i].registered && (side->targets[i].mode == MR_PINNED ||
						    sabotaged(side, ODP_LOCKS_MEMORY)))
			bytes += side->targets[i].mr_len;
	return bytes;
}

static int close_targets(struct fake_side *side)
{
	for (size_t i = 0; i < FAKE_TARGETS; i++)
		if (side->targets[i].open)
			fake_target_close(&side->targets[i]);
	return 0;
}

static int serve_background(struct fake_side *side, const struct side_request *request,
			    struct side_reply *reply)
{
	if (request->kind == SIDE_BACKGROUND_BEGIN) {
		side->background = *request;
		side->background_result = (struct background_result){ 0 };
	}
	fake_background_turn(side);
	reply->background = side->background_result;
	reply->mismatch = side->background_mismatch;
	return 0;
}

/* A range of the target, and of others. */
static int advise(struct fake_side *side, struct fake_target *target,
		  const struct side_request *request)
{
	int ret = fake_device_advise(side, target, request);

	for (unsigned int i = 0; i < request->op.rdma.sges && !ret; i++) {
		const struct piece *piece = &request->op.piece[i];
		struct side_request part = *request;

		part.offset = piece->offset;
		part.len = piece->len;
		ret = fake_device_advise(side, fake_target(side, piece->target), &part);
	}
	return ret;
}

/* ---- dispatch ---- */

static int serve_target(struct fake_side *side, struct fake_target *target,
			const struct side_request *request, struct side_reply *reply)
{
	int ret;

	switch (request->kind) {
	case SIDE_TARGET_REGISTER:
		return fake_target_register(side, target, &request->spec, reply);
	case SIDE_TARGET_DEREGISTER:
		for (size_t i = 0; i < FAKE_TARGETS; i++)
			if (side->targets[i].key == target->key)
				side->targets[i].registered = false;
		return 0;
	case SIDE_TARGET_FILL:
		return fake_target_fill(target, request);
	case SIDE_TARGET_STORE:
		fake_mirror_return(side, target, request->offset, request->len);
		pattern_fill(target->region.addr + request->offset,
			     request->pattern_offset, request->len, request->pattern);
		return 0;
	case SIDE_TARGET_CHECK_MAPPING:
	case SIDE_TARGET_CHECK_FILE:
	case SIDE_TARGET_CHECK_EITHER:
		return fake_target_check(side, target, request, reply);
	case SIDE_TARGET_READ_WORD:
		memcpy(&reply->number, target->region.addr + request->offset,
		       sizeof(reply->number));
		return 0;
	case SIDE_FILESYSTEM_FILL:
	case SIDE_FILESYSTEM_FREE:
		side->full = request->kind == SIDE_FILESYSTEM_FILL;
		return 0;
	case SIDE_FILESYSTEM_UNMOUNT:
		return sabotaged(side, BUSY_IS_UNMOUNTED) ? 0 : -EBUSY;
	case SIDE_FILESYSTEM_REMOUNT:
		reply->number = sabotaged(side, BUSY_IS_UNMOUNTED) ? 0 : EBUSY;
		return 0;
	case SIDE_FILESYSTEM_FREEZE:
		return fake_target_freeze(side, target);
	case SIDE_TARGET_FILE_CALL:
		return fake_target_file_call(side, target, request, reply);
	case SIDE_TARGET_ADD:
		*(uint64_t *)(void *)(target->region.addr + request->offset) +=
			request->argument;
		return 0;
	case SIDE_TARGET_ALLOCATED:
		return region_allocated(&target->region, &reply->number);
	case SIDE_TARGET_RESIDENT:
		return residency_count(target->region.addr + request->offset,
				       request->len, &reply->number, NULL);
	case SIDE_TARGET_ADVISE:
		if (side->mmap_locked && sabotaged(side, LOCK_ENDS_FAULTS))
			return -EBUSY;
		ret = advise(side, target, request);
		return request->flag ? ret : 0;
	case SIDE_TARGET_MADVISE_NUMBER:
	case SIDE_TARGET_POLICY:
	case SIDE_TARGET_MREMAP:
		reply->number = EINVAL; /* each may be refused */
		return 0;
	case SIDE_TARGET_MAP_OTHER_FILE:
		return fake_target_map_other_file(side, target, request);
	case SIDE_CHILD_STORE:
		return fork_child_store(&side->child,
					target->region.addr + request->offset,
					request->pattern_offset, request->len,
					request->pattern);
	case SIDE_CHILD_CHECK:
		return fork_child_check(&side->child,
					target->region.addr + request->offset,
					request->pattern_offset, request->len,
					request->pattern, &reply->mismatch);
	case SIDE_MIRROR_STORE:
	case SIDE_MIRROR_CHECK:
	case SIDE_MIRROR_HOLDS:
	case SIDE_MIRROR_RESERVED:
		return fake_mirror(side, target, request, reply);
	case SIDE_TARGET_INVALIDATE:
		return fake_target_invalidate(side, target, request);
	case SIDE_STORM_BEGIN:
		return serve_storm_begin(side, target, request);
	case SIDE_WATCH_BEGIN:
		return serve_watch_begin(side, target, request->argument);
	case SIDE_WATCH_NAME:
		return 0; /* the fake device asks for no other pages */
	case SIDE_WATCH_END:
		return serve_watch_end(side, target, request->argument, reply);
	default:
		return fake_target_change(side, target, request);
	}
}

static int fake_call(struct side *base, const struct side_request *request,
		     struct side_reply *reply)
{
	struct fake_side *side = container_of(base, struct fake_side, side);
	struct fake_target *target;

	*reply = (struct side_reply){ 0 };
	switch (request->kind) {
	case SIDE_QP_OPEN:
	case SIDE_QP_RESET:
	case SIDE_QP_CONNECT:
	case SIDE_POST:
	case SIDE_WAIT:
	case SIDE_POST_RECV:
	case SIDE_WAIT_RECV:
	case SIDE_COLLECT:
	case SIDE_SETTLE:
	case SIDE_ARM:
	case SIDE_WAIT_EVENT:
		return fake_queue_pair(side, request, reply);
	case SIDE_BACKGROUND_BEGIN:
	case SIDE_BACKGROUND_WAIT:
	case SIDE_BACKGROUND_END:
		return serve_background(side, request, reply);
	case SIDE_WINDOW_BIND:
	case SIDE_WINDOW_INVALIDATE:
		return fake_window(side, request, reply);
	case SIDE_TARGET_OPEN:
		return fake_target_open(side, &request->spec, reply);
	case SIDE_REOPEN:
	case SIDE_DROP_IPC_LOCK:
		return close_targets(side);
	case SIDE_LIMIT_MEMLOCK:
		side->memlock = request->len;
		return 0;
	case SIDE_MIRROR_FAIL_RETURN:
		side->fails_return = true;
		return 0;
	case SIDE_ALLOCATIONS_FAIL:
		side->fails_every = (uint32_t)request->len;
		side->allocations = 0;
		side->failed = 0;
		return 0;
	case SIDE_ALLOCATIONS_FAILED:
		side->fails_every = 0;
		reply->number = side->failed;
		return 0;
	case SIDE_FILESYSTEM_THAWED:
		reply->number = fake_side_thaw(side);
		return 0;
	case SIDE_MMAP_LOCK_HOLD:
		side->mmap_locked = true;
		return 0;
	case SIDE_MMAP_LOCK_AWAIT:
		side->mmap_locked = false;
		reply->number = clock_ns() + 2 * NSEC_PER_SEC;
		return 0;
	case SIDE_CHILD_BEGIN:
		fake_target_fork(side);
		return fork_child_begin(&side->child, 10000);
	case SIDE_CHILD_END:
		return fork_child_end(&side->child);
	case SIDE_STORM_CYCLES:
		fake_target_storm(side);
		reply->number = side->cycles;
		return 0;
	case SIDE_STORM_END:
		side->storm_target = NULL;
		return 0;
	case SIDE_PINNED:
		reply->number = pinned(side);
		return 0;
	default:
		target = fake_target(side, request->target);
		return target ? serve_target(side, target, request, reply) : -EINVAL;
	}
}

static void fake_close(struct side *base)
{
	struct fake_side *side = container_of(base, struct fake_side, side);

	close_targets(side);
	free(side);
}

static int fake_open(struct side **out, struct env *base, enum side_role role)
{
	struct fake_env *env = container_of(base, struct fake_env, env);
	struct fake_side *side = calloc(1, sizeof(*side));

	if (!side)
		return -ENOMEM;
	side->side = (struct side){ fake_call, fake_close };
	side->env = env;
	side->role = role;
	side->memlock = UINT64_MAX;
	arena_init(&side->arena, role);
	env->side[role] = side;
	*out = &side->side;
	return 0;
}

void fake_env_init(struct fake_env *env)
{
	*env = (struct fake_env){
		.config = { .transport = "verbs", .kind = REGION_FSDAX, .seed = 1 },
		.env = {
			.device = {
				.name = "fake0",
				.driver = "rxe", /* whose column of the expectations holds */
				.firmware = "0",
				.port = { .number = 1, .active = true, .mtu_bytes = 4096 },
				.sges = QP_SGES,
				.inline_bytes = QP_INLINE,
				.windows_1 = true,
				.windows_2 = true,
				.caps = { .general = ODP_SUPPORT | ODP_IMPLICIT },
				.modes = UINT32_MAX,
				.commits = true,
			},
			.evidence.witness = { { &trace_witness, .why = "no device" },
					      { &mr_counters_witness, .why = "no device" },
					      { &hw_counters_witness, .why = "no device" } },
			.kernel_log = { -1, "no kernel" },
			.open_side = fake_open,
		},
	};
	env->env.config = &env->config;
	env->env.host_features = 1ull << HOST_MIRROR | 1ull << HOST_COHERENT_MIRROR |
				 1ull << HOST_FAIL_ALLOC;
	env->env.device.caps.per_transport[QP_RC] = UINT32_MAX;
	env->env.device.caps.per_transport[QP_UD] = UINT32_MAX;
	env->env.device.caps.per_transport[QP_XRC] = UINT32_MAX;
	env->env.device.caps.per_transport[QP_DC] = UINT32_MAX;
	for (int kind = 0; kind < REGION_KINDS; kind++)
		env->env.place[kind] = "memfd";
}
