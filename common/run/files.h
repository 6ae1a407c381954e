/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * files.h - words for the file behind a target
 *
 * scenario.h includes it.
 */
#ifndef ODPLAB_RUN_FILES_H
#define ODPLAB_RUN_FILES_H

#include <stdint.h>

#include "mem/extents.h"

struct test;
struct target;

#define target_truncate(t, ...) STEP(t, target_truncate, #__VA_ARGS__, __VA_ARGS__)
#define target_punch(t, ...)	STEP(t, target_punch, #__VA_ARGS__, __VA_ARGS__)
#define target_zero(t, ...)	STEP(t, target_zero, #__VA_ARGS__, __VA_ARGS__)
#define target_allocate(t, ...) STEP(t, target_allocate, #__VA_ARGS__, __VA_ARGS__)
/* What is behind the range moves up, or down. */
#define target_collapse(t, ...) STEP(t, target_collapse, #__VA_ARGS__, __VA_ARGS__)
#define target_insert(t, ...)	STEP(t, target_insert, #__VA_ARGS__, __VA_ARGS__)
/* The target's file shares all blocks of the other's: target, source */
#define target_clone(t, ...)	 STEP(t, target_clone, #__VA_ARGS__, __VA_ARGS__)
#define target_fdatasync(t, ...) STEP(t, target_fdatasync, #__VA_ARGS__, __VA_ARGS__)
/* What the CPU stored is on the media: by libpmem, or by msync(). */
#define target_persist(t, ...) STEP(t, target_persist, #__VA_ARGS__, __VA_ARGS__)

/* Takes all blocks that the filesystem has left; and gives them back. */
#define fill_filesystem(t, ...) STEP(t, fill_filesystem, #__VA_ARGS__, __VA_ARGS__)
#define free_filesystem(t, ...) STEP(t, free_filesystem, #__VA_ARGS__, __VA_ARGS__)
/* The errno of unmounting the target's filesystem. */
#define unmount_errno(t, ...) STEP(t, unmount_errno, #__VA_ARGS__, __VA_ARGS__)
/* Takes the filesystem out of sight while it is in use; takes the driver from its memory. */
#define detach_filesystem(t, ...) STEP(t, detach_filesystem, #__VA_ARGS__, __VA_ARGS__)
#define remove_media(t, ...)	  STEP(t, remove_media, #__VA_ARGS__, __VA_ARGS__)

/* Bytes on the media; and how they lie there. */
uint64_t target_allocated(struct test *t, struct target *target);
struct extents target_extents(struct test *t, struct target *target);

void(target_truncate)(struct test *t, struct target *target, uint64_t size);
void(target_punch)(struct test *t, struct target *target, uint64_t offset, uint64_t len);
void(target_zero)(struct test *t, struct target *target, uint64_t offset, uint64_t len);
void(target_allocate)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len);
void(target_collapse)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len);
void(target_insert)(struct test *t, struct target *target, uint64_t offset, uint64_t len);
void(target_clone)(struct test *t, struct target *target, struct target *source);
void(target_fdatasync)(struct test *t, struct target *target);
void(target_persist)(struct test *t, struct target *target, uint64_t offset,
		     uint64_t len);
void(fill_filesystem)(struct test *t, struct target *target);
void(free_filesystem)(struct test *t, struct target *target);
int(unmount_errno)(struct test *t, struct target *target);
void(detach_filesystem)(struct test *t, struct target *target);
void(remove_media)(struct test *t, struct target *target);

#endif
