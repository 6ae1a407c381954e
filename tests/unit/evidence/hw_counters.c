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
static int open_error, directories; /* that are open */

static char token;

DIR *opendir(const char *name)
{
	assert_string_equal(name, "/sys/class/infiniband/mlx5_0/ports/1/hw_counters");
	listed = 0;
	errno = open_error;
	directories += !open_error;
	return open_error ? NULL : (DIR *)&token;
}

/* The program is compiled for 64-bit offsets, where this is readdir64(). */
struct dirent *readdir(DIR *directory)
{
	static const char *const others[] = { ".", "..", "lifespan" };
	static struct dirent entry;

	if (listed == of_all + ARRAY_SIZE(others))
		return NULL;
	if (listed < ARRAY_SIZE(others))
		strcpy(entry.d_name, others[listed]);
	else
		snprintf(entry.d_name, sizeof(entry.d_name), "counter_%zu",
			 listed - ARRAY_SIZE(others));
	listed++;
	return &entry;
}

int closedir(DIR *directory)
{
	directories--;
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

static int open_another(char *why, size_t size)
{
	void *other = NULL;
	int ret = hw_counters_witness.open(&other, &(struct witness_spec){ "mlx5_0", 1 },
					   why, size);

	assert_int_equal(directories, 0);
	assert_int_equal(!other, !!ret);
	if (!ret)
		hw_counters_witness.close(other);
	return ret;
}

static void open__says_what_is_watched_or_missing(void **state)
{
	char why[256] = "";

	assert_int_equal(open_another(why, sizeof(why)), 0);
	assert_string_equal(
		why, "3 counters in /sys/class/infiniband/mlx5_0/ports/1/hw_counters");
	open_error = ENOTDIR;
	assert_int_equal(open_another(why, sizeof(why)), -ENOENT);
	open_error = 0;
	assert_string_equal(why, "/sys/class/infiniband/mlx5_0/ports/1/hw_counters: "
				 "Not a directory; the driver has no port counters");
}

/* As many whole changes as leave room for the mark that there are more. */
static void change__fills_the_detail_to_its_end(void **state)
{
	struct observation seen;

	hw_counters_witness.begin(witness, &range);
	for (unsigned int i = 0; i < COUNTERS; i++)
		value[i]++;
	/* "counter_16 +1" then ends where the mark must begin */
	value[0] += 10000000 - 1;
	seen = end();
	assert_int_equal(strlen(seen.detail), sizeof(seen.detail) - 1);
	assert_string_equal(strstr(seen.detail, "counter_15 "),
			    "counter_15 +1, counter_16 +1, ...");
	value[1] += 9;
	seen = end();
	assert_string_equal(strstr(seen.detail, "counter_14 "),
			    "counter_14 +1, counter_15 +1, ...");
}

/* An inner watch leaves what the outer one began with. */
static void slots__apart(void **state)
{
	static const struct watched inner = { .slot = WATCH_SLOTS - 1 };
	struct observation seen = { 0 };

	assert_int_equal(hw_counters_witness.begin(witness, &range), 0);
	value[0]++;
	hw_counters_witness.begin(witness, &inner);
	value[0]++;
	assert_int_equal(hw_counters_witness.end(witness, &inner, &seen), 0);
	assert_string_equal(seen.detail, "counter_0 +1");
	assert_string_equal(end().detail, "counter_0 +2");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(open__says_what_is_watched_or_missing, open_few,
					close_witness),
	cmocka_unit_test_setup_teardown(change__fills_the_detail_to_its_end, open_many,
					close_witness),
	cmocka_unit_test_setup_teardown(slots__apart, open_few, close_witness),
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
