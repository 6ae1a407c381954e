// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* hw_counters.c - a port's counters, over a netlink that this test answers */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/nldev.h"
#include "evidence/witness.h"

#define COUNTERS 200
#define SHOWN	 128

/* "counter_0" ... of the port, as the stand-ins below for nldev.c tell them. */
static struct {
	uint64_t value[COUNTERS];
	unsigned int n, first; /* it tells counters from the first on */
	int error, open_error;
	int sockets; /* that are open */
} port;

int nldev_open(struct nldev **out, const char *device)
{
	assert_string_equal(device, "mlx5_0");
	port.sockets += !port.open_error;
	return port.open_error;
}

void nldev_close(struct nldev *nldev)
{
	port.sockets--;
}

int nldev_port_counters(struct nldev *nldev, uint32_t number,
			void (*each)(const char *name, uint64_t value, void *data),
			void *data)
{
	assert_int_equal(number, 2);
	for (unsigned int i = port.first; i < port.n; i++) {
		char name[32];

		snprintf(name, sizeof(name), "counter_%u", i);
		each(name, port.value[i], data);
	}
	return port.error ? port.error : (int)(port.n - port.first);
}

static void *witness;
static const struct watched range = { .slot = 1 };

static const struct witness_spec spec = { "mlx5_0", 2 };

static int open_witness(unsigned int n)
{
	char why[256];

	memset(&port, 0, sizeof(port));
	port.n = n;
	for (unsigned int i = 0; i < COUNTERS; i++)
		port.value[i] = 100 + i;
	return hw_counters_witness.open(&witness, &spec, why, sizeof(why));
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
	return port.sockets;
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
	port.value[0]++;
	port.value[2] += 12;
	assert_string_equal(end().detail, "counter_0 +1, counter_2 +12");
}

/*
 * A port may have any number of counters: the last that is shown counts as the first
 * does.
 */
static void change__of_the_last_of_many(void **state)
{
	hw_counters_witness.begin(witness, &range);
	port.value[SHOWN - 1]++;
	port.value[SHOWN]++;
	assert_string_equal(end().detail, "counter_127 +1");
}

static void change__of_too_many_to_show(void **state)
{
	struct observation seen;

	hw_counters_witness.begin(witness, &range);
	for (unsigned int i = 0; i < COUNTERS; i++)
		port.value[i]++;
	seen = end();
	assert_true(strlen(seen.detail) < sizeof(seen.detail));
	assert_string_equal(seen.detail + strlen(seen.detail) - 5, ", ...");
}

static void counters__unreadable(void **state)
{
	struct observation seen = { 0 };

	port.error = -EIO;
	assert_int_equal(hw_counters_witness.begin(witness, &range), -EIO);
	port.error = 0;
	assert_int_equal(hw_counters_witness.begin(witness, &range), 0);
	port.error = -ETIMEDOUT;
	assert_int_equal(hw_counters_witness.end(witness, &range, &seen), -ETIMEDOUT);
	assert_string_equal(seen.detail, "unreadable: Connection timed out");
	port.error = 0;
	port.n = 0;
	assert_int_equal(hw_counters_witness.end(witness, &range, &seen), -EOPNOTSUPP);
}

/* Below what it was, or new. */
static void counter__began_anew(void **state)
{
	port.first = 1;
	hw_counters_witness.begin(witness, &range);
	port.first = 0;
	port.value[1] = 0;
	assert_string_equal(end().detail, "counter_0 began anew, counter_1 began anew");
}

/* One that went away shifts the others: they are told apart by their names. */
static void counter__gone(void **state)
{
	hw_counters_witness.begin(witness, &range);
	port.first = 1;
	port.value[2]++;
	assert_string_equal(end().detail, "counter_2 +1");
}

static void refuses(int error, const char *reason)
{
	char why[256] = "";
	void *other = NULL;

	assert_int_equal(hw_counters_witness.open(&other, &spec, why, sizeof(why)),
			 error);
	assert_null(other);
	assert_string_equal(why, reason);
	assert_int_equal(port.sockets, 1);
}

static void open__says_what_is_watched_or_missing(void **state)
{
	char why[256] = "";
	void *other = NULL;

	assert_int_equal(hw_counters_witness.open(&other, &spec, why, sizeof(why)), 0);
	assert_string_equal(why, "3 counters of port 2, by RDMA netlink");
	hw_counters_witness.close(other);
	port.open_error = -EPROTONOSUPPORT;
	refuses(-EPROTONOSUPPORT, "RDMA netlink: Protocol not supported");
	port.open_error = 0;
	port.error = -EPERM;
	refuses(-EPERM, "RDMA netlink: Operation not permitted");
	port.error = 0;
	port.n = 0;
	refuses(-EOPNOTSUPP, "RDMA netlink: the driver has no port counters");
}

/* As many whole changes as leave room for the mark that there are more. */
static void change__fills_the_detail_to_its_end(void **state)
{
	struct observation seen;

	hw_counters_witness.begin(witness, &range);
	for (unsigned int i = 0; i < COUNTERS; i++)
		port.value[i]++;
	/* "counter_16 +1" then ends where the mark must begin */
	port.value[0] += 10000000 - 1;
	seen = end();
	assert_int_equal(strlen(seen.detail), sizeof(seen.detail) - 1);
	assert_string_equal(strstr(seen.detail, "counter_15 "),
			    "counter_15 +1, counter_16 +1, ...");
	port.value[1] += 9;
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
	port.value[0]++;
	hw_counters_witness.begin(witness, &inner);
	port.value[0]++;
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
	cmocka_unit_test_setup_teardown(counters__unreadable, open_few, close_witness),
	cmocka_unit_test_setup_teardown(counter__began_anew, open_few, close_witness),
	cmocka_unit_test_setup_teardown(counter__gone, open_few, close_witness),
};

int main(void)
{
	return cmocka_run_group_tests_name("hw_counters", tests, NULL, NULL);
}
