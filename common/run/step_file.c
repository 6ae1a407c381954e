// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_file.c - steps that change the file behind a target */
#include <errno.h>
#include <string.h>

#include "run/test.h"

void(target_truncate)(struct test *t, struct target *target, uint64_t size)
{
	test_change(t, target, SIDE_TARGET_TRUNCATE, 0, size, "truncate");
}

void(target_punch)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	test_change(t, target, SIDE_TARGET_PUNCH, offset, len, "punch a hole");
}

void(target_zero)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	test_change(t, target, SIDE_TARGET_ZERO, offset, len, "zero a range");
}

void(target_allocate)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len)
{
	test_change(t, target, SIDE_TARGET_ALLOCATE, offset, len, "allocate blocks");
}

void(target_collapse)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len)
{
	test_change(t, target, SIDE_TARGET_COLLAPSE, offset, len, "collapse a range");
}

void(target_insert)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	test_change(t, target, SIDE_TARGET_INSERT, offset, len, "insert a range");
}

void(target_clone)(struct test *t, struct target *target, struct target *source)
{
	struct side_request request = { .kind = SIDE_TARGET_CLONE,
					.target = target->info.id,
					.argument = source->info.id };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "clone a file");
}

void(target_fdatasync)(struct test *t, struct target *target)
{
	test_change(t, target, SIDE_TARGET_SYNC, 0, 0, "fdatasync");
}

uint64_t target_allocated(struct test *t, struct target *target)
{
	return test_ask(t, target, SIDE_TARGET_ALLOCATED, 0, 0,
			"ask for allocated blocks");
}

struct extents target_extents(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_TARGET_EXTENTS,
					.target = target->info.id };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "ask for the file's extents");
	return reply.extents;
}

void(target_persist)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	test_change(t, target, SIDE_TARGET_PERSIST, offset, len, "make it persistent");
}

void(fill_filesystem)(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_FILESYSTEM_FILL,
					.target = target->info.id };
	struct side_reply reply;
	int ret = side_call(target->side, &request, &reply);

	if (ret == -EFBIG)
		test_skip(t, "the filesystem has too much free to fill it up; name a "
			     "small one with --dax");
	if (ret)
		test_fail(t, "fill the filesystem: %s", strerror(-ret));
}

void(free_filesystem)(struct test *t, struct target *target)
{
	test_change(t, target, SIDE_FILESYSTEM_FREE, 0, 0, "free the filesystem");
}

int(unmount_errno)(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_FILESYSTEM_UNMOUNT,
					.target = target->info.id };
	struct side_reply reply;

	(void)t;
	return -side_call(target->side, &request, &reply);
}

void(detach_filesystem)(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_FILESYSTEM_UNMOUNT,
					.target = target->info.id,
					.flag = true };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "detach the filesystem");
}

void(remove_media)(struct test *t, struct target *target)
{
	test_change(t, target, SIDE_MEDIA_REMOVE, 0, 0, "remove the memory device");
}
