// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* hw_counters.c - a port's counters, over a directory that this test lists itself */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/util.h"
#include "evidence/witness.h"

#define COUNTERS 200

/* "counter_0" ... of the port, which the stand-ins below show as a directory of files. */
static uint64_t value[COUNTERS];
static bool readable[COUNTERS];
static unsigned int listed, of_all;

static char token;

DIR *opendir(const char *name)
{
	assert_string_equal(name, "/sys/class/infiniband/mlx5_0/ports/1/hw_counters");
	listed = 0;
	return (DIR *)&token;
}

/* The program is compiled for 64-bit offsets, where this is readdir64(). */
struct dirent *readdir(DIR *directory)
{
	static struct dirent entry;

	if (listed == of_all + 2)
		return NULL;
	if (listed < 2)
		strcpy(entry.d_name, listed ? "lifespan" : "..");
	else
		snprintf(entry.d_name, sizeof(entry.d_name), "counter_%u", listed - 2);
	listed++;
	return &entry;
}

int closedir(DIR *directory)
{
	return 0;
}

int file_read_number(const char *path, uint64_t *number)
{
	unsigned int i;

	if (sscanf(strrchr(path, '/'), "/counter_%u", &i) != 1 || !readable[i])
		return -EIO;
	*number = value[i];
	return 0;
}

static void *witness;
static const struct watched range = { .slot = 1 };

static int open_witness(unsigned int n)
{
	char why[256];

	of_all = n;
	for (unsigned int i = 0; i < COUNTERS; i++) {
		value[i] = 100 + i;
		readable[i] = true;
	}
	assert_int_equal(hw_counters_witness.open(&witness,
						  &(struct witness_spec){ "mlx5_0", 1 },
						  why, sizeof(why)),
			 0);
	return 0;
}

static int open_few(void **state)
{
	return open_witness(3);
}

static int open_many(void **state)
{
	return open_witness(COUNTERS);
}

static int close_witness(void **state)
{
	hw_counters_witness.close(witness);
	return 0;
}

static struct observation end(void)
{
	struct observation observation = { .pages = ANYTHING };

	assert_int_equal(hw_counters_witness.end(witness, &range, &observation), 0);
	return observation;
}

static void change__shown(void **state)
{
	hw_counters_witness.begin(witness, &range);
	assert_string_equal(end().detail, "no change");
	value[0]++;
	value[2] += 12;
	assert_string_equal(end().detail, "counter_0 +1, counter_2 +12");
}

/* A port may have any number of counters: the last counts as the first does. */
static void change__of_the_last_of_many(void **state)
{
	hw_counters_witness.begin(witness, &range);
	value[COUNTERS - 1]++;
	assert_string_equal(end().detail, "counter_199 +1");
}

static void change__of_too_many_to_show(void **state)
{
	struct observation seen;

	hw_counters_witness.begin(witness, &range);
	for (unsigned int i = 0; i < COUNTERS; i++)
		value[i]++;
	seen = end();
	assert_true(strlen(seen.detail) < sizeof(seen.detail));
	assert_string_equal(seen.detail + strlen(seen.detail) - 5, ", ...");
}

static void counter__unreadable(void **state)
{
	readable[0] = false;
	hw_counters_witness.begin(witness, &range);
	readable[0] = true;
	readable[1] = false;
	assert_string_equal(end().detail, "counter_0 unreadable, counter_1 unreadable");
}

static void counter__reset(void **state)
{
	hw_counters_witness.begin(witness, &range);
	value[1] = 0;
	assert_string_equal(end().detail, "counter_1 was reset");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(change__shown, open_few, close_witness),
	cmocka_unit_test_setup_teardown(change__of_the_last_of_many, open_many,
					close_witness),
	cmocka_unit_test_setup_teardown(change__of_too_many_to_show, open_many,
					close_witness),
	cmocka_unit_test_setup_teardown(counter__unreadable, open_few, close_witness),
	cmocka_unit_test_setup_teardown(counter__reset, open_few, close_witness),
};

int main(void)
{
	return cmocka_run_group_tests_name("hw_counters", tests, NULL, NULL);
}
