/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * inject.h - misbehaviour on request
 *
 * Each injection is a defect that a card or a driver could have, a row of one table. The
 * model asks at the one seam where the defect acts: "if (inject(dev, INJECT_SHORT)) ...".
 * An injection that is off costs one test of a bit.
 */
#ifndef ODPLAB_EMU_INJECT_H
#define ODPLAB_EMU_INJECT_H

#include "base/rand.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define INJECTIONS(X)                                                                    \
	X(STALE, "stale-translation", "use a translation after its invalidation")        \
	X(EARLY_ACK, "early-invalidate-ack",                                             \
	  "complete an invalidation before its DMA ended")                               \
	X(OFFSET, "offset-dropped", "drop the offset within the first page of a write")  \
	X(SWAP, "pages-swapped", "swap the first two pages of a written message")        \
	X(SHORT, "tail-missing", "do not write the last 8 bytes of a message")           \
	X(BEYOND, "write-beyond", "write 8 bytes beyond the end of a message")           \
	X(READ_ONLY, "read-only-written", "write through a read-only translation")       \
	X(FAILED_OK, "failed-fault-ok", "report success for a fault that failed")        \
	X(NO_EVENT, "fault-lost", "take a page fault without reporting it")              \
	X(SPURIOUS, "fault-spurious", "report a page fault on a mapped page")            \
	X(UPDATE_LOST, "update-lost", "complete a mapping update without applying it")   \
	X(EARLY_CQE, "completion-early", "complete an operation before its data landed") \
	X(DUPLICATE_CQE, "completion-twice", "complete an operation twice")              \
	X(LOST_CQE, "completion-lost", "never complete an operation")                    \
	X(BYTE_COUNT, "byte-count", "report one byte less than was transferred")         \
	X(ATOMIC_TWICE, "atomic-twice", "execute an atomic again after its fault")       \
	X(RECEIVE_TWICE, "receive-twice", "consume two receives for one message")        \
	X(FOREIGN_KEY, "foreign-key",                                                    \
	  "accept a key whose low byte belongs to another owner")                        \
	X(NO_FLUSH, "flush-missing", "do not flush a queue pair after an error")         \
	X(CHILD, "child-misplaced", "take an implicit region's child one gigabyte off")  \
	X(TORN, "torn-write", "let half of an 8-byte word land late")                    \
	X(OLD_READ, "read-stale", "deliver zeros for a page whose read faulted")         \
	X(SLOW_DMA, "slow-dma",                                                          \
	  "let each write land late; no defect: all that must wait, waits")

enum injection {
#define X(id, name, about) INJECT_##id,
	INJECTIONS(X)
#undef X
		INJECT_COUNT
};

struct injection_rule {
	uint64_t every;	      /* act on every Nth occasion; 1: on all */
	uint64_t after;	      /* once that many occasions have passed */
	uint64_t probability; /* of 2^32; 0: not by chance */
	uint64_t occasions, hits;
};

struct injections {
	uint64_t active; /* a bit each */
	struct injection_rule rules[INJECT_COUNT];
	struct rand rand;
};

struct device;

/* "NAME", "NAME:every=N", "NAME:prob=P" (0 to 1), "NAME:after=N". -EINVAL with a line. */
int inject_on(struct injections *injections, const char *text);

/* A name, or "all". -EINVAL with a line. */
int inject_off(struct injections *injections, const char *name);
const char *inject_name(enum injection injection);

/* All of them, with what they do, and how often those that are on have acted. */
void inject_list(const struct injections *injections, FILE *out);

bool inject_occasion(struct device *dev, enum injection injection);

#define inject(dev, injection) \
	((dev)->inject.active >> (injection) & 1 && inject_occasion(dev, injection))

#endif
