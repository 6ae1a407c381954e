// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* hist.c - percentiles compared with a sorted array's, bucket borders, huge values */
#include "base/hist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rand.h"
#include "base/util.h"

static struct hist h;

static int reset(void **state)
{
	hist_reset(&h);
	return 0;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void percentile__within_1_percent_of_sorted(void **state)
{
	static const double percents[] = { 0, 1, 25, 50, 90, 99, 99.9, 99.99, 100 };
	static uint64_t samples[30011];
	struct rand r = { .state = 3 };

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		samples[i] = rand_next(&r) >> rand_below(&r, 64);
		hist_record(&h, samples[i]);
	}
	qsort(samples, ARRAY_SIZE(samples), sizeof(samples[0]), by_value);
	for (size_t i = 0; i < ARRAY_SIZE(percents); i++) {
		double rank = percents[i] * ARRAY_SIZE(samples) / 100;
		size_t below = (size_t)rank - (rank == (double)(size_t)rank && rank > 0);
		uint64_t exact = samples[below], got = hist_percentile(&h, percents[i]);

		assert_true(got >= exact);
		assert_true(got - exact <= exact / 100);
	}
}

/* Each sample has a bucket of its own, so that any rank off by one is seen. */
static void percentile__exact_rank(void **state)
{
	for (uint64_t n = 1; n <= 255; n++) {
		hist_record(&h, n);
		for (uint64_t tenths = 1; tenths <= 1000; tenths++)
			assert_int_equal(hist_percentile(&h, (double)tenths / 10),
					 (tenths * n + 999) / 1000);
	}
}

static void percentile__empty(void **state)
{
	assert_int_equal(hist_percentile(&h, 50), 0);
	assert_true(hist_mean(&h) == 0);
	assert_int_equal(h.min, 0);
	assert_int_equal(h.max, 0);
}

static void percentile__0_is_the_smallest(void **state)
{
	hist_record(&h, 1);
	hist_record(&h, 5);
	assert_int_equal(hist_percentile(&h, 0), 1);
}

static void percentile__never_beyond_the_largest(void **state)
{
	hist_record(&h, 1000000);
	assert_int_equal(hist_percentile(&h, 0), 1000000);
	assert_int_equal(hist_percentile(&h, 100), 1000000);
}

/* The end of the bucket of @value: the median of it and something greater. */
static uint64_t bucket_end(uint64_t value)
{
	hist_reset(&h);
	hist_record(&h, value);
	hist_record(&h, UINT64_MAX);
	return hist_percentile(&h, 50);
}

static void bucket_end__borders(void **state)
{
	for (uint64_t value = 0; value < 256; value++)
		assert_int_equal(bucket_end(value), value);
	assert_int_equal(bucket_end(256), 257);
	assert_int_equal(bucket_end(257), 257);
	assert_int_equal(bucket_end(258), 259);
	for (unsigned int bit = 8; bit < 64; bit++) {
		uint64_t power = 1ull << bit;

		assert_true(bucket_end(power - 1) == power - 1);
		assert_true(bucket_end(power) == power + (power >> 7) - 1);
	}
	assert_true(bucket_end(UINT64_MAX) == UINT64_MAX);
}

/* The end of a bucket, plus one, is in the next bucket: none is lost, none overlaps. */
static void bucket_end__walks_all_buckets(void **state)
{
	size_t buckets = 1;
	uint64_t end = 0;

	while (end != UINT64_MAX) {
		assert_true(bucket_end(end) == end);
		end = bucket_end(end + 1);
		buckets++;
	}
	assert_int_equal(buckets, HIST_BUCKETS);
}

static void record__huge_values(void **state)
{
	for (int i = 0; i < 4; i++)
		hist_record(&h, UINT64_MAX);
	assert_true(h.max == UINT64_MAX && h.min == UINT64_MAX);
	assert_true(hist_percentile(&h, 50) == UINT64_MAX);
	assert_true(hist_mean(&h) == (double)UINT64_MAX);
}

static void record__zero_is_a_sample(void **state)
{
	hist_record(&h, 0);
	hist_record(&h, 10);
	assert_int_equal(h.count, 2);
	assert_int_equal(h.min, 0);
	assert_int_equal(hist_percentile(&h, 50), 0);
	assert_true(hist_mean(&h) == 5);
}

static void expect_stdev(double expected)
{
	double got = hist_stdev(&h);

	if (got < expected * 0.999999 || got > expected * 1.000001)
		fail_msg("standard deviation %f, expected %f", got, expected);
}

static void stdev__known(void **state)
{
	static const uint64_t samples[] = { 2, 4, 4, 4, 5, 5, 7, 9 };

	assert_true(hist_stdev(&h) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		hist_record(&h, samples[i]);
	expect_stdev(2);
}

/* Also where all samples fall into one bucket. */
static void stdev__much_smaller_than_the_mean(void **state)
{
	for (int i = 0; i < 100000; i++)
		hist_record(&h, 1000000000 + (i % 2 ? 3 : 0));
	expect_stdev(1.5);
}

/* One sample of 36 minutes among 100 counts as 18 minutes. */
static void stdev__of_a_huge_sample_is_capped(void **state)
{
	const double mean = (double)(1ull << 41) / 100;
	const double square = (double)HIST_SQUARE_MAX * (double)HIST_SQUARE_MAX / 100;

	hist_record(&h, 1ull << 41);
	for (int i = 1; i < 100; i++)
		hist_record(&h, 0);
	expect_stdev(sqrt(square - mean * mean));
}

static void stdev__below_1(void **state)
{
	hist_record(&h, 1);
	hist_record(&h, 2);
	expect_stdev(0.5);
}

static void stdev__of_equal_samples_is_zero(void **state)
{
	for (int i = 0; i < 3; i++)
		hist_record(&h, 123456789);
	assert_true(hist_stdev(&h) == 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(percentile__within_1_percent_of_sorted, reset),
	cmocka_unit_test_setup(percentile__exact_rank, reset),
	cmocka_unit_test_setup(percentile__empty, reset),
	cmocka_unit_test_setup(percentile__0_is_the_smallest, reset),
	cmocka_unit_test_setup(percentile__never_beyond_the_largest, reset),
	cmocka_unit_test(bucket_end__borders),
	cmocka_unit_test(bucket_end__walks_all_buckets),
	cmocka_unit_test_setup(record__huge_values, reset),
	cmocka_unit_test_setup(record__zero_is_a_sample, reset),
	cmocka_unit_test_setup(stdev__known, reset),
	cmocka_unit_test_setup(stdev__below_1, reset),
	cmocka_unit_test_setup(stdev__much_smaller_than_the_mean, reset),
	cmocka_unit_test_setup(stdev__of_a_huge_sample_is_capped, reset),
	cmocka_unit_test_setup(stdev__of_equal_samples_is_zero, reset),
};

int main(void)
{
	return cmocka_run_group_tests_name("hist", tests, NULL, NULL);
}
