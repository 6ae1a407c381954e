// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* file.c - words that change the file of a target, or its filesystem */
#include "scenario/memory/file.h"

#include <errno.h>

#include "testcase/test.h"

void(target_truncate)(struct test *t, struct target *target, uint64_t size)
{
	ASK_TARGET(t, target, "truncate", SIDE_TARGET_TRUNCATE, .len = size);
}

void(target_punch)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	ASK_TARGET(t, target, "punch a hole", SIDE_TARGET_PUNCH, .offset = offset,
		   .len = len);
}

void(target_zero)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	ASK_TARGET(t, target, "zero a range", SIDE_TARGET_ZERO, .offset = offset,
		   .len = len);
}

void(target_allocate)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len)
{
	ASK_TARGET(t, target, "allocate blocks", SIDE_TARGET_ALLOCATE, .offset = offset,
		   .len = len);
}

void(target_collapse)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len)
{
	ASK_TARGET(t, target, "collapse a range", SIDE_TARGET_COLLAPSE, .offset = offset,
		   .len = len);
}

void(target_insert)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	ASK_TARGET(t, target, "insert a range", SIDE_TARGET_INSERT, .offset = offset,
		   .len = len);
}

void(target_clone)(struct test *t, struct target *target, struct target *source)
{
	ASK_TARGET(t, target, "clone a file", SIDE_TARGET_CLONE,
		   .argument = source->info.id);
}

int(file_call_errno)(struct test *t, struct target *target, enum file_call call,
		     uint64_t offset, uint64_t len, struct target *other)
{
	return (int)ASK_TARGET(t, target, "call the filesystem", SIDE_TARGET_FILE_CALL,
			       .offset = offset, .len = len, .argument = call,
			       .key = other->info.id)
		.number;
}

void(target_fdatasync)(struct test *t, struct target *target)
{
	ASK_TARGET(t, target, "fdatasync", SIDE_TARGET_SYNC);
}

uint64_t target_allocated(struct test *t, struct target *target)
{
	return ASK_TARGET(t, target, "count allocated blocks", SIDE_TARGET_ALLOCATED)
		.number;
}

struct extents target_extents(struct test *t, struct target *target)
{
	return ASK_TARGET(t, target, "list the file's extents", SIDE_TARGET_EXTENTS)
		.extents;
}

void(target_persist)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	ASK_TARGET(t, target, "persist a range", SIDE_TARGET_PERSIST, .offset = offset,
		   .len = len);
}

void(fill_filesystem)(struct test *t, struct target *target)
{
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_FILESYSTEM_FILL);

	if (ret == -EFBIG)
		test_skip(t, "the filesystem has too much free space to fill it up; "
			     "name a small one with --dax");
	if (ret)
		test_fail_errno(t, ret, "fill the filesystem");
	t->filled = true;
}

void(free_filesystem)(struct test *t, struct target *target)
{
	ASK_TARGET(t, target, "free the filesystem", SIDE_FILESYSTEM_FREE);
	t->filled = false;
}

void(freeze_filesystem)(struct test *t, struct target *target, uint32_t ms)
{
	ASK_TARGET(t, target, "freeze the filesystem", SIDE_FILESYSTEM_FREEZE,
		   .argument = ms);
}

uint64_t(filesystem_thawed)(struct test *t, struct target *target)
{
	uint64_t at =
		ASK(t, target->side, "wait for the thaw", SIDE_FILESYSTEM_THAWED).number;

	if (!at)
		test_fail(t, "the filesystem was not thawed");
	return at;
}

int(unmount_errno)(struct test *t, struct target *target)
{
	struct side_reply reply;

	return -TRY_TARGET(target, &reply, SIDE_FILESYSTEM_UNMOUNT);
}

int(remount_errno)(struct test *t, struct target *target, bool mount_alone)
{
	return (int)ASK_TARGET(t, target, "make the filesystem read-only",
			       SIDE_FILESYSTEM_REMOUNT, .flag = mount_alone)
		.number;
}

int(shut_down_errno)(struct test *t, struct target *target, enum shutdown_how how)
{
	return (int)ASK_TARGET(t, target, "shut the filesystem down",
			       SIDE_FILESYSTEM_SHUT_DOWN, .argument = how)
		.number;
}

void(detach_filesystem)(struct test *t, struct target *target)
{
	ASK_TARGET(t, target, "detach the filesystem", SIDE_FILESYSTEM_UNMOUNT,
		   .flag = true);
}

void(unbind_nvdimm)(struct test *t, struct target *target)
{
	ASK_TARGET(t, target, "unbind the NVDIMM", SIDE_NVDIMM_UNBIND);
}
