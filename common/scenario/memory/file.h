/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* file.h - words that change the file of a target, or its filesystem */
#ifndef ODPLAB_SCENARIO_MEMORY_FILE_H
#define ODPLAB_SCENARIO_MEMORY_FILE_H

#include <stdint.h>

#include "region/file_call.h"
#include "storage/extents.h"
#include "storage/filesystem.h"
#include "testcase/step.h"

struct test;
struct target;

#define target_truncate(t, ...) STEP(t, target_truncate, #__VA_ARGS__, __VA_ARGS__)
void(target_truncate)(struct test *t, struct target *target, uint64_t size);

#define target_punch(t, ...) STEP(t, target_punch, #__VA_ARGS__, __VA_ARGS__)
void(target_punch)(struct test *t, struct target *target, uint64_t offset, uint64_t len);

#define target_zero(t, ...) STEP(t, target_zero, #__VA_ARGS__, __VA_ARGS__)
void(target_zero)(struct test *t, struct target *target, uint64_t offset, uint64_t len);

#define target_allocate(t, ...) STEP(t, target_allocate, #__VA_ARGS__, __VA_ARGS__)
void(target_allocate)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len);

/* fallocate() with FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE. */
#define target_collapse(t, ...) STEP(t, target_collapse, #__VA_ARGS__, __VA_ARGS__)
void(target_collapse)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len);

#define target_insert(t, ...) STEP(t, target_insert, #__VA_ARGS__, __VA_ARGS__)
void(target_insert)(struct test *t, struct target *target, uint64_t offset, uint64_t len);

/* FICLONE: the file of @target shares all blocks of the file of @source. */
#define target_clone(t, ...) STEP(t, target_clone, #__VA_ARGS__, __VA_ARGS__)
void(target_clone)(struct test *t, struct target *target, struct target *source);

/* One of region/file_call.h, of the same range of both files. Returns the errno. */
#define file_call_errno(t, ...) STEP(t, file_call_errno, #__VA_ARGS__, __VA_ARGS__)
int(file_call_errno)(struct test *t, struct target *target, enum file_call call,
		     uint64_t offset, uint64_t len, struct target *other);

#define target_fdatasync(t, ...) STEP(t, target_fdatasync, #__VA_ARGS__, __VA_ARGS__)
void(target_fdatasync)(struct test *t, struct target *target);

/* Flushes what the CPU stored to the media, by libpmem or by msync(). */
#define target_persist(t, ...) STEP(t, target_persist, #__VA_ARGS__, __VA_ARGS__)
void(target_persist)(struct test *t, struct target *target, uint64_t offset,
		     uint64_t len);

/* Allocates all free blocks of the filesystem; free_filesystem() frees them again. */
#define fill_filesystem(t, ...) STEP(t, fill_filesystem, #__VA_ARGS__, __VA_ARGS__)
void(fill_filesystem)(struct test *t, struct target *target);

#define free_filesystem(t, ...) STEP(t, free_filesystem, #__VA_ARGS__, __VA_ARGS__)
void(free_filesystem)(struct test *t, struct target *target);

/*
 * From here on a process of its own holds the filesystem frozen, for @ms milliseconds:
 * storage/freeze.h.
 */
#define freeze_filesystem(t, ...) STEP(t, freeze_filesystem, #__VA_ARGS__, __VA_ARGS__)
void(freeze_filesystem)(struct test *t, struct target *target, uint32_t ms);

/* Waits for its end. Returns when it was thawed (clock_ns()). */
#define filesystem_thawed(t, ...) STEP(t, filesystem_thawed, #__VA_ARGS__, __VA_ARGS__)
uint64_t(filesystem_thawed)(struct test *t, struct target *target);

/* Unmounts the filesystem of the target. Returns the errno. */
#define unmount_errno(t, ...) STEP(t, unmount_errno, #__VA_ARGS__, __VA_ARGS__)
int(unmount_errno)(struct test *t, struct target *target);

/* Makes it read-only, or its mount alone, if that is not refused. Returns the errno. */
#define remount_errno(t, ...) STEP(t, remount_errno, #__VA_ARGS__, __VA_ARGS__)
int(remount_errno)(struct test *t, struct target *target, bool mount_alone);

/* Shuts it down. Returns the errno. */
#define shut_down_errno(t, ...) STEP(t, shut_down_errno, #__VA_ARGS__, __VA_ARGS__)
int(shut_down_errno)(struct test *t, struct target *target, enum shutdown_how how);

/* umount2() with MNT_DETACH. */
#define detach_filesystem(t, ...) STEP(t, detach_filesystem, #__VA_ARGS__, __VA_ARGS__)
void(detach_filesystem)(struct test *t, struct target *target);

/* Unbinds the driver from the NVDIMM under the filesystem. */
#define unbind_nvdimm(t, ...) STEP(t, unbind_nvdimm, #__VA_ARGS__, __VA_ARGS__)
void(unbind_nvdimm)(struct test *t, struct target *target);

/* Bytes allocated on the media; and the extents. */
uint64_t target_allocated(struct test *t, struct target *target);
struct extents target_extents(struct test *t, struct target *target);

#endif
