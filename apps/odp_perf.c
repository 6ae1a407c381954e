// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_perf.c - throughput and latency over a region, pinned, warm, prefetched and cold */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/progress.h"
#include "base/schema.h"
#include "base/units.h"
#include "base/util.h"
#include "base/version.h"
#include "bench/bench_report.h"
#include "env/env.h"
#include "env/needs.h"
#include "env/results.h"
#include "env/room.h"
#include "process/signals.h"
#include "testcase/verdict.h"

struct config {
	struct env_config env;
	unsigned int ops;	 /* bit mask over op_names */
	unsigned int states;	 /* bit mask over bench_state_names */
	unsigned int connection; /* in connections */
	struct opt_sizes sizes;
	uint64_t iterations;
	uint64_t depth;
	uint64_t region_bytes;
	struct result_config results;
};

static const char *const op_names[] = { "write", "read", NULL };
static const enum rdma_opcode opcodes[] = { RDMA_WRITE, RDMA_READ };

static const char *const connection_names[] = { "RC", "XRC", "DC", NULL };
static const struct {
	enum qp_type transport;
	enum need needs[ARRAY_SIZE(opcodes)]; /* of each opcode */
} connections[] = {
	{ QP_RC, { NEED_RC_WRITE, NEED_RC_READ } },
	{ QP_XRC, { NEED_XRC_WRITE, NEED_XRC_READ } },
	{ QP_DC, { NEED_DC_WRITE, NEED_DC_READ } },
};

static const struct opt options[] = {
	ENV_OPTIONS(struct config, "kind of the responder's region"),
	OPT_GROUP("Measurement"),
	OPT_CHOICE_ROW(struct config, connection, "connection", 'c', "TYPE", "RC",
		       "type of the queue pairs", .choices = connection_names),
	OPT_CHOICES_ROW(struct config, ops, "ops", 0, "LIST", "all",
			"operations to measure", .choices = op_names),
	OPT_CHOICES_ROW(struct config, states, "states", 0, "LIST", "all",
			"states of the region to measure", .choices = bench_state_names),
	OPT_SIZES_ROW(struct config, sizes, "sizes", 's', "LIST", "4K,64K",
		      "message sizes", .min = 1, .max = GiB(1)),
	OPT_NUMBER_ROW(struct config, iterations, "iters", 'n', "N", "1000",
		       "operations per measurement, rounded up to whole passes over the "
		       "region",
		       .min = 1, .max = 1000000000),
	OPT_NUMBER_ROW(struct config, depth, "tx-depth", 't', "N", "16",
		       "operations in flight for bandwidth; latency is measured with one",
		       .min = 2, .max = STREAM_DEPTH),
	OPT_SIZE_ROW(struct config, region_bytes, "region-size", 0, "SIZE", "4M",
		     "size of the range that the operations cover", .min = PAGE_BYTES,
		     .max = GiB(64)),
	RESULT_OPTIONS(struct config, "perf.json on stdout, the tables on stderr"),
	OPT_END
};

static const struct opt_app app = {
	.name = "odp_perf",
	.usage = "[OPTION]...",
	.about = "Measures bandwidth and latency of RDMA WRITE and READ over a region in "
		 "four states, in one\n"
		 "run: pinned, warm, prefetched, and cold, where each page faults. All "
		 "data "
		 "is checked, no\n"
		 "sample is discarded, and witnesses verify that each state was what it "
		 "claims to be.\n"
		 "Exit status: 0 measured, 1 wrong data or a state that was not what it "
		 "claims, 2 wrong usage,\n"
		 "3 the host is short of something, 77 nothing could be measured.",
	.options = options,
};

struct perf_run {
	const struct env *env;
	const struct config *config;
	struct json_object *command; /* its words */
	struct bench_run bench;
	char started[CLOCK_TEXT], finished[CLOCK_TEXT];
	int interrupted; /* the signal that ended it early, or 0 */
};

static void show_progress(const struct bench_spec *spec, const char *op)
{
	char size[UNITS_TEXT];

	progress_show("%s, %s, %s, depth %u", op, bench_state_names[spec->state],
		      units_format_size(spec->size, size), spec->depth);
}

/* The pinned state first: the others are compared with it. */
static int for_each_size_and_state(struct perf_run *run, struct bench *bench,
				   struct bench_spec spec, const char *op)
{
	const struct config *config = run->config;
	int ret = 0;

	for (unsigned int i = 0; i < config->sizes.n; i++)
		for (unsigned int state = 0; state < BENCH_STATES && !ret; state++) {
			if (!(config->states & 1u << state))
				continue;
			spec.size = config->sizes.bytes[i];
			spec.state = (enum bench_state)state;
			show_progress(&spec, op);
			ret = bench_measure(bench, &spec,
					    &run->bench.results[run->bench.n++]);
		}
	return ret;
}

static int measure_all(struct perf_run *run, struct bench *bench)
{
	const struct config *config = run->config;
	unsigned int depths[] = { (unsigned int)config->depth, 1 };
	struct bench_spec spec = { .transport = connections[config->connection].transport,
				   .kind = (enum region_kind)config->env.kind,
				   .region_bytes = config->region_bytes,
				   .iterations = config->iterations };
	int ret = 0;

	for (size_t d = 0; d < ARRAY_SIZE(depths); d++)
		for (unsigned int op = 0; op_names[op] && !ret; op++) {
			if (!(config->ops & 1u << op))
				continue;
			spec.depth = depths[d];
			spec.opcode = opcodes[op];
			ret = for_each_size_and_state(run, bench, spec, op_names[op]);
		}
	progress_clear();
	return ret;
}

static size_t count_combinations(const struct config *config)
{
	return 2 * config->sizes.n * (size_t)__builtin_popcount(config->ops) *
	       (size_t)__builtin_popcount(config->states);
}

static void write_json(FILE *out, const void *data)
{
	const struct perf_run *run = data;
	struct json_object *object = json_object_new_object();

	json_add_text(object, "schema", PERF_SCHEMA);
	json_add_number(object, "version", PERF_SCHEMA_VERSION);
	json_add_text(object, "odplab", ODPLAB_VERSION);
	json_add_text(object, "commit", version_commit[0] ? version_commit : NULL);
	json_object_object_add(object, "command", json_object_get(run->command));
	json_add_text(object, "started", run->started);
	json_add_text(object, "finished", run->finished);
	json_add_flag(object, "interrupted", run->interrupted);
	json_object_object_add(object, "config", opt_to_json(options, run->config));
	json_object_object_add(object, "environment", env_to_json(run->env));
	json_object_object_add(object, "measurements", bench_report_json(&run->bench));
	fprintf(out, "%s\n",
		json_object_to_json_string_ext(object,
					       JSON_C_TO_STRING_PRETTY |
						       JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

static void print_tables(const struct perf_run *run, FILE *out)
{
	char size[UNITS_TEXT], transport[ENV_TRANSPORT];

	fprintf(out, "%s (%s)%s, %s, %s region of %s, data checked after each pass\n\n",
		run->env->device.name, run->env->device.driver,
		env_transport(run->env, transport),
		connection_names[run->config->connection],
		region_kind_names[run->config->env.kind],
		units_format_size(run->config->region_bytes, size));
	fprintf(out, "Bandwidth, %llu operations in flight\n",
		(unsigned long long)run->config->depth);
	bench_report_bandwidth(&run->bench, out);
	fprintf(out, "\nLatency, one operation at a time\n");
	bench_report_latency(&run->bench, out);
	bench_report_notes(&run->bench, out);
	if (run->interrupted)
		fprintf(out, "interrupted by SIG%s: measurements are missing\n",
			sigabbrev_np(run->interrupted));
}

/* A state that no witness could verify is not an error, one that was refuted is. */
static int exit_status(const struct perf_run *run)
{
	size_t measured = 0;

	if (run->interrupted)
		return EXIT_SIGNAL + run->interrupted;
	for (size_t i = 0; i < run->bench.n; i++) {
		const struct bench_result *r = &run->bench.results[i];

		measured += !r->skipped;
		if (!r->skipped && r->judgement >= JUDGED_REFUTED)
			return EXIT_BAD;
	}
	return measured ? EXIT_ALL_GOOD : EXIT_NOTHING;
}

/* @otherwise: where the error is no shortage of the host. */
static int status_of(int error, int otherwise)
{
	return error == -ENOSR ? EXIT_HOST : otherwise;
}

static int measure_and_report(struct env *env, const struct config *config, char **argv)
{
	struct perf_run run = { .env = env,
				.config = config,
				.command = json_from_words(argv) };
	FILE *tables = config->results.json ? stderr : stdout;
	struct results results;
	int status = EXIT_USAGE, ret;
	struct bench bench;

	ret = results_open(&results, config->results.output, env);
	if (ret) {
		status = status_of(ret, EXIT_USAGE);
		goto out;
	}
	run.bench.results =
		calloc(count_combinations(config), sizeof(*run.bench.results));
	if (!run.bench.results)
		goto out;
	ret = bench_open(&bench, env, config->region_bytes);
	if (ret) {
		status = status_of(ret, EXIT_USAGE);
		goto out;
	}
	clock_utc(run.started);
	ret = measure_all(&run, &bench);
	run.interrupted = signals_noted();
	/* an error may be what the signal interrupted */
	status = ret && !run.interrupted ? status_of(ret, EXIT_BAD) : exit_status(&run);
	clock_utc(run.finished);
	bench_close(&bench);
	if (run.bench.n && ret &&
	    (run.interrupted || ret == -ENOSR || !run.bench.results[run.bench.n - 1].ns))
		run.bench.n--; /* it has nothing to show, or too little */
	print_tables(&run, tables);
	if (results_file(&results, "perf.json", write_json, &run) ||
	    results_finish(&results))
		status = EXIT_USAGE;
	else
		fprintf(tables, "results: %s\n", results.path);
	if (config->results.json)
		write_json(stdout, &run);
out:
	results_drop(&results);
	free(run.bench.results);
	json_object_put(run.command);
	return status;
}

static int check_sizes(const struct config *config)
{
	char size[UNITS_TEXT];

	for (unsigned int i = 0; i < config->sizes.n; i++)
		if (config->sizes.bytes[i] > config->region_bytes) {
			log_error("--sizes %s: larger than the region; enlarge it with "
				  "--region-size",
				  units_format_size(config->sizes.bytes[i], size));
			return -EINVAL;
		}
	return 0;
}

/* RC can be measured pinned, without ODP; the other types are there to measure ODP. */
static int check_connection(const struct env *env, const struct config *config)
{
	const char *name = connection_names[config->connection];
	char why[256];
	bool can = true;

	if (!config->connection)
		return 0;
	can = need_met(NEED_VERBS, env, why, sizeof(why));
	for (unsigned int op = 0; op_names[op] && can; op++)
		if (config->ops & 1u << op)
			can = need_met(connections[config->connection].needs[op], env,
				       why, sizeof(why));
	if (!can)
		log_error("--connection %s: %s", name, why);
	return can ? 0 : -EOPNOTSUPP;
}

/*
 * The initiator has memory of the region's size. A region that the kernel refuses to pin
 * is replaced by memory, for the pinned state.
 */
static int check_region(const struct env *env, const struct config *config)
{
	enum region_kind kind = (enum region_kind)config->env.kind;
	char why[256], size[UNITS_TEXT];
	uint64_t memory;

	if (kind == REGION_SECRET) {
		log_error(
			"--region secret: no device may read or write it, so that there "
			"is nothing to measure; choose another kind");
		return -EOPNOTSUPP;
	}
	if (!env_has_place(env, kind, why, sizeof(why))) {
		log_error("--region %s: %s", region_kind_names[kind], why);
		return -ENODEV;
	}
	memory = config->region_bytes * (region_kind_needs_path(kind) ? 2 : 1);
	if (!room_for(env, kind, config->region_bytes, memory, why, sizeof(why))) {
		log_error("--region-size %s: %s",
			  units_format_size(config->region_bytes, size), why);
		return -ENOSPC;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct config config = { 0 };
	struct env env;
	int rest, ret, status = EXIT_USAGE;

	signals_note();
	signals_let_in();
	log_set_name(app.name);
	switch (opt_parse(&app, &config, argc, argv, &rest)) {
	case 0:
		break;
	case OPT_DONE:
		return EXIT_ALL_GOOD;
	default:
		return EXIT_USAGE;
	}
	if (rest < argc) {
		log_error("%s: only options are accepted; see --help", argv[rest]);
		return EXIT_USAGE;
	}
	if (check_sizes(&config))
		return EXIT_USAGE;
	ret = env_open(&env, &config.env);
	if (ret) {
		status = verdict_exit_unopened(ret, config.env.device);
	} else {
		ret = check_region(&env, &config);
		if (ret == -ENOSPC)
			status = EXIT_HOST;
		if (!ret && !check_connection(&env, &config))
			status = measure_and_report(&env, &config, argv);
		env_close(&env);
	}
	/* a signal that came before the first measurement */
	return signals_noted() && status == EXIT_USAGE ? EXIT_SIGNAL + signals_noted() :
							 status;
}
