// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench_report.c - measurements in the forms that people and machines read */
#include "bench/bench_report.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
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

/* How many times the pinned state's rate of operations; 0 where there is none. */
static double ratio_to_pinned(const struct bench_run *run,
			      const struct bench_result *result)
{
	const struct bench_result *pinned = pinned_of(run, result);

	if (!pinned || !pinned->ns || !result->ns)
		return 0;
	return per_second(result->iterations, result->ns) /
	       per_second(pinned->iterations, pinned->ns);
}

/* "0.93", or "" */
static const char *ratio_text(const struct bench_run *run,
			      const struct bench_result *result, char text[16])
{
	double ratio = ratio_to_pinned(run, result);

	text[0] = '\0';
	if (ratio > 0)
		snprintf(text, 16, "%.2f", ratio);
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

/* perftest's columns of its latency tests, with the state before and the faults after. */
void bench_report_latency(const struct bench_run *run, FILE *out)
{
	struct table *table =
		table_new("op|state|>#bytes|>#iterations|>t_min[usec]|>t_max[usec]|"
			  ">t_typical[usec]|>t_avg[usec]|>t_stdev[usec]|"
			  ">99% percentile[usec]|>99.9% percentile[usec]|>faults/sec");
	char faults[BOUNDS_TEXT];

	for (size_t i = 0; table && i < run->n; i++) {
		const struct bench_result *r = &run->results[i];
		const struct hist *h = &r->latency;

		if (r->skipped || r->spec.depth != 1)
			continue;
		table_row(table, "%s|%s|%llu|%llu|%.2f|%.2f|%.2f|%.2f|%.2f|%.2f|%.2f|%s",
			  opcode_name(r->spec.opcode), bench_state_names[r->spec.state],
			  (unsigned long long)r->spec.size, (unsigned long long)h->count,
			  usec(h->min), usec(h->max), usec(hist_percentile(h, 50)),
			  hist_mean(h) / NSEC_PER_USEC, hist_stdev(h) / NSEC_PER_USEC,
			  usec(hist_percentile(h, 99)), usec(hist_percentile(h, 99.9)),
			  faults_text(r, faults));
	}
	if (table)
		table_print(table, 0, out);
	table_free(table);
}

/* Does an earlier measurement have the same note? */
static bool is_repeated(const struct bench_run *run, size_t i)
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

		if (r->note[0] && !is_repeated(run, i))
			fprintf(out, "note: %s\n", r->note);
		if (!r->skipped && r->judgement != JUDGED_PROVEN)
			fprintf(out, "%s %s %llu: the state is %s: %s\n",
				opcode_name(r->spec.opcode),
				bench_state_names[r->spec.state],
				(unsigned long long)r->spec.size,
				judgement_name(r->judgement), r->why);
	}
}

/* UINT64_MAX, which is unknown, becomes null. */
static void add_known(struct json_object *object, const char *name, uint64_t number)
{
	if (number == UINT64_MAX)
		json_add_null(object, name);
	else
		json_add_number(object, name, number);
}

/* [[upper end of the bucket in ns, samples], ...], without the empty ones */
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

static void add_latency(struct json_object *object, const struct hist *h)
{
	json_add_number(object, "latency_min_ns", h->min);
	json_add_number(object, "latency_p50_ns", hist_percentile(h, 50));
	json_add_number(object, "latency_p99_ns", hist_percentile(h, 99));
	json_add_number(object, "latency_p99_9_ns", hist_percentile(h, 99.9));
	json_add_number(object, "latency_max_ns", h->max);
	json_object_object_add(object, "latency_mean_ns",
			       json_object_new_double(hist_mean(h)));
	json_object_object_add(object, "latency_stdev_ns",
			       json_object_new_double(hist_stdev(h)));
	json_object_object_add(object, "latency_histogram", histogram_to_json(h));
}

static void add_result(struct json_object *array, const struct bench_run *run,
		       const struct bench_result *r)
{
	struct json_object *object = json_append_object(array);
	double ratio = ratio_to_pinned(run, r);

	json_add_text(object, "op", opcode_name(r->spec.opcode));
	json_add_text(object, "state", bench_state_names[r->spec.state]);
	json_add_text(object, "region", region_kind_names[r->kind]);
	json_add_flag(object, "skipped", r->skipped);
	json_add_text(object, "note", r->note);
	json_add_text(object, "judgement", judgement_name(r->judgement));
	json_add_text(object, "why", r->why);
	json_add_number(object, "size", r->spec.size);
	json_add_number(object, "depth", r->spec.depth);
	json_add_number(object, "region_bytes", r->spec.region_bytes);
	json_add_number(object, "iterations", r->iterations);
	json_add_number(object, "ns", r->ns);
	add_known(object, "peak_ns", r->peak_ns);
	json_object_object_add(object, "of_pinned",
			       ratio > 0 ? json_object_new_double(ratio) : NULL);
	json_add_number(object, "prefetch_ns", r->prefetch_ns);
	json_add_number(object, "pages", r->pages);
	json_add_number(object, "faulted_min", r->faulted.min);
	add_known(object, "faulted_max", r->faulted.max);
	add_latency(object, &r->latency);
}

struct json_object *bench_report_json(const struct bench_run *run)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < run->n; i++)
		add_result(array, run, &run->results[i]);
	return array;
}
