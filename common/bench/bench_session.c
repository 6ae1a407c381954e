// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench_session.c - opens the measured region, brings it into its state, checks it */
#include "bench/bench_session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/units.h"
#include "base/util.h"

/* Bytes per prefetch: far below the limit of one request. */
#define PREFETCH_BYTES MiB(64)

static int open_target(struct bench *bench, enum side_role role, enum region_kind kind,
		       enum mr_mode mode, uint64_t len, struct target_info *info)
{
	struct side_request request = {
		.kind = SIDE_TARGET_OPEN,
		.spec = { .kind = kind, .mode = mode, .len = len }
	};
	struct side_reply reply;
	int ret = side_call(bench->side[role], &request, &reply);

	*info = reply.target;
	return ret;
}

static int on_range(struct bench *bench, enum side_role role, enum request_kind kind,
		    const struct target_info *target)
{
	struct side_request request = { .kind = kind,
					.target = target->id,
					.len = target->len };
	struct side_reply reply;

	return side_call(bench->side[role], &request, &reply);
}

static int connect_sides(struct bench *bench, enum qp_type type)
{
	struct side_request open = { .kind = SIDE_QP_OPEN, .queue_pair.type = type };
	struct side_request connect = { .kind = SIDE_QP_CONNECT };
	struct side_reply replies[SIDE_ROLES], reply;
	int ret = 0;

	for (int role = INITIATOR; role < SIDE_ROLES && !ret; role++)
		ret = side_call(bench->side[role], &open, &replies[role]);
	for (int role = INITIATOR; role < SIDE_ROLES && !ret; role++) {
		connect.address = replies[!role].address;
		ret = side_call(bench->side[role], &connect, &reply);
	}
	return ret;
}

/* Is it the limit of pinned memory that is in the way? Then the note names it. */
static bool note_limit(struct bench_result *result)
{
	char size[UNITS_TEXT];
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return false;
	snprintf(result->note, sizeof(result->note),
		 "RLIMIT_MEMLOCK lets a process pin %s, and both sides are in this one; "
		 "raise it (ulimit -l), or take a smaller --region-size",
		 units_format_size(limit.rlim_cur, size));
	return true;
}

static void log_refusal(const struct bench_session *s, enum region_kind kind,
			enum mr_mode mode, int error)
{
	log_error("a region of %llu bytes of %s memory cannot be registered %s: %s",
		  (unsigned long long)s->spec->region_bytes, region_kind_names[kind],
		  mr_mode_names[mode], strerror(-error));
}

/* The pinned state falls back to anonymous memory, to have a baseline. */
static int open_region(struct bench_session *s)
{
	enum mr_mode mode = s->spec->state == BENCH_PINNED ? MR_PINNED : MR_ODP;
	int ret = open_target(s->bench, RESPONDER, s->spec->kind, mode,
			      s->spec->region_bytes, &s->remote);

	s->result->kind = s->spec->kind;
	if (mode == MR_PINNED && (ret == -EOPNOTSUPP || ret == -EFAULT)) {
		snprintf(s->result->note, sizeof(s->result->note),
			 "the kernel refuses to pin %s memory (%s): the pinned state is "
			 "measured on anonymous memory",
			 region_kind_names[s->spec->kind], strerror(-ret));
		s->result->kind = REGION_ANON;
		ret = open_target(s->bench, RESPONDER, REGION_ANON, MR_PINNED,
				  s->spec->region_bytes, &s->remote);
	}
	if (ret == -ENOMEM && mode == MR_PINNED)
		s->result->skipped = note_limit(s->result);
	if (ret && !s->result->skipped)
		log_refusal(s, s->result->kind, mode, ret);
	return ret;
}

int session_open(struct bench_session *s)
{
	int ret = connect_sides(s->bench, s->spec->transport);

	if (ret)
		return ret;
	ret = open_target(s->bench, INITIATOR, REGION_ANON, MR_PINNED,
			  s->spec->region_bytes, &s->local);
	if (ret) {
		log_refusal(s, REGION_ANON, MR_PINNED, ret);
		return ret;
	}
	ret = open_region(s);
	if (ret)
		on_range(s->bench, INITIATOR, SIDE_TARGET_CLOSE, &s->local);
	return ret;
}

void session_close(struct bench_session *s)
{
	on_range(s->bench, RESPONDER, SIDE_TARGET_CLOSE, &s->remote);
	on_range(s->bench, INITIATOR, SIDE_TARGET_CLOSE, &s->local);
}

int session_data(struct bench_session *s, enum side_role role, enum request_kind kind,
		 uint16_t generation)
{
	const struct target_info *target = role == INITIATOR ? &s->local : &s->remote;
	struct side_request request = {
		.kind = kind,
		.target = target->id,
		.len = s->spec->size,
		.pattern = { s->bench->seed, generation },
	};
	char text[MISMATCH_TEXT];
	struct side_reply reply;
	int ret = 0;

	for (uint64_t i = 0; i < s->round && !ret; i++) {
		request.offset = request.pattern_offset = i * s->stride;
		ret = side_call(s->bench->side[role], &request, &reply);
	}
	/* the memory that took the place of a page has other data */
	if (ret == -EBADMSG && !s->bench->lacks)
		log_error("wrong data after %s in the %s state: %s",
			  s->spec->opcode == RDMA_WRITE ? "WRITE" : "READ",
			  bench_state_names[s->spec->state],
			  mismatch_describe(&reply.mismatch, text));
	return ret;
}

static int prefetch(struct bench_session *s)
{
	struct side_request request = {
		.kind = SIDE_TARGET_ADVISE,
		.target = s->remote.id,
		.argument = MR_PREFETCH_WRITE,
		.flag = true,
	};
	uint64_t start = clock_ns();
	struct side_reply reply;
	int ret = 0;

	for (uint64_t at = 0; at < s->remote.len && !ret; at += PREFETCH_BYTES) {
		request.offset = at;
		request.len = size_min(PREFETCH_BYTES, s->remote.len - at);
		ret = side_call(s->bench->side[RESPONDER], &request, &reply);
	}
	s->result->prefetch_ns += clock_ns() - start;
	return ret;
}

int session_make_state(struct bench_session *s, bool read)
{
	bool evicts = s->spec->state == BENCH_COLD || s->spec->state == BENCH_PREFETCHED;
	int ret = 0;

	if (read)
		ret = session_data(s, RESPONDER, SIDE_TARGET_FILL, s->generation);
	if (!ret && evicts)
		ret = on_range(s->bench, RESPONDER, SIDE_TARGET_EVICT, &s->remote);
	if (!ret && s->spec->state == BENCH_PREFETCHED)
		ret = prefetch(s);
	return ret;
}
