/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* mapping.h - words that change the mapping of a target */
#ifndef ODPLAB_SCENARIO_MEMORY_MAPPING_H
#define ODPLAB_SCENARIO_MEMORY_MAPPING_H

#include <stdint.h>

#include "region/advice.h"
#include "region/mremap.h"
#include "region/region_ops.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * Pages of the range leave the CPU's page table: by MADV_DONTNEED or its like, so that
 * the next access faults; by munmap(), after which target_map() maps the target again; by
 * mmap() of the same memory over itself (MAP_FIXED).
 */
#define target_evict(t, ...) STEP(t, target_evict, #__VA_ARGS__, __VA_ARGS__)
void(target_evict)(struct test *t, struct target *target, uint64_t offset, uint64_t len);

#define target_unmap(t, ...) STEP(t, target_unmap, #__VA_ARGS__, __VA_ARGS__)
void(target_unmap)(struct test *t, struct target *target, uint64_t offset, uint64_t len);

#define target_map(t, ...) STEP(t, target_map, #__VA_ARGS__, __VA_ARGS__)
void(target_map)(struct test *t, struct target *target);

#define target_remap(t, ...) STEP(t, target_remap, #__VA_ARGS__, __VA_ARGS__)
void(target_remap)(struct test *t, struct target *target, uint64_t offset, uint64_t len);

#define target_protect(t, ...) STEP(t, target_protect, #__VA_ARGS__, __VA_ARGS__)
void(target_protect)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_protection protection);

/*
 * Maps (MAP_FIXED) the start of the file of @other over a range. check_file() and
 * target_fill() still use the file of @target.
 */
#define target_map_other_file(t, ...) \
	STEP(t, target_map_other_file, #__VA_ARGS__, __VA_ARGS__)
void(target_map_other_file)(struct test *t, struct target *target, uint64_t offset,
			    uint64_t len, struct target *other);

/* madvise(), repeated while it returns EAGAIN, for 2 s at most. */
#define target_madvise(t, ...) STEP(t, target_madvise, #__VA_ARGS__, __VA_ARGS__)
void(target_madvise)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_advice advice);

/* madvise() with any number of <sys/mman.h>. Returns the errno. */
#define madvise_errno(t, ...) STEP(t, madvise_errno, #__VA_ARGS__, __VA_ARGS__)
int(madvise_errno)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   int advice);

/* mremap() in one of the forms of region/mremap.h. Returns the errno. */
#define mremap_errno(t, ...) STEP(t, mremap_errno, #__VA_ARGS__, __VA_ARGS__)
int(mremap_errno)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  enum mremap_form form);

#endif
