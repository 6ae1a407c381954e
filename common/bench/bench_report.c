// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench_report.c - measurements in the forms that people and machines read */
#include "bench/bench_report.h"

#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "base/util.h"

static const char *opcode_name(enum rdma_opcode opcode)
{
	return opcode == RDMA_WRITE ? "write" : "read";
}

static double per_second(uint64_t n, uint64_t ns)
{
	return ns ? (double)n * (double)NSEC_PER_SEC / (double)ns : 0;
}

static double mib_per_second(uint64_t bytes, uint64_t ns)
{
	return per_second(bytes, ns) / (double)MiB(1);
}

static double usec(uint64_t ns)
{
	return (double)ns / (double)NSEC_PER_USEC;
}

/* The same measurement in the pinned state, or NULL. */
static const struct bench_result *pinned_of(const struct bench_run *run,
					    const struct bench_result *result)
{
	for (size_t i = 0; i < run->n; i++) {
		const struct bench_result *other = &run->results[i];

		if (other->spec.state == BENCH_PINNED && !other->skipped &&
		    other->spec.opcode == result->spec.opcode &&
		    other->spec.size == result->spec.size &&
		    other->spec.depth == result->spec.depth)
			return other;
	}
	return NULL;
}

/*
 * "0.93", how many times the pinned state's rate of operations; "" where there is none.
 */
static const char *ratio_text(const struct bench_run *run,
			      const struct bench_result *result, char text[16])
{
	const struct bench_result *pinned = pinned_of(run, result);

	text[0] = '\0';
	if (pinned && pinned->ns && result->ns)
		snprintf(text, 16, "%.2f",
			 per_second(result->iterations, result->ns) /
				 per_second(pinned->iterations, pinned->ns));
	return text;
}

static const char *faults_text(const struct bench_result *result, char text[BOUNDS_TEXT])
{
	struct bounds b = result->faulted;

	if (b.min == b.max)
		snprintf(text, BOUNDS_TEXT, "%.0f", per_second(b.min, result->ns));
	else if (b.min)
		snprintf(text, BOUNDS_TEXT, ">= %.0f", per_second(b.min, result->ns));
	else
		snprintf(text, BOUNDS_TEXT, "unknown");
	return text;
}

void bench_report_bandwidth(const struct bench_run *run, FILE *out)
{
	struct table *table =
		table_new("op|state|>#bytes|>#iterations|>BW peak[MiB/sec]|"
			  ">BW average[MiB/sec]|>MsgRate[Mpps]|>faults/sec|>of pinned");
	char ratio[16], faults[BOUNDS_TEXT];

	for (size_t i = 0; table && i < run->n; i++) {
		const struct bench_result *r = &run->results[i];

		if (r->skipped || r->spec.depth == 1)
			continue;
		table_row(table, "%s|%s|%llu|%llu|%.2f|%.2f|%.6f|%s|%s",
			  opcode_name(r->spec.opcode), bench_state_names[r->spec.state],
			  (unsigned long long)r->spec.size,
			  (unsigned long long)r->iterations,
			  mib_per_second(r->spec.size * r->spec.depth, r->peak_ns),
			  mib_per_second(r->bytes, r->ns),
			  per_second(r->iterations, r->ns) / 1e6, faults_text(r, faults),
			  ratio_text(run, r, ratio));
	}
	if (table)
		table_print(table, 0, out);
	table_free(table);
}

void bench_report_latency(const struct bench_run *run, FILE *out)
{
	struct table *table =
		table_new("op|state|>#bytes|>#iterations|>t_min[usec]|>t_avg[usec]|"
			  ">p50[usec]|>p99[usec]|>t_max[usec]|>faults/sec");
	char faults[BOUNDS_TEXT];

	for (size_t i = 0; table && i < run->n; i++) {
		const struct bench_result *r = &run->results[i];

		if (r->skipped || r->spec.depth != 1)
			continue;
		table_row(table, "%s|%s|%llu|%llu|%.2f|%.2f|%.2f|%.2f|%.2f|%s",
			  opcode_name(r->spec.opcode), bench_state_names[r->spec.state],
			  (unsigned long long)r->spec.size,
			  (unsigned long long)r->latency.count, usec(r->latency.min),
			  hist_mean(&r->latency) / NSEC_PER_USEC,
			  usec(hist_percentile(&r->latency, 50)),
			  usec(hist_percentile(&r->latency, 99)), usec(r->latency.max),
			  faults_text(r, faults));
	}
	if (table)
		table_print(table, 0, out);
	table_free(table);
}

/* Has an earlier measurement said the same? */
static bool said_before(const struct bench_run *run, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(run->results[k].note, run->results[i].note))
			return true;
	return false;
}

void bench_report_notes(const struct bench_run *run, FILE *out)
{
	for (size_t i = 0; i < run->n; i++) {
		const struct bench_result *r = &run->results[i];

		if (r->note[0] && !said_before(run, i))
			fprintf(out, "note: %s\n", r->note);
		if (!r->skipped && r->judgement != JUDGED_PROVEN)
			fprintf(out, "%s %s %llu: the state is %s: %s\n",
				opcode_name(r->spec.opcode),
				bench_state_names[r->spec.state],
				(unsigned long long)r->spec.size,
				judgement_name(r->judgement), r->why);
	}
}

static void add_number(struct json_object *object, const char *name, uint64_t number)
{
	json_object_object_add(object, name,
			       number == UINT64_MAX ? NULL :
						      json_object_new_uint64(number));
}

/* [[upper end of the bucket in ns, samples], ...], the empty ones left out */
static struct json_object *histogram_to_json(const struct hist *h)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < HIST_BUCKETS; i++) {
		struct json_object *pair;

		if (!h->buckets[i])
			continue;
		pair = json_object_new_array();
		json_object_array_add(pair, json_object_new_uint64(hist_index_end(i)));
		json_object_array_add(pair, json_object_new_uint64(h->buckets[i]));
		json_object_array_add(array, pair);
	}
	return array;
}

static struct json_object *result_to_json(const struct bench_result *r)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "op",
			       json_object_new_string(opcode_name(r->spec.opcode)));
	json_object_object_add(object, "state",
			       json_object_new_string(bench_state_names[r->spec.state]));
	json_object_object_add(object, "region",
			       json_object_new_string(region_kind_names[r->kind]));
	json_object_object_add(object, "skipped", json_object_new_boolean(r->skipped));
	json_object_object_add(object, "note", json_object_new_string(r->note));
	json_object_object_add(object, "judgement",
			       json_object_new_string(judgement_name(r->judgement)));
	json_object_object_add(object, "why", json_object_new_string(r->why));
	add_number(object, "size", r->spec.size);
	add_number(object, "depth", r->spec.depth);
	add_number(object, "region_bytes", r->spec.region_bytes);
	add_number(object, "iterations", r->iterations);
	add_number(object, "ns", r->ns);
	add_number(object, "peak_ns", r->peak_ns);
	add_number(object, "prefetch_ns", r->prefetch_ns);
	add_number(object, "pages", r->pages);
	add_number(object, "faulted_min", r->faulted.min);
	add_number(object, "faulted_max", r->faulted.max);
	add_number(object, "latency_min_ns", r->latency.min);
	add_number(object, "latency_p50_ns", hist_percentile(&r->latency, 50));
	add_number(object, "latency_p99_ns", hist_percentile(&r->latency, 99));
	add_number(object, "latency_max_ns", r->latency.max);
	json_object_object_add(object, "latency_mean_ns",
			       json_object_new_double(hist_mean(&r->latency)));
	json_object_object_add(object, "latency_histogram",
			       histogram_to_json(&r->latency));
	return object;
}

struct json_object *bench_report_json(const struct bench_run *run)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < run->n; i++)
		json_object_array_add(array, result_to_json(&run->results[i]));
	return array;
}
