// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench.c - throughput and latency of one operation over a region in one state */
#include "run/bench.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/util.h"
#include "run/lab.h"

/* One measurement under way. */
struct session {
	struct bench *bench;
	const struct bench_spec *spec;
	struct bench_result *result;
	struct target_info local;  /* pinned memory of the initiator */
	struct target_info remote; /* the region */
	uint64_t stride; /* at least a page: in the cold state each one faults */
	uint64_t round;	 /* operations in one pass over the region */
	uint16_t generation;
};

int bench_open(struct bench *bench, struct lab *lab)
{
	int ret = 0;

	*bench = (struct bench){ .lab = lab, .seed = rand_mix(lab->config->seed) };
	for (int role = INITIATOR; role < SIDE_ROLES && !ret; role++)
		ret = lab->open_side(&bench->side[role], lab, (enum side_role)role);
	if (ret)
		bench_close(bench);
	return ret;
}

void bench_close(struct bench *bench)
{
	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		if (bench->side[role])
			bench->side[role]->close(bench->side[role]);
}

static int ask(struct bench *bench, enum side_role role,
	       const struct side_request *request, struct side_reply *reply)
{
	return side_call(bench->side[role], request, reply);
}

static int open_target(struct bench *bench, enum side_role role, enum region_kind kind,
		       enum mr_mode mode, uint64_t len, struct target_info *info)
{
	struct side_request request = {
		.kind = SIDE_TARGET_OPEN,
		.spec = { .kind = kind, .mode = mode, .len = len }
	};
	struct side_reply reply;
	int ret = ask(bench, role, &request, &reply);

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

	return ask(bench, role, &request, &reply);
}

static int data(struct session *s, enum side_role role, enum request_kind kind,
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
		ret = ask(s->bench, role, &request, &reply);
	}
	if (ret == -EBADMSG)
		log_error("wrong data after %s in the %s state: %s",
			  s->spec->opcode == RDMA_WRITE ? "WRITE" : "READ",
			  bench_state_names[s->spec->state],
			  mismatch_describe(&reply.mismatch, text));
	return ret;
}

static int connect_sides(struct bench *bench, enum odp_transport transport)
{
	struct side_request open = { .kind = SIDE_QP_OPEN,
				     .queue_pair.transport = transport };
	struct side_request connect = { .kind = SIDE_QP_CONNECT };
	struct side_reply replies[SIDE_ROLES], reply;
	int ret = 0;

	for (int role = INITIATOR; role < SIDE_ROLES && !ret; role++)
		ret = ask(bench, (enum side_role)role, &open, &replies[role]);
	for (int role = INITIATOR; role < SIDE_ROLES && !ret; role++) {
		connect.address = replies[!role].address;
		ret = ask(bench, (enum side_role)role, &connect, &reply);
	}
	return ret;
}

/*
 * The pinned state falls back on anonymous memory, so that there is something to compare
 * with.
 */
static int open_region(struct session *s)
{
	enum mr_mode mode = s->spec->state == BENCH_PINNED ? MR_PINNED : MR_ODP;
	int ret = open_target(s->bench, RESPONDER, s->spec->kind, mode,
			      s->spec->region_bytes, &s->remote);

	s->result->kind = s->spec->kind;
	if (mode == MR_PINNED && (ret == -EOPNOTSUPP || ret == -EFAULT)) {
		snprintf(s->result->note, sizeof(s->result->note),
			 "the kernel refuses to pin %s memory (%s): pinned is anonymous "
			 "memory",
			 region_kind_names[s->spec->kind], strerror(-ret));
		s->result->kind = REGION_ANON;
		ret = open_target(s->bench, RESPONDER, REGION_ANON, MR_PINNED,
				  s->spec->region_bytes, &s->remote);
	}
	if (ret)
		log_error(
			"a region of %llu bytes of %s memory cannot be registered %s: %s",
			(unsigned long long)s->spec->region_bytes,
			region_kind_names[s->result->kind], mr_mode_names[mode],
			strerror(-ret));
	return ret;
}

/* What is prefetched at once: far below what one request can name. */
#define PREFETCH_BYTES MiB(64)

static int prefetch(struct session *s)
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
		ret = ask(s->bench, RESPONDER, &request, &reply);
	}
	s->result->prefetch_ns += clock_ns() - start;
	return ret;
}

/* What the region reads as, once it is in the state. */
static int make_state(struct session *s, bool read)
{
	bool evicts = s->spec->state == BENCH_COLD || s->spec->state == BENCH_PREFETCHED;
	int ret = 0;

	if (read)
		ret = data(s, RESPONDER, SIDE_TARGET_FILL, s->generation);
	if (!ret && evicts)
		ret = on_range(s->bench, RESPONDER, SIDE_TARGET_EVICT, &s->remote);
	if (!ret && s->spec->state == BENCH_PREFETCHED)
		ret = prefetch(s);
	return ret;
}

static int stream(struct session *s, struct stream_result *result)
{
	struct stream_spec spec = {
		.opcode = s->spec->opcode,
		.local_addr = s->local.local_addr,
		.lkey = s->local.lkey,
		.remote_addr = s->remote.addr,
		.rkey = s->remote.rkey,
		.size = (uint32_t)s->spec->size,
		.stride = s->stride,
		.count = s->round,
		.depth = s->spec->depth,
	};
	struct side_request request = { .kind = SIDE_STREAM,
					.stream = &spec,
					.stream_result = result };
	struct side_reply reply;
	int ret = ask(s->bench, INITIATOR, &request, &reply);

	if (ret)
		return ret == -ETIMEDOUT ? log_errno(ret, "completions stopped coming") :
					   ret;
	if (result->status == OP_SUCCESS)
		return 0;
	log_error("%s completed with %s",
		  s->spec->opcode == RDMA_WRITE ? "WRITE" : "READ",
		  op_status_name(result->status));
	return -EIO;
}

static struct bounds claimed(const struct session *s)
{
	uint64_t pages = s->round * pages_spanned(0, s->spec->size);

	/* a device that faults packet by packet asks twice for what two packets share */
	return s->spec->state == BENCH_COLD ? BETWEEN(pages, 2 * pages) : NONE;
}

/* The narrowest of what the witnesses say. */
static struct bounds best_count(const struct side_reply *reply)
{
	struct bounds best = ANYTHING;

	for (unsigned int i = 0; i < reply->testimonies; i++) {
		struct bounds b = reply->testimony[i].pages;

		if (reply->testimony[i].heard && b.max - b.min < best.max - best.min)
			best = b;
	}
	return best;
}

/* Keeps the worst judgement of all rounds, and adds up the faults. */
static void hear(struct session *s, const struct side_reply *reply)
{
	struct bench_result *result = s->result;
	struct bounds count = best_count(reply);
	enum judgement judgement;
	char why[JUDGE_WHY];

	judgement = judge(claimed(s), reply->testimony, reply->testimonies, why);
	if (judgement >= result->judgement) {
		result->judgement = judgement;
		snprintf(result->why, sizeof(result->why), "%s", why);
	}
	result->faulted.min += count.min;
	result->faulted.max = count.max == UINT64_MAX ? UINT64_MAX :
							result->faulted.max + count.max;
}

/* One pass over the region, timed, watched and checked. */
static int run_round(struct session *s, struct stream_result *streamed)
{
	struct side_request watch = { .kind = SIDE_WATCH_BEGIN, .target = s->remote.id };
	bool read = s->spec->opcode == RDMA_READ;
	bool lost = read && s->remote.evict_loses_data &&
		    (s->spec->state == BENCH_COLD || s->spec->state == BENCH_PREFETCHED);
	struct side_reply reply;
	int ret;

	s->generation++;
	ret = make_state(s, read);
	if (!ret)
		ret = data(s, INITIATOR, SIDE_TARGET_STORE,
			   read ? (uint16_t)(s->generation - 1) : s->generation);
	if (!ret)
		ret = ask(s->bench, RESPONDER, &watch, &reply);
	if (!ret)
		ret = stream(s, streamed);
	watch.kind = SIDE_WATCH_END;
	if (!ret)
		ret = ask(s->bench, RESPONDER, &watch, &reply);
	if (ret)
		return ret;
	hear(s, &reply);
	return data(s, read ? INITIATOR : RESPONDER, SIDE_TARGET_CHECK_MAPPING,
		    lost ? PATTERN_ZEROS : s->generation);
}

static int run_rounds(struct session *s)
{
	struct stream_result streamed = { 0 };
	struct bench_result *result = s->result;
	int ret = 0;

	/* blocks that a later write() would allocate would invalidate what is warm */
	if (s->spec->opcode == RDMA_READ)
		ret = data(s, RESPONDER, SIDE_TARGET_FILL, s->generation);
	/* a first pass that does not count: what it faults in makes the state warm */
	if (!ret && (s->spec->state == BENCH_WARM || s->spec->state == BENCH_PINNED))
		ret = stream(s, &streamed);
	hist_reset(&streamed.latency);
	result->peak_ns = UINT64_MAX;
	while (!ret && result->iterations < s->spec->iterations) {
		ret = run_round(s, &streamed);
		if (ret)
			break;
		result->iterations += streamed.completed;
		result->ns += streamed.ns;
		if (streamed.peak_ns < result->peak_ns)
			result->peak_ns = streamed.peak_ns;
	}
	result->latency = streamed.latency;
	result->bytes = result->iterations * s->spec->size;
	result->pages = result->iterations * pages_spanned(0, s->spec->size);
	return ret;
}

int bench_measure(struct bench *bench, const struct bench_spec *spec,
		  struct bench_result *result)
{
	struct session s = { .bench = bench, .spec = spec, .result = result };
	int ret;

	*result = (struct bench_result){ .spec = *spec, .kind = spec->kind };
	s.stride = round_up(spec->size, PAGE_BYTES);
	s.round = spec->region_bytes / s.stride;
	if (!bench_has_state(bench->lab, spec->state, result->note,
			     sizeof(result->note))) {
		result->skipped = true;
		return 0;
	}
	ret = connect_sides(bench, spec->transport);
	if (!ret)
		ret = open_target(bench, INITIATOR, REGION_ANON, MR_PINNED,
				  spec->region_bytes, &s.local);
	if (ret)
		return ret;
	ret = open_region(&s);
	if (!ret) {
		ret = run_rounds(&s);
		on_range(bench, RESPONDER, SIDE_TARGET_CLOSE, &s.remote);
	}
	on_range(bench, INITIATOR, SIDE_TARGET_CLOSE, &s.local);
	return ret;
}
