/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* bench_session.h - one measurement in progress: its two regions and their state */
#ifndef ODPLAB_BENCH_BENCH_SESSION_H
#define ODPLAB_BENCH_BENCH_SESSION_H

#include "bench/bench.h"

struct bench_session {
	struct bench *bench;
	const struct bench_spec *spec;
	struct bench_result *result;
	struct target_info local;  /* pinned memory of the initiator */
	struct target_info remote; /* the region */
	uint64_t stride; /* bytes, at least a page: each operation faults if cold */
	uint64_t round;	 /* operations in one pass over the region */
	uint16_t generation;
};

/*
 * Connects the sides and registers the two regions. Returns 0 or -errno after one line,
 * or without one where the result is marked as skipped; then nothing is left open. The
 * caller keeps the sides.
 */
int session_open(struct bench_session *s);
void session_close(struct bench_session *s);

/*
 * Brings the region into the state that is measured; if @read, filled with data of
 * s->generation. Returns 0 or -errno.
 */
int session_make_state(struct bench_session *s, bool read);

/*
 * Fills or checks (@kind) the memory of @role that one pass transfers. Returns 0,
 * -EBADMSG after one line if a check finds other data than that of @generation, or
 * -errno.
 */
int session_data(struct bench_session *s, enum side_role role, enum request_kind kind,
		 uint16_t generation);

#endif
