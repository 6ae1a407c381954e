/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* data.h - words that fill targets and check what lies in them */
#ifndef ODPLAB_SCENARIO_MEMORY_DATA_H
#define ODPLAB_SCENARIO_MEMORY_DATA_H

#include <stdint.h>

#include "base/pattern.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * The identity of written data, see base/pattern.h: it is a function of the target it is
 * written for, of the offset in that target, and of the generation. ZEROS: never written.
 */
#define GENERATION(n) ((uint16_t)(n))
#define ZEROS	      PATTERN_ZEROS

/* Writes through the file, not through the mapping, so that cold pages stay cold. */
#define target_fill(t, ...) STEP(t, target_fill, #__VA_ARGS__, __VA_ARGS__)
void(target_fill)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation);

/* Likewise, with the data of the target @meant at @meant_offset. */
#define target_fill_for(t, ...) STEP(t, target_fill_for, #__VA_ARGS__, __VA_ARGS__)
void(target_fill_for)(struct test *t, struct target *target, uint64_t offset,
		      struct target *meant, uint64_t meant_offset, uint64_t len,
		      uint16_t generation);

/* The CPU stores through the mapping. */
#define target_store(t, ...) STEP(t, target_store, #__VA_ARGS__, __VA_ARGS__)
void(target_store)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation);

/* Likewise, with the data of the target @meant at @meant_offset. */
#define target_store_for(t, ...) STEP(t, target_store_for, #__VA_ARGS__, __VA_ARGS__)
void(target_store_for)(struct test *t, struct target *target, uint64_t offset,
		       struct target *meant, uint64_t meant_offset, uint64_t len,
		       uint16_t generation);

/*
 * Fails unless all of the range is of @generation, as the CPU reads it through the
 * mapping or through the file. _for: as target_fill_for() fills it.
 */
#define check_mapping(t, ...) STEP(t, check_mapping, #__VA_ARGS__, __VA_ARGS__)
void(check_mapping)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		    uint16_t generation);

#define check_mapping_for(t, ...) STEP(t, check_mapping_for, #__VA_ARGS__, __VA_ARGS__)
void(check_mapping_for)(struct test *t, struct target *target, uint64_t offset,
			struct target *meant, uint64_t meant_offset, uint64_t len,
			uint16_t generation);

#define check_file(t, ...) STEP(t, check_file, #__VA_ARGS__, __VA_ARGS__)
void(check_file)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation);

#define check_file_for(t, ...) STEP(t, check_file_for, #__VA_ARGS__, __VA_ARGS__)
void(check_file_for)(struct test *t, struct target *target, uint64_t offset,
		     struct target *meant, uint64_t meant_offset, uint64_t len,
		     uint16_t generation);

/*
 * A forked child (fork_child.h) stores to the target, or checks it, through its own page
 * table.
 */
#define child_stores(t, ...) STEP(t, child_stores, #__VA_ARGS__, __VA_ARGS__)
void(child_stores)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation);

#define check_child(t, ...) STEP(t, check_child, #__VA_ARGS__, __VA_ARGS__)
void(check_child)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation);

/* Likewise a second HMM mirror (mirror.h). Ranges are whole pages. */
#define mirror_stores(t, ...) STEP(t, mirror_stores, #__VA_ARGS__, __VA_ARGS__)
void(mirror_stores)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		    uint16_t generation);

#define check_mirror(t, ...) STEP(t, check_mirror, #__VA_ARGS__, __VA_ARGS__)
void(check_mirror)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation);

/* Fails unless each word is of generation @one or @other. */
#define check_either(t, ...) STEP(t, check_either, #__VA_ARGS__, __VA_ARGS__)
void(check_either)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t one, uint16_t other);

#endif
