// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench.c - throughput and latency of one operation over a region in one state */
#include "bench/bench.h"

#include <errno.h>
#include <stdio.h>

#include "base/log.h"
#include "base/rand.h"
#include "base/util.h"
#include "bench/bench_lack.h"
#include "bench/bench_session.h"
#include "env/env.h"
#include "process/signals.h"

int bench_open(struct bench *bench, struct env *env, uint64_t region_bytes)
{
	int ret = 0;

	*bench = (struct bench){ .env = env,
				 .seed = rand_mix(env->config->seed),
				 .pins = region_bytes };
	bench_lack_begin(bench);
	for (int role = INITIATOR; role < SIDE_ROLES && !ret; role++)
		ret = side_open(&bench->side[role], env, (enum side_role)role);
	ret = bench_lack(bench, ret);
	if (ret)
		bench_close(bench);
	return ret;
}

void bench_close(struct bench *bench)
{
	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		if (bench->side[role])
			bench->side[role]->close(bench->side[role]);
	bench_lack_end();
}

static int stream(struct bench_session *s, struct stream_result *result)
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
	int ret = side_call(s->bench->side[INITIATOR], &request, &reply);

	if (ret)
		return ret == -ETIMEDOUT ? log_errno(ret, "wait for completions") : ret;
	if (result->status == OP_SUCCESS)
		return 0;
	log_error("%s completed with %s",
		  s->spec->opcode == RDMA_WRITE ? "WRITE" : "READ",
		  op_status_name(result->status));
	return -EIO;
}

static struct bounds claimed(const struct bench_session *s)
{
	uint64_t pages = s->round * pages_spanned(0, s->spec->size);

	/* a device may take pages along that no operation of the round touches */
	return s->spec->state == BENCH_COLD ?
		       BETWEEN(pages, pages_spanned(0, s->remote.len)) :
		       NONE;
}

/* The narrowest interval of all witnesses. */
static struct bounds best_count(const struct side_reply *reply)
{
	struct bounds best = ANYTHING;

	for (unsigned int i = 0; i < reply->observations; i++) {
		struct bounds b = reply->observation[i].pages;

		if (reply->observation[i].available &&
		    b.max - b.min < best.max - best.min)
			best = b;
	}
	return best;
}

/* Keeps the worst judgement of all rounds, and adds up the faults. */
static void collect(struct bench_session *s, const struct side_reply *reply)
{
	struct bench_result *result = s->result;
	struct bounds count = best_count(reply);
	enum judgement judgement;
	char why[JUDGE_WHY];

	judgement = judge(claimed(s), reply->observation, reply->observations, why);
	if (judgement >= result->judgement) {
		result->judgement = judgement;
		snprintf(result->why, sizeof(result->why), "%s", why);
	}
	result->faulted.min += count.min;
	result->faulted.max = count.max == UINT64_MAX ? UINT64_MAX :
							result->faulted.max + count.max;
}

/* One pass over the region, timed, watched and checked. */
static int run_round(struct bench_session *s, struct stream_result *streamed)
{
	struct side_request watch = { .kind = SIDE_WATCH_BEGIN, .target = s->remote.id };
	bool read = s->spec->opcode == RDMA_READ;
	bool lost = read && s->remote.evict_loses_data &&
		    (s->spec->state == BENCH_COLD || s->spec->state == BENCH_PREFETCHED);
	struct side_reply reply;
	int ret;

	s->generation++;
	ret = session_make_state(s, read);
	if (!ret)
		ret = session_data(s, INITIATOR, SIDE_TARGET_STORE,
				   read ? (uint16_t)(s->generation - 1) : s->generation);
	if (!ret)
		ret = side_call(s->bench->side[RESPONDER], &watch, &reply);
	if (!ret)
		ret = stream(s, streamed);
	watch.kind = SIDE_WATCH_END;
	if (!ret)
		ret = side_call(s->bench->side[RESPONDER], &watch, &reply);
	if (ret)
		return ret;
	collect(s, &reply);
	return session_data(s, read ? INITIATOR : RESPONDER, SIDE_TARGET_CHECK_MAPPING,
			    lost ? PATTERN_ZEROS : s->generation);
}

static int run_rounds(struct bench_session *s)
{
	struct stream_result streamed = { 0 };
	struct bench_result *result = s->result;
	int ret = 0;

	/* blocks that a later write() would allocate would invalidate what is warm */
	if (s->spec->opcode == RDMA_READ)
		ret = session_data(s, RESPONDER, SIDE_TARGET_FILL, s->generation);
	/* an unmeasured first pass: its faults make the state warm */
	if (!ret && (s->spec->state == BENCH_WARM || s->spec->state == BENCH_PINNED))
		ret = stream(s, &streamed);
	hist_reset(&streamed.latency);
	result->peak_ns = UINT64_MAX;
	while (!ret && result->iterations < s->spec->iterations) {
		ret = signals_noted() ? -EINTR : run_round(s, &streamed);
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
	struct bench_session s = { .bench = bench, .spec = spec, .result = result };
	int ret;

	*result = (struct bench_result){ .spec = *spec, .kind = spec->kind };
	s.stride = round_up(spec->size, PAGE_BYTES);
	s.round = spec->region_bytes / s.stride;
	if (!bench_has_state(bench->env, spec->state, result->note,
			     sizeof(result->note))) {
		result->skipped = true;
		return 0;
	}
	ret = session_open(&s);
	if (ret)
		return result->skipped ? 0 : bench_lack(bench, ret);
	ret = bench_lack(bench, run_rounds(&s));
	session_close(&s);
	return ret;
}
