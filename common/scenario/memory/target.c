// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* target.c - words that make a target, and what is known of it */
#include "scenario/memory/target.h"

#include <stdio.h>

#include "base/rand.h"
#include "env/room.h"
#include "testcase/test.h"

/* A longer target is sparse: its scenario reaches a few places of it. */
#define DENSE_BYTES MiB(64)
/* What a filesystem takes besides for a file. */
#define METADATA_BYTES MiB(1)

/*
 * Before it is made: on a full filesystem a page fault fails, as if the device had
 * refused the access, and memory that is not there calls the OOM killer.
 */
static void expect_room(struct test *t, const struct target_spec *spec)
{
	uint64_t bytes = size_min(spec->len, DENSE_BYTES);
	char lack[256], why[320];

	/* memory that is there, or may be missing */
	if (spec->same_memory || spec->kept || spec->unreserved)
		return;
	if (region_kind_needs_path(spec->kind) && spec->kind != REGION_DEVDAX)
		bytes += METADATA_BYTES;
	if (room_for(t->env, spec->kind, bytes, 0, lack, sizeof(lack)))
		return;
	snprintf(why, sizeof(why), "%s; free more", lack);
	test_end(t, VERDICT_ERROR, why);
}

static struct target *make_target(struct test *t, enum side_role role,
				  struct target_spec spec)
{
	struct target *target = &t->targets[t->n_targets];
	struct side_reply reply;

	if (t->n_targets == TEST_TARGETS)
		test_fail(t, "more than %u targets", TEST_TARGETS);
	if (spec.kind == REGION_CHOSEN)
		spec.kind = (enum region_kind)t->env->config->kind;
	expect_room(t, &spec);
	reply = ASK(t, t->side[role], "make a target", SIDE_TARGET_OPEN, .spec = spec);
	*target = (struct target){
		.side = t->side[role],
		.role = role,
		.info = reply.target,
		.spec = spec,
		.seed = rand_mix(t->env->config->seed + t->n_targets + 1),
	};
	t->n_targets++;
	return target;
}

struct target *(responder_target)(struct test *t, struct target_spec spec)
{
	return make_target(t, RESPONDER, spec);
}

struct target *(initiator_target)(struct test *t, struct target_spec spec)
{
	return make_target(t, INITIATOR, spec);
}

uint64_t target_len(const struct target *target)
{
	return target->spec.len;
}

uint64_t target_addr(const struct target *target)
{
	return target->info.addr - target->spec.mr_offset;
}

uint32_t target_lkey(const struct target *target)
{
	return target->info.lkey;
}

uint32_t target_rkey(const struct target *target)
{
	return target->info.rkey;
}

uint64_t target_page_bytes(const struct target *target)
{
	return target->info.page_bytes;
}

bool target_is_map_sync(const struct target *target)
{
	return target->info.map_sync;
}

uint64_t target_resident(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len)
{
	return ASK_TARGET(t, target, "count resident pages", SIDE_TARGET_RESIDENT,
			  .offset = offset, .len = len)
		.number;
}
