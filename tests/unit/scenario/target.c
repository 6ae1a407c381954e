// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* target.c - targets: made, registered, advised, and what is known of them */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/rand.h"
#include "scenario/scenario.h"
#include "scripted_side.h"

static struct test *const t = &script.test;

/* The host has so much room. */
static uint64_t room = UINT64_MAX;
static enum region_kind room_kind;

bool __wrap_room_for(const struct env *env, enum region_kind kind, uint64_t bytes,
		     uint64_t memory, char *why, size_t size);
bool __wrap_room_for(const struct env *env, enum region_kind kind, uint64_t bytes,
		     uint64_t memory, char *why, size_t size)
{
	assert_ptr_equal(env, &script.env);
	assert_int_equal(memory, 0);
	room_kind = kind;
	if (bytes <= room)
		return true;
	snprintf(why, size, "needs %llu", (unsigned long long)bytes);
	return false;
}

static void target__of_each_side(void **state)
{
	const struct target_spec spec = { REGION_MEMFD, MR_PINNED, KiB(8),
					  .mr_offset = 100 };
	const struct target *one = (responder_target)(t, spec);
	const struct target *two = (initiator_target)(t, spec);

	next_is(RESPONDER, &REQUEST(SIDE_TARGET_OPEN));
	assert_int_equal(script.request[0].spec.kind, REGION_MEMFD);
	assert_int_equal(script.request[0].spec.len, KiB(8));
	next_is(INITIATOR, &REQUEST(SIDE_TARGET_OPEN));
	assert_ptr_equal(one->side, t->side[RESPONDER]);
	assert_ptr_equal(two->side, t->side[INITIATOR]);
	assert_int_equal(one->role, RESPONDER);
	assert_int_equal(two->role, INITIATOR);
	assert_int_equal(target_len(one), KiB(8));
	assert_int_equal(target_addr(one), one->info.addr - 100);
	assert_int_equal(target_lkey(one), one->info.lkey);
	assert_int_equal(target_rkey(one), one->info.rkey);
	assert_int_equal(one->info.id, 101);
	assert_int_equal(two->info.id, 102);
	/* data of its own, which the seed of the run replays */
	assert_int_equal(one->seed, rand_mix(7 + 1));
	assert_int_equal(two->seed, rand_mix(7 + 2));
	assert_int_equal(t->n_targets, 2);
}

/* On a full filesystem the page fault would fail, and the device would be blamed. */
static void target__without_room_for_it(void **state)
{
	struct target_spec spec = { .kind = REGION_CHOSEN, .len = KiB(64) };

	script.config.kind = REGION_FSDAX;
	room = KiB(64) + MiB(1);
	(responder_target)(t, spec);
	assert_int_equal(room_kind, REGION_FSDAX);
	room--;
	ends((responder_target)(t, spec), VERDICT_ERROR, "needs 1114112; free more");
	assert_int_equal(count_of(SIDE_TARGET_OPEN), 1);
	/* neither a DAX device nor memory has metadata */
	room = KiB(64);
	script.config.kind = REGION_DEVDAX;
	(responder_target)(t, spec);
	script.config.kind = REGION_ANON;
	(responder_target)(t, spec);
	room--;
	ends((responder_target)(t, spec), VERDICT_ERROR, "needs 65536; free more");
	/* what there is, or what is expected to run out */
	(responder_target)(t, (struct target_spec){ .len = KiB(64), .same_memory = 1 });
	(responder_target)(t, (struct target_spec){ .len = KiB(64), .kept = true });
	(responder_target)(t, (struct target_spec){ .len = KiB(64), .unreserved = true });
	room = UINT64_MAX;
}

/* Most of it is never reached. */
static void target__that_is_sparse(void **state)
{
	const struct target_spec spec = { .kind = REGION_ANON, .len = GiB(64) };

	room = MiB(64);
	(responder_target)(t, spec);
	room--;
	ends((responder_target)(t, spec), VERDICT_ERROR, "needs 67108864; free more");
	room = UINT64_MAX;
}

static void target__of_the_chosen_kind(void **state)
{
	script.config.kind = REGION_TMPFS;
	(responder_target)(t, (struct target_spec){ .kind = REGION_CHOSEN, .len = 1 });
	assert_int_equal(next_of(SIDE_TARGET_OPEN)->spec.kind, REGION_TMPFS);
}

static void target__of_huge_pages_or_dax(void **state)
{
	struct target_info *info = &script.reply[SIDE_TARGET_OPEN].target;
	const struct target *target;

	info->page_bytes = MiB(2);
	info->map_sync = true;
	target = (responder_target)(t, (struct target_spec){ .len = 1 });
	assert_int_equal(target_page_bytes(target), MiB(2));
	assert_true(target_is_map_sync(target));
	info->map_sync = false;
	target = (responder_target)(t, (struct target_spec){ .len = 1 });
	assert_false(target_is_map_sync(target));
}

static void target__more_than_there_are(void **state)
{
	const struct target_spec spec = { REGION_ANON, MR_ODP, KiB(4) };

	for (unsigned int i = 0; i < TEST_TARGETS; i++)
		(responder_target)(t, spec);
	fails((responder_target)(t, spec), "more than 64 targets");
	assert_int_equal(script.asked, TEST_TARGETS);
}

static void target__that_cannot_be_made(void **state)
{
	script.error[SIDE_TARGET_OPEN] = ENOMEM;
	fails((responder_target)(t, (struct target_spec){ .len = 1 }),
	      "make a target: Cannot allocate memory");
	assert_int_equal(t->n_targets, 0);
}

static void registration__anew(void **state)
{
	struct target *target = script_target(RESPONDER, KiB(8));
	uint32_t id = target->info.id;

	(target_deregister)(t, target);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_DEREGISTER, .target = id));
	(target_register)(t, target);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_REGISTER, .target = id));
	assert_int_equal(script.request[1].spec.len, KiB(8));
	/* with new keys */
	assert_int_equal(target->info.rkey, 0x2002);
}

static void registration__that_is_refused(void **state)
{
	const struct target_spec spec = { REGION_FSDAX, MR_PINNED, KiB(8) };

	script.error[SIDE_TARGET_REGISTER] = EOPNOTSUPP;
	assert_int_equal((registration_errno)(t, spec), EOPNOTSUPP);
	/* the memory itself is there */
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_OPEN));
	assert_true(script.request[0].spec.unregistered);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_REGISTER, .target = 101));
	assert_int_equal(script.request[1].spec.mode, MR_PINNED);
	script.error[SIDE_TARGET_REGISTER] = 0;
	assert_int_equal((registration_errno)(t, spec), 0);
}

static void reregistration__changes_the_keys(void **state)
{
	struct target *target = script_target(RESPONDER, KiB(8));
	struct region_change change = { MR_CHANGE_ACCESS | MR_CHANGE_RANGE,
					MR_LOCAL_WRITE, .mode = MR_ODP, .offset = KiB(4),
					.len = KiB(4) };

	script.reply[SIDE_TARGET_REREGISTER].target.rkey = 77;
	script.error[SIDE_TARGET_REREGISTER] = EACCES;
	assert_int_equal((reregistration_errno)(t, target, change), EACCES);
	assert_int_equal(target->info.rkey, 0x2001);
	script.error[SIDE_TARGET_REREGISTER] = 0;
	assert_int_equal((reregistration_errno)(t, target, change), 0);
	assert_int_equal(target->info.rkey, 77);
	assert_int_equal(script.request[1].spec.access, MR_LOCAL_WRITE);
	assert_int_equal(script.request[1].argument, change.what);
	assert_int_equal(target->spec.mr_offset, KiB(4));
	(target_change)(t, target, change);
	script.error[SIDE_TARGET_REREGISTER] = EPERM;
	fails((target_change)(t, target, change),
	      "ibv_rereg_mr: Operation not permitted");
	script.error[SIDE_TARGET_REREGISTER] = EOPNOTSUPP;
	strcpy(script.env.device.name, "efa_0");
	ends((reregistration_errno)(t, target, change), VERDICT_SKIP,
	     "efa_0 does not support this change of a region (ibv_rereg_mr)");
}

/* On the side whose memory or whose keys it uses. */
static void target__by_the_keys_of_another(void **state)
{
	struct target *theirs = script_target(RESPONDER, 0);
	struct target *ours = script_target(INITIATOR, 0);
	const struct target_spec spec = { REGION_ANON, MR_ODP_IMPLICIT, KiB(8) };

	(target_in_implicit)(t, theirs, spec);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_OPEN));
	assert_int_equal(script.request[0].spec.lender, theirs->info.id + 1);
	(target_in_implicit)(t, ours, spec);
	next_is(INITIATOR, &REQUEST(SIDE_TARGET_OPEN));
	assert_int_equal(script.request[1].spec.lender, ours->info.id + 1);
}

static void target__second_registration(void **state)
{
	struct target *first = script_target(INITIATOR, KiB(64));
	const struct target_spec *spec = &script.request[0].spec;
	struct target *second;

	first->spec.unregistered = true;
	second = (target_second_mr)(t, first, KiB(4), KiB(8), MR_LOCAL_WRITE);
	next_is(INITIATOR, &REQUEST(SIDE_TARGET_OPEN));
	assert_int_equal(spec->same_memory, first->info.id + 1);
	assert_int_equal(spec->mr_offset, KiB(4));
	assert_int_equal(spec->mr_len, KiB(8));
	assert_int_equal(spec->len, KiB(64));
	assert_int_equal(spec->access, MR_LOCAL_WRITE);
	assert_false(spec->unregistered);
	assert_int_equal(second->seed, first->seed); /* the same data */
}

static void advice__is_handed_on(void **state)
{
	struct target *target = script_target(RESPONDER, KiB(64));
	struct target *other = script_target(RESPONDER, KiB(64));
	const struct local_piece more[] = { { other, 8, 16 }, { other, 32, 64 } };
	const struct side_op *op = &script.request[0].op;
	struct advice advice = { target,   KiB(4),	 KiB(8),     MR_PREFETCH_WRITE,
				 .key = 5, .more = more, .pieces = 2 };

	assert_int_equal((advise_errno)(t, advice), 0);
	next_is(RESPONDER,
		&REQUEST(SIDE_TARGET_ADVISE, .target = target->info.id, .offset = KiB(4),
			 .len = KiB(8), .argument = MR_PREFETCH_WRITE, .flag = true,
			 .key = 5));
	assert_int_equal(op->rdma.sges, 2);
	assert_int_equal(op->piece[1].target, other->info.id);
	assert_int_equal(op->piece[1].offset, 32);
	assert_int_equal(op->piece[1].len, 64);
	advice.async = true;
	script.error[SIDE_TARGET_ADVISE] = EFAULT;
	assert_int_equal((advise_errno)(t, advice), EFAULT);
	assert_false(next_of(SIDE_TARGET_ADVISE)->flag);
}

static void prefetch__succeeds_or_fails(void **state)
{
	struct target *target = script_target(RESPONDER, KiB(64));

	(target_prefetch)(t, target, 8, 16, MR_PREFETCH);
	next_is(RESPONDER,
		&REQUEST(SIDE_TARGET_ADVISE, .target = target->info.id, .offset = 8,
			 .len = 16, .argument = MR_PREFETCH, .flag = true));
	script.error[SIDE_TARGET_ADVISE] = EFAULT;
	fails((target_prefetch)(t, target, 8, 16, MR_PREFETCH),
	      "ibv_advise_mr: Bad address");
}

static int one_page_more(const struct side_request *request, struct side_reply *reply)
{
	reply->number = count_of(SIDE_TARGET_RESIDENT);
	return 0;
}

static void resident__is_awaited(void **state)
{
	struct target *target = script_target(RESPONDER, KiB(64));

	script.serve = one_page_more;
	(await_resident)(t, target, 8, 16, 3);
	assert_int_equal(count_of(SIDE_TARGET_RESIDENT), 3);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_RESIDENT, .target = target->info.id,
				    .offset = 8, .len = 16));
	/* the device's own table follows */
	assert_int_equal(script.slept_ns, (2 + 100) * NSEC_PER_MSEC);
}

static void resident__too_few(void **state)
{
	struct target *target = script_target(RESPONDER, KiB(64));

	script.reply[SIDE_TARGET_RESIDENT].number = 2;
	fails((await_resident)(t, target, 8, 16, 3), "2 pages are resident, expected 3");
	assert_in_range(script.slept_ns, 4 * NSEC_PER_SEC, 6 * NSEC_PER_SEC);
}

static const struct CMUnitTest tests[] = {
	WITH_SCRIPT(target__of_each_side),
	WITH_SCRIPT(target__without_room_for_it),
	WITH_SCRIPT(target__that_is_sparse),
	WITH_SCRIPT(target__of_the_chosen_kind),
	WITH_SCRIPT(target__of_huge_pages_or_dax),
	WITH_SCRIPT(target__more_than_there_are),
	WITH_SCRIPT(target__that_cannot_be_made),
	WITH_SCRIPT(registration__anew),
	WITH_SCRIPT(registration__that_is_refused),
	WITH_SCRIPT(reregistration__changes_the_keys),
	WITH_SCRIPT(target__by_the_keys_of_another),
	WITH_SCRIPT(target__second_registration),
	WITH_SCRIPT(advice__is_handed_on),
	WITH_SCRIPT(prefetch__succeeds_or_fails),
	WITH_SCRIPT(resident__is_awaited),
	WITH_SCRIPT(resident__too_few),
};

int main(void)
{
	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
