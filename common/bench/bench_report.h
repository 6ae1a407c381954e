/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* bench_report.h - measurements as tables and as JSON */
#ifndef ODPLAB_BENCH_BENCH_REPORT_H
#define ODPLAB_BENCH_BENCH_REPORT_H

#include <json-c/json.h>
#include <stdio.h>

#include "bench/bench.h"

/* All measurements of a run, in the order in which they were made. */
struct bench_run {
	struct bench_result *results;
	size_t n;
};

/*
 * Those of depth > 1: perftest's columns, with the state before and the ratio to the
 * pinned state after them.
 */
void bench_report_bandwidth(const struct bench_run *run, FILE *out);

/* Those of depth 1: perftest's columns, with the state before and the faults after. */
void bench_report_latency(const struct bench_run *run, FILE *out);

/* Remarks, a line each: fallbacks, skipped measurements, states that were not proven. */
void bench_report_notes(const struct bench_run *run, FILE *out);

/* Array of objects, as odp_perf(1) describes them; the caller owns it. */
struct json_object *bench_report_json(const struct bench_run *run);

#endif
