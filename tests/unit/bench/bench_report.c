// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench_report.c - the figures of known measurements, in the tables and as JSON */
#include "bench/bench_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"

/* 2000 latencies: 1996 of 10 us, and four of 410 us, which only 99.9 % shows. */
static struct bench_result cold = {
	.spec = { .opcode = RDMA_WRITE, .state = BENCH_COLD, .size = 4096, .depth = 1 },
	.kind = REGION_FSDAX,
	.iterations = 2000,
	.ns = NSEC_PER_SEC,
	.peak_ns = UINT64_MAX,
	.faulted = { 2000, 2000 },
	.judgement = JUDGED_PROVEN,
};

static struct bench_result in_flight(enum bench_state state, uint64_t ns)
{
	return (struct bench_result){
		.spec = { .opcode = RDMA_READ,
			  .state = state,
			  .size = MiB(1),
			  .depth = 16 },
		.kind = REGION_ANON,
		.iterations = 100,
		.bytes = 100 * MiB(1),
		.ns = ns,
		.peak_ns = NSEC_PER_SEC / 4,
		.faulted = AT_LEAST(50),
		.judgement = JUDGED_PROVEN,
	};
}

static int record_latencies(void **state)
{
	for (int i = 0; i < 2000; i++)
		hist_record(&cold.latency, i < 1996 ? 10000 : 410000);
	return 0;
}

static void print(void (*report)(const struct bench_run *run, FILE *out),
		  const struct bench_run *run, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	report(run, out);
	fclose(out);
}

/* Words of the @row-th line, by the words of the head with the same number. */
static const char *cell(char *text, int row, const char *head)
{
	static char copy[4096];
	char *lines[8] = { NULL }, *save = NULL;
	int n = 0;
	size_t column;

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *line = strtok_r(copy, "\n", &save); line && n < 8;
	     line = strtok_r(NULL, "\n", &save))
		lines[n++] = line;
	assert_true(row < n);
	assert_non_null(strstr(lines[0], head));
	/* columns of numbers end where their head ends */
	column = (size_t)(strstr(lines[0], head) - lines[0]) + strlen(head);
	lines[row][column] = '\0';
	return strrchr(lines[row], ' ') + 1;
}

static void latency__as_perftest_names_it(void **state)
{
	struct bench_run run = { &cold, 1 };
	char text[4096];

	print(bench_report_latency, &run, text, sizeof(text));
	assert_string_equal(cell(text, 1, "#iterations"), "2000");
	assert_string_equal(cell(text, 1, "t_min[usec]"), "10.00");
	assert_string_equal(cell(text, 1, "t_max[usec]"), "410.00");
	assert_int_equal(atoi(cell(text, 1, "t_typical[usec]")), 10);
	assert_string_equal(cell(text, 1, "t_avg[usec]"), "10.80");
	/* 400 us * sqrt(0.002 * 0.998) */
	assert_string_equal(cell(text, 1, "t_stdev[usec]"), "17.87");
	assert_int_equal(atoi(cell(text, 1, "99% percentile[usec]")), 10);
	assert_string_equal(cell(text, 1, "99.9% percentile[usec]"), "410.00");
	assert_string_equal(cell(text, 1, "faults/sec"), "2000");
}

static void bandwidth__with_the_ratio_to_pinned(void **state)
{
	struct bench_result results[] = { in_flight(BENCH_PINNED, NSEC_PER_SEC),
					  in_flight(BENCH_WARM, 2 * NSEC_PER_SEC) };
	struct bench_run run = { results, 2 };
	char text[4096];

	print(bench_report_bandwidth, &run, text, sizeof(text));
	assert_string_equal(cell(text, 1, "BW average[MiB/sec]"), "100.00");
	assert_string_equal(cell(text, 2, "BW average[MiB/sec]"), "50.00");
	assert_string_equal(cell(text, 2, "BW peak[MiB/sec]"), "64.00");
	assert_string_equal(cell(text, 2, "of pinned"), "0.50");
	assert_non_null(strstr(text, ">= 25"));
}

static void json__with_the_ratio_to_pinned(void **state)
{
	struct bench_result results[] = { in_flight(BENCH_PINNED, NSEC_PER_SEC),
					  in_flight(BENCH_WARM, 2 * NSEC_PER_SEC) };
	struct bench_run both = { results, 2 }, warm = { &results[1], 1 };
	struct json_object *array = bench_report_json(&both), *found;

	assert_true(json_object_object_get_ex(json_object_array_get_idx(array, 1),
					      "of_pinned", &found));
	assert_float_equal(json_object_get_double(found), 0.5, 1e-9);
	json_object_put(array);
	array = bench_report_json(&warm);
	assert_true(json_object_object_get_ex(json_object_array_get_idx(array, 0),
					      "of_pinned", &found));
	assert_null(found);
	json_object_put(array);
}

static double number(struct json_object *object, const char *name)
{
	struct json_object *found;

	assert_true(json_object_object_get_ex(object, name, &found));
	return json_object_get_double(found);
}

static void json__has_all_figures(void **state)
{
	struct bench_run run = { &cold, 1 };
	struct json_object *array = bench_report_json(&run);
	struct json_object *object = json_object_array_get_idx(array, 0), *found;

	assert_int_equal(number(object, "latency_min_ns"), 10000);
	assert_int_equal(number(object, "latency_p99_ns"),
			 hist_percentile(&cold.latency, 99));
	assert_int_equal(number(object, "latency_p99_9_ns"), 410000);
	assert_int_equal(number(object, "latency_max_ns"), 410000);
	assert_int_equal(number(object, "latency_mean_ns"), 10800);
	assert_int_equal(number(object, "latency_stdev_ns"), 17870);
	assert_int_equal(number(object, "faulted_max"), 2000);
	assert_true(json_object_object_get_ex(object, "peak_ns", &found));
	assert_null(found);
	assert_true(json_object_object_get_ex(object, "latency_histogram", &found));
	assert_int_equal(json_object_array_length(found), 2);
	json_object_put(array);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(latency__as_perftest_names_it),
	cmocka_unit_test(bandwidth__with_the_ratio_to_pinned),
	cmocka_unit_test(json__with_the_ratio_to_pinned),
	cmocka_unit_test(json__has_all_figures),
};

int main(void)
{
	return cmocka_run_group_tests_name("bench_report", tests, record_latencies, NULL);
}
