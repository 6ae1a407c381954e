/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* target.h - words that make a target, and what is known of it */
#ifndef ODPLAB_SCENARIO_MEMORY_TARGET_H
#define ODPLAB_SCENARIO_MEMORY_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "side/side.h"
#include "testcase/step.h"

struct test;
struct target; /* memory of one side, usually registered */

/* A part of the memory of a side. */
struct local_piece {
	struct target *local;
	uint64_t offset;
	uint32_t len;
};

/*
 * Memory of @len bytes on one side, registered, cold, and reading as zeros. More of
 * struct target_spec can be set after the mode: responder_target(t, REGION_FSDAX,
 * KiB(64), MR_ODP, .mr_offset = 100, .mr_len = 200).
 */
#define responder_target(t, ...) \
	STEP(t, responder_target, #__VA_ARGS__, TARGET_SPEC(__VA_ARGS__))
struct target *(responder_target)(struct test *t, struct target_spec spec);

#define initiator_target(t, ...) \
	STEP(t, initiator_target, #__VA_ARGS__, TARGET_SPEC(__VA_ARGS__))
struct target *(initiator_target)(struct test *t, struct target_spec spec);

#define TARGET_SPEC(kind_, len_, mode_, ...) \
	((struct target_spec){ .kind = kind_, .len = len_, .mode = mode_, __VA_ARGS__ })

/*
 * The kind of region chosen with --region, for scenarios that accept any kind.
 */
#define REGION_CHOSEN REGION_KINDS

uint64_t target_len(const struct target *target);
uint64_t target_addr(const struct target *target); /* of its mapping */
uint32_t target_lkey(const struct target *target);
uint32_t target_rkey(const struct target *target);
uint64_t target_page_bytes(const struct target *target);
bool target_is_map_sync(const struct target *target);

/* How many pages of the range the CPU's page table maps. */
uint64_t target_resident(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len);

#endif
