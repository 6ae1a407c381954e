/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * bench.h - throughput and latency of one operation over a region in one state
 *
 * The states differ in which of the region's pages the device has mapped when
 * an operation begins:
 *
 *	pinned      all of them, for good: what ODP is compared with
 *	warm        all of them, by earlier faults
 *	prefetched  all of them, by ibv_advise_mr() just before
 *	cold        none: each page faults
 *
 * After each round the data is checked and the witnesses verify the state, both outside
 * of the timed part.
 */
#ifndef ODPLAB_BENCH_BENCH_H
#define ODPLAB_BENCH_BENCH_H

#include <stdatomic.h>

#include "base/pattern.h"
#include "env/shortage.h"
#include "evidence/judge.h"
#include "side/side.h"
#include "side/stream.h"

enum bench_state { BENCH_PINNED, BENCH_WARM, BENCH_PREFETCHED, BENCH_COLD, BENCH_STATES };

/* NULL-terminated, for an option's choices */
extern const char *const bench_state_names[];

/* Can the state be measured in this environment? If not, @why is what is missing. */
bool bench_has_state(const struct env *env, enum bench_state state, char *why,
		     size_t size);

struct bench_spec {
	enum rdma_opcode opcode; /* RDMA_WRITE or RDMA_READ */
	enum qp_type transport;
	enum bench_state state;
	enum region_kind kind;
	uint64_t size;	       /* of a message */
	uint64_t region_bytes; /* the range that the operations cover in each round */
	uint64_t iterations;   /* rounded up to whole rounds */
	unsigned int depth;
};

struct bench_result {
	struct bench_spec spec;
	enum region_kind kind; /* that was measured; .note if not .spec.kind */
	uint64_t iterations;
	uint64_t bytes;
	uint64_t ns;	      /* timed, summed over the rounds */
	uint64_t peak_ns;     /* the best @depth operations in a row */
	uint64_t prefetch_ns; /* prefetched: what the prefetches took */
	struct hist latency;
	uint64_t pages;		  /* that the operations touched */
	struct bounds faulted;	  /* pages, by the most precise witness */
	enum judgement judgement; /* of the state's claim, over all rounds */
	char why[JUDGE_WHY];
	char note[192]; /* a remark for the reader, or "" */
	bool skipped;	/* could not be measured here: .note is the reason */
};

struct bench {
	struct env *env;
	struct side *side[SIDE_ROLES];
	uint64_t seed;
	uint64_t pins; /* bytes, by a measurement */
	/* what the host was found to be short of, by whichever thread: bench_lack.h */
	atomic_bool lacks;
	char lack[SHORTAGE_TEXT];
};

/*
 * @region_bytes: of the largest region, of which the initiator pins as much. Returns 0,
 * -ENOSR where the host is short of something, or another -errno; after one line. One in
 * a process.
 */
int bench_open(struct bench *bench, struct env *env, uint64_t region_bytes);
void bench_close(struct bench *bench);

/*
 * Returns 0 (see .skipped and .judgement), -EINTR where a signal asks the run to end,
 * -EBADMSG for wrong data, -ENOSR where the host is short of something, or another
 * -errno, after one line. A queue pair that broke is replaced by the next call.
 */
int bench_measure(struct bench *bench, const struct bench_spec *spec,
		  struct bench_result *result);

#endif
