// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* words.c - words that are one request each: what they ask, of which side */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scenario/scenario.h"
#include "scripted_side.h"

static struct test *const t = &script.test;
static struct target *target;
static uint32_t id;

static int begin(void **state)
{
	int ret = script_begin(state);

	target = script_target(RESPONDER, MiB(1));
	id = target->info.id;
	return ret;
}

/* A word, what it asks the responder, and how the scenario ends where that fails. */
#define ASKS(word, kind, why, ...)                               \
	do {                                                     \
		word;                                            \
		next_is(RESPONDER, &REQUEST(kind, __VA_ARGS__)); \
		script.error[kind] = EIO;                        \
		fails(word, why ": Input/output error");         \
		script.error[kind] = 0;                          \
		script.seen = script.asked;                      \
	} while (0)

static void mapping__each_word(void **state)
{
	struct target *other = script_target(RESPONDER, KiB(64));

	ASKS((target_evict)(t, target, 8, 9), SIDE_TARGET_EVICT, "evict", .target = id,
	     .offset = 8, .len = 9);
	ASKS((target_unmap)(t, target, 8, 9), SIDE_TARGET_UNMAP, "unmap", .target = id,
	     .offset = 8, .len = 9);
	ASKS((target_map)(t, target), SIDE_TARGET_MAP, "map", .target = id);
	ASKS((target_remap)(t, target, 8, 9), SIDE_TARGET_REMAP, "map in place",
	     .target = id, .offset = 8, .len = 9);
	ASKS((target_protect)(t, target, 8, 9, REGION_NO_ACCESS), SIDE_TARGET_PROTECT,
	     "protect", .target = id, .offset = 8, .len = 9,
	     .argument = REGION_NO_ACCESS);
	ASKS((target_map_other_file)(t, target, 8, 9, other), SIDE_TARGET_MAP_OTHER_FILE,
	     "map another file in place", .target = id, .offset = 8, .len = 9,
	     .argument = other->info.id);
	ASKS((target_madvise)(t, target, 8, 9, REGION_COLLAPSE), SIDE_TARGET_MADVISE,
	     "MADV_COLLAPSE", .target = id, .offset = 8, .len = 9,
	     .argument = REGION_COLLAPSE);
}

static void file__each_word(void **state)
{
	struct target *source = script_target(RESPONDER, KiB(64));

	ASKS((target_truncate)(t, target, 9), SIDE_TARGET_TRUNCATE, "truncate",
	     .target = id, .len = 9);
	ASKS((target_punch)(t, target, 8, 9), SIDE_TARGET_PUNCH, "punch a hole",
	     .target = id, .offset = 8, .len = 9);
	ASKS((target_zero)(t, target, 8, 9), SIDE_TARGET_ZERO, "zero a range",
	     .target = id, .offset = 8, .len = 9);
	ASKS((target_allocate)(t, target, 8, 9), SIDE_TARGET_ALLOCATE, "allocate blocks",
	     .target = id, .offset = 8, .len = 9);
	ASKS((target_collapse)(t, target, 8, 9), SIDE_TARGET_COLLAPSE, "collapse a range",
	     .target = id, .offset = 8, .len = 9);
	ASKS((target_insert)(t, target, 8, 9), SIDE_TARGET_INSERT, "insert a range",
	     .target = id, .offset = 8, .len = 9);
	ASKS((target_clone)(t, target, source), SIDE_TARGET_CLONE, "clone a file",
	     .target = id, .argument = source->info.id);
	script.reply[SIDE_TARGET_FILE_CALL].number = EXDEV;
	assert_int_equal((file_call_errno)(t, target, FILE_DEDUPE, 8, 9, source), EXDEV);
	ASKS((file_call_errno)(t, target, FILE_DEDUPE, 8, 9, source),
	     SIDE_TARGET_FILE_CALL, "call the filesystem", .target = id, .offset = 8,
	     .len = 9, .argument = FILE_DEDUPE, .key = source->info.id);
	ASKS((target_fdatasync)(t, target), SIDE_TARGET_SYNC, "fdatasync", .target = id);
	ASKS((target_persist)(t, target, 8, 9), SIDE_TARGET_PERSIST, "persist a range",
	     .target = id, .offset = 8, .len = 9);
	script.reply[SIDE_TARGET_ALLOCATED].number = 12;
	assert_int_equal(target_allocated(t, target), 12);
	ASKS(target_allocated(t, target), SIDE_TARGET_ALLOCATED, "count allocated blocks",
	     .target = id);
	script.reply[SIDE_TARGET_EXTENTS].extents.seen = 3;
	assert_int_equal(target_extents(t, target).seen, 3);
	ASKS(target_extents(t, target), SIDE_TARGET_EXTENTS, "list the file's extents",
	     .target = id);
}

static void filesystem__each_word(void **state)
{
	ASKS((fill_filesystem)(t, target), SIDE_FILESYSTEM_FILL, "fill the filesystem",
	     .target = id);
	script.error[SIDE_FILESYSTEM_FILL] = EFBIG;
	ends((fill_filesystem)(t, target), VERDICT_SKIP,
	     "the filesystem has too much free space to fill it up; name a small one "
	     "with --dax");
	script.seen = script.asked;
	ASKS((free_filesystem)(t, target), SIDE_FILESYSTEM_FREE, "free the filesystem",
	     .target = id);
	ASKS((detach_filesystem)(t, target), SIDE_FILESYSTEM_UNMOUNT,
	     "detach the filesystem", .target = id, .flag = true);
	ASKS((unbind_nvdimm)(t, target), SIDE_NVDIMM_UNBIND, "unbind the NVDIMM",
	     .target = id);
	ASKS((freeze_filesystem)(t, target, 9), SIDE_FILESYSTEM_FREEZE,
	     "freeze the filesystem", .target = id, .argument = 9);
	script.reply[SIDE_FILESYSTEM_THAWED].number = 3;
	assert_int_equal((filesystem_thawed)(t, target), 3);
	ASKS((filesystem_thawed)(t, target), SIDE_FILESYSTEM_THAWED, "wait for the thaw");
	script.reply[SIDE_FILESYSTEM_THAWED].number = 0;
	ends((filesystem_thawed)(t, target), VERDICT_FAIL,
	     "the filesystem was not thawed");
	script.seen = script.asked;
	script.reply[SIDE_FILESYSTEM_REMOUNT].number = EBUSY;
	assert_int_equal((remount_errno)(t, target, true), EBUSY);
	ASKS((remount_errno)(t, target, true), SIDE_FILESYSTEM_REMOUNT,
	     "make the filesystem read-only", .target = id, .flag = true);
	script.reply[SIDE_FILESYSTEM_SHUT_DOWN].number = EPERM;
	assert_int_equal((shut_down_errno)(t, target, SHUTDOWN_LOGGED), EPERM);
	ASKS((shut_down_errno)(t, target, SHUTDOWN_LOGGED), SIDE_FILESYSTEM_SHUT_DOWN,
	     "shut the filesystem down", .target = id, .argument = SHUTDOWN_LOGGED);
	assert_int_equal((unmount_errno)(t, target), 0);
	next_is(RESPONDER, &REQUEST(SIDE_FILESYSTEM_UNMOUNT, .target = id));
	script.error[SIDE_FILESYSTEM_UNMOUNT] = EBUSY;
	assert_int_equal((unmount_errno)(t, target), EBUSY);
}

static void child__each_word(void **state)
{
	struct side_reply *reply = &script.reply[SIDE_CHILD_CHECK];

	ASKS((fork_child)(t), SIDE_CHILD_BEGIN, "fork");
	ASKS((child_ends)(t), SIDE_CHILD_END, "wait for the child");
	ASKS((child_stores)(t, target, 8, 9, 5), SIDE_CHILD_STORE, "store by the child",
	     .target = id, .offset = 8, .len = 9, .pattern = { target->seed, 5 },
	     .pattern_offset = 8);
	ASKS((check_child)(t, target, 8, 9, 5), SIDE_CHILD_CHECK, "check in the child",
	     .target = id, .offset = 8, .len = 9, .pattern = { target->seed, 5 },
	     .pattern_offset = 8);
	script.error[SIDE_CHILD_CHECK] = EBADMSG;
	reply->mismatch = (struct mismatch){ MISMATCH_STALE, .offset = 8, .bytes = 9,
					     .expected = 5, .generation = 4 };
	fails((check_child)(t, target, 8, 9, 5),
	      "wrong data in the child: stale generation 4 at offset 8, expected "
	      "generation 5 (9 bytes wrong)");
}

static void mirror__each_word(void **state)
{
	struct side_reply *reply = &script.reply[SIDE_MIRROR_CHECK];

	ASKS((mirror_stores)(t, target, 8, 9, 5), SIDE_MIRROR_STORE,
	     "store by the second mirror", .target = id, .offset = 8, .len = 9,
	     .pattern = { target->seed, 5 }, .pattern_offset = 8);
	ASKS((check_mirror)(t, target, 8, 9, 5), SIDE_MIRROR_CHECK,
	     "check in the second mirror", .target = id, .offset = 8, .len = 9,
	     .pattern = { target->seed, 5 }, .pattern_offset = 8);
	script.error[SIDE_MIRROR_CHECK] = EBADMSG;
	reply->mismatch = (struct mismatch){ MISMATCH_ZEROS, .offset = 8, .bytes = 9,
					     .expected = 5 };
	fails((check_mirror)(t, target, 8, 9, 5),
	      "wrong data in the second mirror: zeros at offset 8, expected generation 5 "
	      "(9 bytes wrong)");
	/* what it reads does not matter, but whether it can */
	assert_int_equal((mirror_read_errno)(t, target, 8, 9), 0);
	script.error[SIDE_MIRROR_CHECK] = EFAULT;
	assert_int_equal((mirror_read_errno)(t, target, 8, 9), EFAULT);
	script.reply[SIDE_MIRROR_HOLDS].number = 2;
	assert_int_equal((pages_in_device)(t, target, 0, 3 * PAGE_BYTES, MIRROR_COHERENT),
			 2);
	script.seen = script.asked;
	ASKS((pages_in_device)(t, target, 0, 3 * PAGE_BYTES, MIRROR_COHERENT),
	     SIDE_MIRROR_HOLDS, "where pages are", .target = id, .len = 3 * PAGE_BYTES,
	     .argument = MIRROR_COHERENT);
	fails((migrate_to_device)(t, target, 0, 3 * PAGE_BYTES, MIRROR_PRIVATE),
	      "2 of 3 pages are in device memory");
}

static void uffd__each_word(void **state)
{
	ASKS((uffd_delay_missing)(t, target, 20, 5), SIDE_UFFD_DELAY_BEGIN,
	     "delay missing pages", .target = id, .len = MiB(1), .argument = 20,
	     .pattern = { target->seed, 5 });
	ASKS((uffd_delay_writes)(t, target, 20), SIDE_UFFD_DELAY_BEGIN, "delay writes",
	     .target = id, .len = MiB(1), .argument = 20, .key = UFFD_PROTECT);
	ASKS((uffd_delay_by)(t, target, UFFD_MOVE, 20, 5), SIDE_UFFD_DELAY_BEGIN,
	     "delay page faults", .target = id, .len = MiB(1), .argument = 20,
	     .key = UFFD_MOVE, .pattern = { target->seed, 5 });
	script.reply[SIDE_UFFD_DELAY_END].number = 3;
	assert_int_equal((uffd_delay_stop)(t, target), 3);
	ASKS((uffd_delay_stop)(t, target), SIDE_UFFD_DELAY_END, "end the delay");
}

static void mmap_lock__each_word(void **state)
{
	ASKS((mmap_lock_held)(t, target, 20), SIDE_MMAP_LOCK_HOLD, "hold mmap_lock",
	     .argument = 20);
	script.reply[SIDE_MMAP_LOCK_AWAIT].number = 3;
	assert_int_equal((mmap_lock_free)(t, target), 3);
	ASKS((mmap_lock_free)(t, target), SIDE_MMAP_LOCK_AWAIT, "wait for mmap_lock");
}

static void node__of_present_pages(void **state)
{
	script.reply[SIDE_TARGET_NODE].number = 1;
	assert_int_equal((target_node)(t, target, KiB(4), KiB(8)), 1);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_NODE, .target = id, .offset = KiB(4),
				    .len = KiB(8)));
	script.error[SIDE_TARGET_NODE] = EAGAIN;
	assert_int_equal((target_node)(t, target, KiB(4), KiB(8)), -1);
}

static void allocation__each_word(void **state)
{
	bool failed = false;

	script.reply[SIDE_TARGET_REGISTER].number = 1;
	script.error[SIDE_TARGET_REGISTER] = ENOMEM;
	assert_int_equal((registration_errno_without)(t, target, 5, &failed), ENOMEM);
	assert_true(failed);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_REGISTER, .target = id, .argument = 5));
	script.reply[SIDE_TARGET_REGISTER].number = 0;
	script.error[SIDE_TARGET_REGISTER] = 0;
	assert_int_equal((registration_errno_without)(t, target, 6, &failed), 0);
	assert_false(failed);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_REGISTER, .target = id, .argument = 6));
	ASKS((allocations_fail)(t, target, FAIL_ALLOC_HANDLER, 3), SIDE_ALLOCATIONS_FAIL,
	     "let allocations fail", .argument = FAIL_ALLOC_HANDLER, .len = 3);
	script.reply[SIDE_ALLOCATIONS_FAILED].number = 3;
	assert_int_equal((allocations_failed)(t, target), 3);
	ASKS((allocations_failed)(t, target), SIDE_ALLOCATIONS_FAILED,
	     "let no allocation fail");
}

static void race__each_word(void **state)
{
	(hold_race)(t, target, RACE_WALKED);
	next_is(RESPONDER,
		&REQUEST(SIDE_RACE_HOLD, .target = id, .argument = RACE_WALKED));
	script.error[SIDE_RACE_HOLD] = ESRCH;
	ends((hold_race)(t, target, RACE_WALKED), VERDICT_SKIP,
	     "walked: the kernel has a function of that name without such code: "
	     "ib_umem_odp_map_dma_and_lock+call=hmm_range_fault_unlocked_timeout,"
	     "hmm_range_fault");
	fails((await_pause)(t, target, 1), "no processor came to where the race is");
	script.reply[SIDE_RACE_PAUSES].number = 1;
	(await_pause)(t, target, 1);
	(release_race)(t, target);
	assert_true(t->unproven);
	t->unproven = false;
	script.seen = script.asked;
	script.reply[SIDE_RACE_RELEASE].number = 3;
	ASKS((release_race)(t, target), SIDE_RACE_RELEASE, "release the race");
	assert_false(t->unproven);
}

static void limits__each_word(void **state)
{
	ASKS(limit_memlock(t, 5), SIDE_LIMIT_MEMLOCK, "limit locked memory", .len = 5);
	script.reply[SIDE_PINNED].number = 6;
	assert_int_equal(pinned_bytes(t), 6);
	ASKS(pinned_bytes(t), SIDE_PINNED, "read the pinned memory");
	script.reply[SIDE_KERNEL_MEMORY].number = 7;
	assert_int_equal(kernel_memory(t), 7);
	ASKS(kernel_memory(t), SIDE_KERNEL_MEMORY, "read the kernel's memory");
	ASKS((join_cgroup)(t), SIDE_JOIN_CGROUP, "join a cgroup");
	ASKS((limit_memory)(t, 8), SIDE_LIMIT_MEMORY, "limit the memory of the cgroup",
	     .len = 8);
	ASKS((start_demotion)(t), SIDE_DEMOTION_START, "let reclaim demote pages");
	ASKS((start_ksm)(t), SIDE_KSM_START, "start KSM");
	ASKS(remove_device(t), SIDE_REMOVE_DEVICE, "remove the device");
}

/* Both sides give it up, and have queue pairs that are made without it. */
static void privilege__is_given_up_by_both(void **state)
{
	drop_ipc_lock(t);
	next_is(INITIATOR, &REQUEST(SIDE_DROP_IPC_LOCK));
	next_is(RESPONDER, &REQUEST(SIDE_DROP_IPC_LOCK));
	assert_int_equal(count_of(SIDE_QP_CONNECT), 2);
}

static void invalidate__is_tried_again(void **state)
{
	ASKS((invalidate)(t, target, 8, 9, BY_DONTNEED), SIDE_TARGET_INVALIDATE,
	     "MADV_DONTNEED", .target = id, .offset = 8, .len = 9,
	     .argument = BY_DONTNEED);
	script.error[SIDE_TARGET_INVALIDATE] = EAGAIN;
	script.times[SIDE_TARGET_INVALIDATE] = 2;
	(invalidate)(t, target, 8, 9, BY_DONTNEED);
	assert_int_equal(script.asked - script.seen, 3);
}

/* Whether pages could be moved is no failure; that the kernel cannot compact is one. */
static void compaction__may_move_nothing(void **state)
{
	assert_true((compact_memory)(t, target));
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_INVALIDATE, .target = id, .len = MiB(1),
				    .argument = BY_COMPACTION));
	script.error[SIDE_TARGET_INVALIDATE] = EAGAIN;
	assert_false((compact_memory)(t, target));
	script.error[SIDE_TARGET_INVALIDATE] = EIO;
	fails((compact_memory)(t, target), "compact_memory: Input/output error");
}

static int merge_one_page(const struct side_request *request, struct side_reply *reply)
{
	if (request->kind == SIDE_KSM_MERGED)
		reply->number = count_of(SIDE_KSM_MERGED);
	return 0;
}

static void ksm__is_awaited(void **state)
{
	script.serve = merge_one_page;
	(await_ksm_merged)(t, target, 3);
	next_is(RESPONDER, &REQUEST(SIDE_KSM_START));
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_MADVISE, .target = id, .len = MiB(1),
				    .argument = REGION_KSM));
	assert_int_equal(count_of(SIDE_KSM_MERGED), 3);
	assert_int_equal(script.slept_ns, 3 * 20 * NSEC_PER_MSEC);
}

static void ksm__merges_too_little(void **state)
{
	script.reply[SIDE_KSM_MERGED].number = 2;
	fails((await_ksm_merged)(t, target, 3), "only 2 pages are merged");
	assert_in_range(script.slept_ns, 19 * NSEC_PER_SEC, 21 * NSEC_PER_SEC);
}

/* The kernel reports no end of it. */
static void swap__is_given_time(void **state)
{
	(await_swap_written)(t);
	assert_int_equal(script.slept_ns, 200 * NSEC_PER_MSEC);
}

#define WITH_TARGET(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_TARGET(mapping__each_word),
	WITH_TARGET(file__each_word),
	WITH_TARGET(filesystem__each_word),
	WITH_TARGET(child__each_word),
	WITH_TARGET(mirror__each_word),
	WITH_TARGET(uffd__each_word),
	WITH_TARGET(mmap_lock__each_word),
	WITH_TARGET(node__of_present_pages),
	WITH_TARGET(allocation__each_word),
	WITH_TARGET(race__each_word),
	WITH_TARGET(limits__each_word),
	WITH_TARGET(privilege__is_given_up_by_both),
	WITH_TARGET(invalidate__is_tried_again),
	WITH_TARGET(compaction__may_move_nothing),
	WITH_TARGET(ksm__is_awaited),
	WITH_TARGET(ksm__merges_too_little),
	WITH_TARGET(swap__is_given_time),
};

int main(void)
{
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
