/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mix.h - one operation under a mix of circumstances: a row of the covering array
 *
 * The rows are made by scripts/lib/mix, which has the levels of each factor, what
 * excludes what, and why. rows.def has them.
 */
#ifndef ODPLAB_SCENARIOS_MIX_MIX_H
#define ODPLAB_SCENARIOS_MIX_MIX_H

#include "scenario/scenario.h"

/* The state of the pages of a range before the operation. */
enum state {
	COLD,	    /* never accessed */
	WARM,	    /* the device has written or read them */
	TOUCHED,    /* by the CPU only */
	EVICTED,    /* warm, then taken from the page table */
	PREFETCHED, /* for reading */
	SHARED,	    /* warm, then shared with a forked child; of the responder only */
	LAST_COLD,  /* warm but for the last page */
};

/* The memory of one side. */
struct mix_end {
	enum state state;
	unsigned int pieces; /* each a part of a target, and of a region, of its own */
};

/* What is under way on the same queue pair. */
enum neighbour { ALONE, A_WRITE, A_READ, AN_ATOMIC, A_SEND };

enum permission {
	WRITABLE,
	REGION_READ_ONLY_HERE, /* the responder's region is registered for reading */
	MAPPING_READ_ONLY,     /* its mapping allows reading only, the region writing */
};

enum memory_kind {
	PRIVATE,
	DAX_FILE,
	IMPLICIT
}; /* IMPLICIT: private, by an implicit region */

enum age {
	FRESH, /* the queue pair has executed nothing */
	USED,
	RESET, /* it was used, went to the error state, and was reset */
};

/* In which order the device reads pages afterwards, once they were replaced. */
enum look { NO_LOOK, BACKWARDS, FROM_THE_MIDDLE };

struct mix {
	enum rdma_opcode opcode;
	enum neighbour before, after;
	uint64_t len;
	uint64_t at; /* where in its first page a range begins */
	struct mix_end near, far;
	enum permission permission;
	enum memory_kind kind;
	enum age age;
	enum look look;
};

#endif
