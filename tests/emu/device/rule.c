// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * rule.c - rows switched on and off: their conditions, when they act, how they are listed
 */
#include "capture.h"
#include "cmocka_all.h"
#include "device/inject.h"

#include "device/device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct device *dev;

static int begin(void **state)
{
	const struct device_config config = { .seed = 1 };

	dev = device_new(&config);
	return dev ? 0 : -1;
}

static int end(void **state)
{
	device_free(dev);
	return 0;
}

/* On which of the next @n occasions it acts: a bit each, the first one lowest. */
static uint64_t acts(unsigned int n)
{
	uint64_t bits = 0;

	for (unsigned int i = 0; i < n; i++)
		bits |= (uint64_t)(inject(dev, INJECT_TORN)) << i;
	return bits;
}

static void turn_on(const char *text)
{
	assert_int_equal(rules_on(&dev->inject, text), 0);
}

static void rule__known_by_its_name(void **state)
{
	for (unsigned int i = 0; i < INJECT_COUNT; i++) {
		assert_true(rules_know(&dev->inject, injection_table.rows[i].name));
		assert_false(rules_know(&dev->behave, injection_table.rows[i].name));
	}
	for (unsigned int i = 0; i < BEHAVE_COUNT; i++)
		assert_true(rules_know(&dev->behave, behaviour_table.rows[i].name));
}

/*
 * What is refused is logged with what would be a condition: a parameter where there is
 * one.
 */
static void refusal__names_the_parameter(void **state)
{
	struct capture c = capture_start(stderr);
	char text[512];

	assert_int_equal(rules_on(&dev->behave, "completion-late:us=x"), -EINVAL);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "after=N, us=N ("));
	c = capture_start(stderr);
	assert_int_equal(rules_on(&dev->inject, "torn-write:us=1"), -EINVAL);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "after=N or prob=P"));
}

static void rule__counts(void **state)
{
	assert_int_equal(acts(4), 0);
	assert_int_equal(dev->inject.rules[INJECT_TORN].occasions, 0);
	turn_on("torn-write");
	assert_int_equal(acts(4), 0xf);
	turn_on("torn-write:every=3");
	assert_int_equal(acts(9), 1 << 2 | 1 << 5 | 1 << 8);
	assert_int_equal(dev->inject.rules[INJECT_TORN].occasions, 9);
	assert_int_equal(dev->inject.rules[INJECT_TORN].hits, 3);
	turn_on("torn-write:after=2");
	assert_int_equal(acts(5), 0x1c);
	turn_on("torn-write:every=3:after=4");
	assert_int_equal(acts(9), 1 << 5 | 1 << 8);
	turn_on("torn-write:every=1");
	assert_int_equal(acts(2), 3);
	assert_int_equal(dev->inject.active, 1ull << INJECT_TORN);
}

/* By chance, but by the seed: the same ones each time */
static void rule__chance(void **state)
{
	unsigned int hits = 0;
	uint64_t first;

	turn_on("torn-write:prob=0.25");
	first = acts(64);
	for (uint64_t bits = first; bits; bits &= bits - 1)
		hits++;
	assert_in_range(hits, 6, 26);
	assert_int_equal(dev->inject.rules[INJECT_TORN].hits, hits);
	dev->inject.rand.state = 1;
	assert_true(acts(64) == first);
	turn_on("torn-write:prob=1");
	assert_true(acts(64) == UINT64_MAX);
	turn_on("torn-write:prob=1e-9");
	assert_int_equal(acts(64), 0);
}

static void rule__refused(void **state)
{
	static const char *const texts[] = {
		"torn-write:",
		"torn-write:every=0",
		"torn-write:every=",
		"torn-write:every=x",
		"torn-write:after=-1",
		"torn-write:prob=0",
		"torn-write:prob=1.01",
		"torn-write:prob=",
		"torn-write:prob=0.5x",
		"torn-write:prob=nan",
		"torn-write:often=1",
		"torn-write:every=2:",
		"torn-write:every=2:often=1",
		"torn-write:us=1",
		"torn-writ",
		"torn-write2",
		"",
		":every=2",
		"torn-write:prob=-0.5",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(rules_on(&dev->inject, texts[i]), -EINVAL);
	assert_int_equal(dev->inject.active, 0);
}

static void rule__off(void **state)
{
	turn_on("stale-translation"); /* the first of all */
	assert_int_equal(rules_off(&dev->inject, "stale-translation"), 0);
	assert_int_equal(dev->inject.active, 0);
	turn_on("torn-write");
	turn_on("fault-lost");
	assert_int_equal(rules_off(&dev->inject, "torn"), -EINVAL);
	assert_int_equal(rules_off(&dev->inject, "byte-count"), 0);
	assert_int_equal(rules_off(&dev->inject, "torn-write"), 0);
	assert_int_equal(acts(3), 0);
	assert_int_equal(rules_off(&dev->inject, "all"), 0);
	assert_int_equal(dev->inject.active, 0);
}

/* What rules_list() prints; the caller frees it. */
static char *listed(void)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	rules_list(&dev->inject, out);
	fclose(out);
	assert_non_null(text);
	return text;
}

/* Each by the name that turns it on, on a line of its own; what is on with its counts */
static void rule__list(void **state)
{
	char *text, *line, *rest;
	unsigned int lines = 0;

	turn_on("torn-write:every=2");
	acts(5);
	text = listed();
	assert_int_equal(text[strlen(text) - 1], '\n');
	rest = text;
	while ((line = strsep(&rest, "\n")) && *line) {
		const char *name = injection_table.rows[lines].name;
		const char *counts = strstr(line, " (on: 2 of 5 occasions)");

		assert_int_equal(strncmp(line, name, strlen(name)), 0);
		assert_int_equal(line[strlen(name)], ' ');
		assert_true(strlen(line) > 40); /* it says what happens then */
		assert_int_equal(counts != NULL, lines == INJECT_TORN);
		lines++;
		turn_on(name);
	}
	assert_int_equal(lines, INJECT_COUNT);
	assert_true(dev->inject.active == (1ull << INJECT_COUNT) - 1);
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rule__known_by_its_name),
		TEST(rule__chance),
		TEST(rule__refused),
		TEST(refusal__names_the_parameter),
		TEST(rule__counts),
		TEST(rule__off),
		TEST(rule__list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
