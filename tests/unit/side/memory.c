// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* memory.c - requests that change a target's memory do it to the range that they name */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "asked_side.h"
#include "base/clock.h"
#include "base/util.h"
#include "called.h"
#include "invalidation/cgroup.h"
#include "invalidation/fail_alloc.h"
#include "invalidation/ksm.h"
#include "invalidation/offline.h"
#include "kernel/race.h"
#include "region/advice.h"
#include "region/file_call.h"
#include "region/mremap.h"
#include "region/residency.h"

static struct local_target *target;

/* The target's own region, or another one. */
static const char *name_of(const struct region *region)
{
	return region == &target->region ? "it" : "other";
}

/* Functions of a region and a range of it. */
#define RANGE_FUNCTION(function)                                                       \
	int __wrap_##function(struct region *region, uint64_t offset, size_t len);     \
	int __wrap_##function(struct region *region, uint64_t offset, size_t len)      \
	{                                                                              \
		CALLED(#function " %s %" PRIu64 " %zu", name_of(region), offset, len); \
	}

RANGE_FUNCTION(region_evict)
RANGE_FUNCTION(region_unmap)
RANGE_FUNCTION(region_remap)
RANGE_FUNCTION(region_punch)
RANGE_FUNCTION(region_zero)
RANGE_FUNCTION(region_allocate)
RANGE_FUNCTION(region_collapse)
RANGE_FUNCTION(region_insert)
RANGE_FUNCTION(region_persist)

/* Functions of other arguments: a prototype, and what is said of them. */
#define FUNCTION(function, arguments, ...)         \
	int __wrap_##function arguments;           \
	int __wrap_##function arguments            \
	{                                          \
		CALLED(#function " " __VA_ARGS__); \
	}

/* it would take the arguments for products */
/* clang-format off */
FUNCTION(region_map, (struct region *region, bool read_only), "%s %d", name_of(region),
	 read_only)
FUNCTION(region_protect,
	 (struct region *region, uint64_t offset, size_t len,
	  enum region_protection protection),
	 "%s %" PRIu64 " %zu %u", name_of(region), offset, len, protection)
FUNCTION(region_truncate, (struct region *region, uint64_t size), "%s %" PRIu64,
	 name_of(region), size)
FUNCTION(region_sync, (struct region *region), "%s", name_of(region))
FUNCTION(region_clone, (struct region *region, const struct region *source), "%s %s",
	 name_of(region), name_of(source))
FUNCTION(region_map_other_file,
	 (struct region *region, uint64_t offset, size_t len,
	  const struct region *other),
	 "%s %" PRIu64 " %zu %s", name_of(region), offset, len, name_of(other))
FUNCTION(region_advise,
	 (struct region *region, uint64_t offset, size_t len, enum region_advice advice),
	 "%s %" PRIu64 " %zu %u", name_of(region), offset, len, advice)
FUNCTION(region_invalidate,
	 (struct region *region, uint64_t offset, size_t len, enum invalidator by,
	  uint64_t turn),
	 "%s %" PRIu64 " %zu %u %" PRIu64, name_of(region), offset, len, by, turn)
FUNCTION(region_file_call,
	 (struct region *region, enum file_call call, uint64_t offset, size_t len,
	  const struct region *other),
	 "%s %u %" PRIu64 " %zu %s", name_of(region), call, offset, len, name_of(other))
FUNCTION(region_mremap,
	 (struct region *region, uint64_t offset, size_t len, enum mremap_form form),
	 "%s %" PRIu64 " %zu %u", name_of(region), offset, len, form)
FUNCTION(storm_begin,
	 (struct storm *storm, struct region *region, enum invalidator by, uint64_t seed,
	  uint64_t least_pause_ns),
	 "%s %u %" PRIu64 " %" PRIu64, name_of(region), by, seed, least_pause_ns)
FUNCTION(storm_end, (struct storm *storm), "%d", storm == &side->storm)
FUNCTION(uffd_delay_begin,
	 (struct uffd_delay *delay, struct region *region, uint64_t offset, size_t len,
	  uint64_t delay_ns, enum uffd_way way, struct pattern p),
	 "%s %" PRIu64 " %zu %" PRIu64 " %d %" PRIu64, name_of(region), offset, len,
	 delay_ns, (int)way, p.seed)
FUNCTION(uffd_delay_end, (struct uffd_delay *delay), "%d", delay == &side->uffd_delay)
FUNCTION(mmap_lock_hold, (struct mmap_lock_hold *hold, uint64_t ns), "%d %" PRIu64,
	 hold == &side->mmap_lock, ns)
FUNCTION(fail_alloc_begin, (enum fail_alloc_work work, unsigned int every), "%u %u",
	 (unsigned int)work, every)
FUNCTION(cgroup_join, (void), "")
FUNCTION(cgroup_limit, (size_t bytes), "%zu", bytes)
FUNCTION(demotion_start, (void), "")
FUNCTION(ksm_start, (void), "")
/* clang-format on */

/* Functions that answer a number. */
static int answer(uint64_t *number)
{
	*number = 1234;
	return called.ret;
}

int __wrap_region_allocated(const struct region *region, uint64_t *bytes);
int __wrap_region_allocated(const struct region *region, uint64_t *bytes)
{
	return region == &target->region ? answer(bytes) : -EXDEV;
}

int __wrap_residency_count(const void *addr, size_t len, uint64_t *present,
			   unsigned char *map);
int __wrap_residency_count(const void *addr, size_t len, uint64_t *present,
			   unsigned char *map)
{
	/* a target is being registered */
	if (map) {
		map[0] = 0;
		*present = 0;
		return 0;
	}
	assert_ptr_equal(addr, target->region.addr + 4096);
	assert_int_equal(len, 8192);
	return answer(present);
}

int __wrap_nodes_of(unsigned char *addr, size_t len);
int __wrap_nodes_of(unsigned char *addr, size_t len)
{
	assert_ptr_equal(addr, target->region.addr + request.offset);
	assert_int_equal(len, request.len);
	return called.ret;
}

int __wrap_ksm_merged(uint64_t *pages);
int __wrap_ksm_merged(uint64_t *pages)
{
	return answer(pages);
}

int __wrap_storm_cycles(struct storm *storm, uint64_t *cycles);
int __wrap_storm_cycles(struct storm *storm, uint64_t *cycles)
{
	return storm == &side->storm ? answer(cycles) : -EXDEV;
}

void __wrap_extents_query(int fd, uint64_t nvdimm_start, struct extents *extents);
void __wrap_extents_query(int fd, uint64_t nvdimm_start, struct extents *extents)
{
	assert_int_equal(fd, target->region.fd);
	assert_int_equal(nvdimm_start, 0);
	extents->seen = 3;
}

int __wrap_residency_frames(const void *addr, size_t len, uint64_t *frames);
int __wrap_residency_frames(const void *addr, size_t len, uint64_t *frames)
{
	assert_ptr_equal(addr, target->region.addr + 4096);
	assert_int_equal(len, PAGE_BYTES);
	return answer(frames);
}

static uint64_t released;  /* the last frame */
static unsigned int ended; /* failures of allocations */

int __wrap_fail_alloc_end(void);
int __wrap_fail_alloc_end(void)
{
	ended++;
	return called.ret;
}

void __wrap_offline_release(uint64_t frame);
void __wrap_offline_release(uint64_t frame)
{
	released = frame;
}

/* ---- the tests ---- */

FUNCTION(race_hold, (const struct race_row *row), "%s", row->name)

int64_t __wrap_race_pauses(void);
int64_t __wrap_race_pauses(void)
{
	return called.ret;
}

int64_t __wrap_race_release(void);
int64_t __wrap_race_release(void)
{
	ended++;
	return called.ret;
}

static int setup(void **state)
{
	loopback_reset(state);
	side = loopback_side(INITIATOR);
	target = loopback_target(side, KiB(16));
	loopback_target(side, KiB(4));
	request = (struct side_request){ .offset = 4096,
					 .len = 8192,
					 .argument = 1,
					 .flag = true,
					 .key = UFFD_PROTECT,
					 .pattern = { .seed = 77 } };
	called.ret = 0;
	return 0;
}

/* .argument is 1: REGION_READ_ONLY, BY_FREE, REGION_PAGE_OUT, the target 1, or 1 ms. */
static void request__does_what_it_says(void **state)
{
	static const struct {
		enum request_kind kind;
		const char *call;
	} rows[] = {
		{ SIDE_TARGET_EVICT, "region_evict it 4096 8192" },
		{ SIDE_TARGET_UNMAP, "region_unmap it 4096 8192" },
		{ SIDE_TARGET_MAP, "region_map it 1" },
		{ SIDE_TARGET_REMAP, "region_remap it 4096 8192" },
		{ SIDE_TARGET_PROTECT, "region_protect it 4096 8192 1" },
		{ SIDE_TARGET_TRUNCATE, "region_truncate it 8192" },
		{ SIDE_TARGET_PUNCH, "region_punch it 4096 8192" },
		{ SIDE_TARGET_ZERO, "region_zero it 4096 8192" },
		{ SIDE_TARGET_ALLOCATE, "region_allocate it 4096 8192" },
		{ SIDE_TARGET_COLLAPSE, "region_collapse it 4096 8192" },
		{ SIDE_TARGET_INSERT, "region_insert it 4096 8192" },
		{ SIDE_TARGET_SYNC, "region_sync it" },
		{ SIDE_TARGET_PERSIST, "region_persist it 4096 8192" },
		{ SIDE_TARGET_CLONE, "region_clone it other" },
		{ SIDE_TARGET_MAP_OTHER_FILE,
		  "region_map_other_file it 4096 8192 other" },
		{ SIDE_TARGET_MADVISE, "region_advise it 4096 8192 1" },
		{ SIDE_TARGET_INVALIDATE, "region_invalidate it 4096 8192 1 0" },
		{ SIDE_STORM_BEGIN, "storm_begin it 1 77 1000" },
		{ SIDE_STORM_END, "storm_end 1" },
		{ SIDE_UFFD_DELAY_BEGIN, "uffd_delay_begin it 4096 8192 1000000 1 77" },
		{ SIDE_UFFD_DELAY_END, "uffd_delay_end 1" },
		{ SIDE_MMAP_LOCK_HOLD, "mmap_lock_hold 1 1000000" },
		{ SIDE_ALLOCATIONS_FAIL, "fail_alloc_begin 1 8192" },
		{ SIDE_RACE_HOLD, "race_hold flags-written" },
		{ SIDE_JOIN_CGROUP, "cgroup_join " },
		{ SIDE_LIMIT_MEMORY, "cgroup_limit 8192" },
		{ SIDE_DEMOTION_START, "demotion_start " },
		{ SIDE_KSM_START, "ksm_start " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		called.ret = 0;
		called.text[0] = '\0';
		assert_int_equal(ask(rows[i].kind), 0);
		assert_string_equal(called.text, rows[i].call);
		called.ret = -EXDEV;
		assert_int_equal(ask(rows[i].kind), -EXDEV);
	}
}

static void number__is_replied(void **state)
{
	static const enum request_kind kinds[] = { SIDE_TARGET_ALLOCATED,
						   SIDE_TARGET_RESIDENT, SIDE_KSM_MERGED,
						   SIDE_STORM_CYCLES };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		called.ret = 0;
		assert_int_equal(ask(kinds[i]), 0);
		assert_int_equal(reply.number, 1234);
		called.ret = -EXDEV;
		assert_int_equal(ask(kinds[i]), -EXDEV);
	}
	called.ret = 5;
	assert_int_equal(ask(SIDE_UFFD_DELAY_END), 0);
	assert_int_equal(reply.number, 5);
	assert_int_equal(ask(SIDE_TARGET_NODE), 0);
	assert_int_equal(reply.number, 5);
	called.ret = -EAGAIN;
	assert_int_equal(ask(SIDE_TARGET_NODE), -EAGAIN);
	assert_int_equal(ask(SIDE_TARGET_EXTENTS), 0);
	assert_int_equal(reply.extents.seen, 3);
}

/* Also where a scenario ends in between. */
static void allocations__fail_no_more_after_the_side(void **state)
{
	ended = 0;
	called.ret = 0;
	assert_int_equal(ask(SIDE_ALLOCATIONS_FAIL), 0);
	called.ret = 5;
	assert_int_equal(ask(SIDE_ALLOCATIONS_FAILED), 0);
	assert_int_equal(reply.number, 5);
	called.ret = -EXDEV;
	assert_int_equal(ask(SIDE_ALLOCATIONS_FAILED), -EXDEV);
	assert_int_equal(ended, 2);
	ask(SIDE_ALLOCATIONS_FAIL);
	loopback_close(side);
	assert_int_equal(ended, 3);
	setup(state);
	loopback_close(side);
	assert_int_equal(ended, 3);
	setup(state);
}

/* It is released with the side, if not before. */
static void race__ends_with_the_side(void **state)
{
	ended = 0;
	called.ret = 4;
	assert_int_equal(ask(SIDE_RACE_PAUSES), 0);
	assert_int_equal(reply.number, 4);
	assert_int_equal(ask(SIDE_RACE_RELEASE), 0);
	assert_int_equal(reply.number, 4);
	called.ret = -EXDEV;
	assert_int_equal(ask(SIDE_RACE_PAUSES), -EXDEV);
	assert_int_equal(ask(SIDE_RACE_RELEASE), -EXDEV);
	assert_int_equal(ended, 2);
	called.ret = 0;
	request.argument = KERNEL_RACES;
	assert_int_equal(ask(SIDE_RACE_HOLD), -EINVAL);
	request.argument = 0;
	assert_int_equal(ask(SIDE_RACE_HOLD), 0);
	loopback_close(side);
	assert_int_equal(ended, 3);
	setup(state);
}

/*
 * Only when the memory is gone: what a device maps by mistake is no other process's then.
 */
static void frame__is_released_with_the_side(void **state)
{
	static const struct {
		enum region_advice advice;
		uint64_t frame;
	} rows[] = { { REGION_POISON, 1234 },
		     { REGION_SOFT_OFFLINE, 1234 },
		     { REGION_FREE, 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		request.argument = rows[i].advice;
		released = 1;
		assert_int_equal(ask(SIDE_TARGET_MADVISE), 0);
		assert_int_equal(released, 1);
		loopback_close(side);
		assert_int_equal(released, rows[i].frame);
		setup(state);
	}
	request.argument = REGION_POISON;
	called.ret = -EXDEV;
	called.text[0] = '\0';
	assert_int_equal(ask(SIDE_TARGET_MADVISE), -EXDEV);
	assert_string_equal(called.text, "");
}

/* Ways that alternate do so by the turn. */
static void invalidate__each_has_its_turn(void **state)
{
	for (int turn = 0; turn < 3; turn++)
		assert_int_equal(ask(SIDE_TARGET_INVALIDATE), 0);
	assert_string_equal(called.text, "region_invalidate it 4096 8192 1 2");
}

/* The errno is the answer, not a failure. */
static void mremap__replies_the_errno(void **state)
{
	request.argument = MREMAP_GROWS;
	called.ret = -EFAULT;
	called.text[0] = '\0';
	assert_int_equal(ask(SIDE_TARGET_MREMAP), 0);
	assert_int_equal(reply.number, EFAULT);
	assert_string_equal(called.text, "region_mremap it 4096 8192 4");
	request.argument = MREMAP_FORMS;
	assert_int_equal(ask(SIDE_TARGET_MREMAP), -EINVAL);
}

static void file_call__replies_the_errno(void **state)
{
	request.argument = FILE_DEDUPE;
	request.key = 1;
	called.ret = -EXDEV;
	assert_int_equal(ask(SIDE_TARGET_FILE_CALL), 0);
	assert_int_equal(reply.number, EXDEV);
	assert_string_equal(called.text, "region_file_call it 3 4096 8192 other");
	request.key = 2;
	assert_int_equal(ask(SIDE_TARGET_FILE_CALL), -EINVAL);
	request.key = 1;
	request.argument = FILE_CALLS;
	assert_int_equal(ask(SIDE_TARGET_FILE_CALL), -EINVAL);
}

static void other__is_not_open(void **state)
{
	request.argument = 2;
	called.text[0] = '\0';
	assert_int_equal(ask(SIDE_TARGET_CLONE), -EINVAL);
	assert_int_equal(ask(SIDE_TARGET_MAP_OTHER_FILE), -EINVAL);
	assert_non_null(strstr(loopback_log(), "the target whose file is mapped"));
	assert_string_equal(called.text, "");
}

static void change__of_another_kind(void **state)
{
	request.kind = SIDE_TARGET_OPEN;
	assert_int_equal(serve_change(side, target, &request, &reply), -EBADRQC);
	assert_int_equal(serve_filesystem(side, target, &request, &reply), -EBADRQC);
}

/* The target's own range comes first, then the pieces. */
static void advise__of_ranges(void **state)
{
	request.key = 0;
	request.op.rdma.sges = 1;
	request.op.piece[0] = (struct piece){ .target = 1, .offset = 16, .len = 32 };
	assert_int_equal(ask(SIDE_TARGET_ADVISE), 0);
	assert_int_equal(loopback.advised.advice, MR_PREFETCH_WRITE);
	assert_true(loopback.advised.sync);
	assert_int_equal(loopback.advised.n, 2);
	assert_true(loopback.advised.range[0].addr ==
		    (uintptr_t)target->region.addr + 4096);
	assert_int_equal(loopback.advised.range[0].len, 8192);
	assert_int_equal(loopback.advised.range[0].lkey, target->mr.lkey);
	assert_true(loopback.advised.range[1].addr ==
		    (uintptr_t)side->targets[1].region.addr + 16);
	request.key = 0x999;
	request.flag = false;
	assert_int_equal(ask(SIDE_TARGET_ADVISE), 0);
	assert_int_equal(loopback.advised.range[0].lkey, 0x999);
	assert_false(loopback.advised.sync);
	loopback.refuse = "mr_advise";
	loopback.error = EFAULT;
	assert_int_equal(ask(SIDE_TARGET_ADVISE), -EFAULT);
}

/*
 * The length of a range is 32 bits; a target without a key of its own may have borrowed
 * one.
 */
static void advise__refused(void **state)
{
	target->region.len = 1ull << 33;
	request.offset = 0;
	request.len = UINT32_MAX;
	assert_int_equal(ask(SIDE_TARGET_ADVISE), 0);
	assert_int_equal(loopback.advised.range[0].len, UINT32_MAX);
	request.len++;
	assert_int_equal(ask(SIDE_TARGET_ADVISE), -EINVAL);
	target->region.len = KiB(16);
	request.len = 4096;
	request.op.rdma.sges = 1;
	request.op.piece[0].target = 9;
	assert_int_equal(ask(SIDE_TARGET_ADVISE), -EINVAL);
	request.op.rdma.sges = 0;
	assert_int_equal(ask(SIDE_TARGET_DEREGISTER), 0);
	loopback.advised.n = 0;
	assert_int_equal(ask(SIDE_TARGET_ADVISE), -EINVAL);
	assert_int_equal(loopback.advised.n, 0);
	target->borrows = true;
	assert_int_equal(ask(SIDE_TARGET_ADVISE), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(request__does_what_it_says),
	TEST(number__is_replied),
	TEST(race__ends_with_the_side),
	TEST(frame__is_released_with_the_side),
	TEST(allocations__fail_no_more_after_the_side),
	TEST(invalidate__each_has_its_turn),
	TEST(mremap__replies_the_errno),
	TEST(file_call__replies_the_errno),
	TEST(other__is_not_open),
	TEST(change__of_another_kind),
	TEST(advise__of_ranges),
	TEST(advise__refused),
};

int main(void)
{
	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
