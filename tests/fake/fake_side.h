/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fake_side.h - an environment without an RDMA device: its sides do in software what one
 * does
 *
 * Memory is real (memfds and anonymous memory), and so is what the CPU sees of it. The
 * device is a table of translations for each target: an access to a page that is not in
 * it is a page fault, which is served as the mapping allows, and counted; what changes
 * the mapping or its file takes pages out of it. RDMA operations copy. One thing at a
 * time can be made to go wrong: a sabotage.
 */
#ifndef ODPLAB_TESTS_FAKE_SIDE_H
#define ODPLAB_TESTS_FAKE_SIDE_H

#include "env/env.h"
#include "side/side.h"

enum sabotage {
	FAITHFUL,
	/* changes that do nothing */
	EVICT_NOTHING,
	UNMAP_NOTHING,
	REMAP_NOTHING,
	PROTECT_NOTHING,
	TRUNCATE_NOTHING,
	PUNCH_NOTHING,
	ZERO_NOTHING,
	SYNC_NOTHING,
	ALLOCATE_NOTHING,
	COLLAPSE_NOTHING,
	INSERT_NOTHING,
	PREFETCH_NOTHING,
	INVALIDATE_NOTHING,
	/* changes that do something else */
	CHANGE_BLOCKS,
	BUSY_IS_UNMOUNTED,
	ALL_IS_HUGE,
	PUNCH_TOO_MUCH,
	NO_FAULT_PREFETCH_FAULTS,
	/* registration */
	ODP_IS_PINNED,
	ODP_LOCKS_MEMORY,
	DAX_CAN_BE_PINNED,
	HOLE_CANNOT_BE_REGISTERED,
	/* translations */
	INVALIDATION_LOST,
	INVALIDATION_OF_FIRST_PAGE,
	INVALIDATED_DATA_READ,
	ONE_REGISTRATION_INVALIDATED,
	MAPPED_PAGE_FAULTS,
	FAULT_MAPS_ALL,
	RIGHTS_IGNORED,
	RIGHTS_IGNORED_BY_ATOMICS,
	WINDOW_STAYS_OPEN,
	LOCK_ENDS_FAULTS,
	WINDOW_OPENS_EARLY,
	WINDOW_CLOSES_LATE,
	WINDOW_READ_BEYOND,
	FULL_IS_IGNORED,
	UNSERVED_FAULT_SUCCEEDS,
	WRITE_GOES_ON_AFTER_FAULT,
	ANY_KEY_DOES,
	HOLE_FILLED_BY_READ,
	/* a second mirror */
	MIGRATE_NOTHING,
	DEVICE_MEMORY_STAYS,
	DEVICE_MEMORY_ALL_RETURNS,
	DEVICE_MEMORY_LOST,
	COHERENT_MEMORY_RETURNS,
	RESERVATION_STAYS,
	FAILED_RETURN_IS_FOR_EVER,
	DAX_MIGRATES,
	MIRROR_READS_BEYOND_FILE,
	MIRROR_STORE_LOST,
	MIRROR_STORE_LEAVES_DEVICE,
	MIRROR_IS_STALE,
	/* data */
	WRITE_LOST,
	WRITE_MISPLACED,
	WRITE_TORN,
	WRITE_PAGES_SWAPPED,
	WRITE_TAIL_LOST,
	WRITE_LAST_FAULT_LOST,
	WRITE_LONG_IMMEDIATE_TAIL_LOST,
	WRITE_AROUND,
	WRITE_TAKES_WHOLE_PAGE,
	WRITE_REACHES_FILE,
	PIECES_SWAPPED,
	READ_LOST,
	READ_OVERTAKES_WRITE,
	READ_BEYOND,
	READ_SAYS_LESS,
	ATOMIC_TWICE,
	ATOMIC_RETURNS_NEW,
	INLINE_FAULTS,
	IMMEDIATE_OTHER,
	RECEIVE_SHORT,
	RECEIVE_TWICE,
	RECEIVE_THIRD_PIECE_BY_OTHER_KEY,
	HEADER_LOST,
	CHECK_NOTHING,
	/* completions */
	COMPLETION_LOST,
	COMPLETION_TWICE,
	COMPLETION_TWICE_LATE,
	COMPLETION_OF_OTHER_KIND,
	COMPLETION_WITH_OTHER_STATUS,
	QUEUE_PAIR_STAYS_BROKEN,
	RESET_STAYS_BROKEN,
	FLUSH_MISSING,
	COLLECTED_TWICE,
	/* witnesses */
	WITNESSES_SAY_TOO_FEW,
	WITNESSES_SAY_TOO_MANY,
	WITNESSES_SAY_ALWAYS_ONE,
	WITNESSES_CONTRADICT,
	WITNESSES_DEAF,
	SABOTAGES
};

struct fake_side;

struct fake_env {
	struct env env;
	struct env_config config;
	enum sabotage sabotage;
	struct fake_side *side[SIDE_ROLES];
};

/* An environment where every scenario can run. Its sides are opened as real ones are. */
void fake_env_init(struct fake_env *env);

#endif
