// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mr_counters.c - the driver's counters of a region, over a netlink that this test
 * answers
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/nldev.h"
#include "evidence/witness.h"

/* What the stand-ins for nldev.c answer. */
static struct {
	uint32_t mrn;
	uint64_t faults, prefetched, invalidations;
	int error, open_error, counters_error;
	bool counts, invalidates;
	int sockets; /* that are open */
} driver;

int nldev_open(struct nldev **out, const char *device)
{
	driver.sockets += !driver.open_error;
	return driver.open_error;
}

void nldev_close(struct nldev *nldev)
{
	driver.sockets--;
}

int nldev_mr_number(struct nldev *nldev, uint32_t lkey, uint32_t *mrn)
{
	*mrn = driver.mrn;
	return driver.error;
}

int nldev_mr_counters(struct nldev *nldev, uint32_t mrn,
		      void (*each)(const char *name, uint64_t value, void *data),
		      void *data)
{
	assert_int_equal(mrn, driver.mrn);
	if (driver.counters_error)
		return driver.counters_error;
	if (!driver.counts)
		return 0;
	if (driver.invalidates)
		each("page_invalidations", driver.invalidations, data);
	each("page_faults", driver.faults, data);
	each("page_prefetch", driver.prefetched, data);
	each("something_new", 12, data);
	return 3;
}

static void *witness;

static int open_witness(void **state)
{
	char why[256];

	memset(&driver, 0, sizeof(driver));
	driver.mrn = 5;
	driver.faults = 100;
	driver.prefetched = 10;
	driver.counts = true;
	return mr_counters_witness.open(&witness, &(struct witness_spec){ "mlx5_0", 1 },
					why, sizeof(why));
}

static int close_witness(void **state)
{
	mr_counters_witness.close(witness);
	return driver.sockets;
}

static const struct watched range = { .lkey = 7 };

static void refuses(int error, const char *detail)
{
	struct observation observation = { 0 };

	assert_int_equal(mr_counters_witness.end(witness, &range, &observation), error);
	assert_string_equal(observation.detail, detail);
}

static void change__counted(void **state)
{
	struct observation observation = { 0 };

	assert_int_equal(mr_counters_witness.begin(witness, &range), 0);
	driver.faults += 3;
	driver.prefetched += 2;
	assert_int_equal(mr_counters_witness.end(witness, &range, &observation), 0);
	/* a device may have asked for a page again, or for others too */
	assert_int_equal(observation.pages.min, 0);
	assert_int_equal(observation.pages.max, 5);
	assert_true(observation.some);
	assert_false(observation.saw_invalidations);
	assert_string_equal(observation.detail, "page_faults +3, page_prefetch +2");
}

/* Nothing happened, which is known exactly. */
static void change__none(void **state)
{
	struct observation observation = { 0 };

	assert_int_equal(mr_counters_witness.begin(witness, &range), 0);
	assert_int_equal(mr_counters_witness.end(witness, &range, &observation), 0);
	assert_int_equal(observation.pages.min, 0);
	assert_int_equal(observation.pages.max, 0);
	assert_false(observation.some);
	assert_string_equal(observation.detail, "page_faults +0, page_prefetch +0");
}

/* Counters that begin anew would make a great number, or hide faults. */
static void change__of_another_region(void **state)
{
	assert_int_equal(mr_counters_witness.begin(witness, &range), 0);
	driver.mrn++;
	refuses(-ESTALE, "the counters began anew: the region was registered again");
}

static void change__backwards(void **state)
{
	assert_int_equal(mr_counters_witness.begin(witness, &range), 0);
	driver.faults = 99;
	refuses(-ESTALE, "the counters began anew: the region was registered again");
}

static void counters__missing(void **state)
{
	driver.counts = false;
	assert_int_equal(mr_counters_witness.begin(witness, &range), -EOPNOTSUPP);
	driver.counts = true;
	refuses(-EOPNOTSUPP, "the driver counts no faults");
}

static void region__not_shown(void **state)
{
	assert_int_equal(mr_counters_witness.begin(witness, &range), 0);
	driver.error = -ENOENT;
	refuses(-ENOENT, "region keys are shown to CAP_NET_ADMIN only");
}

static void invalidations__counted(void **state)
{
	struct observation observation = { 0 };

	driver.invalidates = true;
	driver.invalidations = 40;
	assert_int_equal(mr_counters_witness.begin(witness, &range), 0);
	driver.invalidations = 47;
	assert_int_equal(mr_counters_witness.end(witness, &range, &observation), 0);
	assert_true(observation.saw_invalidations);
	assert_int_equal(observation.invalidations, 7);
	assert_string_equal(observation.detail,
			    "page_faults +0, page_invalidations +7, page_prefetch +0");
	driver.invalidates = false; /* a counter that is gone cannot be compared */
	refuses(-ESTALE, "the counters began anew: the region was registered again");
}

static void counters__that_cannot_be_read(void **state)
{
	assert_int_equal(mr_counters_witness.begin(witness, &range), 0);
	driver.counters_error = -EIO;
	refuses(-EIO, "Input/output error");
	assert_int_equal(mr_counters_witness.begin(witness, &range), -EIO);
	driver.counters_error = 0;
	refuses(-EIO, "Input/output error"); /* what it began with is not known */
}

static void slots__apart(void **state)
{
	static const struct watched inner = { .slot = WATCH_SLOTS - 1, .lkey = 7 };
	struct observation observation = { 0 };

	assert_int_equal(mr_counters_witness.begin(witness, &range), 0);
	driver.faults++;
	assert_int_equal(mr_counters_witness.begin(witness, &inner), 0);
	driver.faults++;
	assert_int_equal(mr_counters_witness.end(witness, &inner, &observation), 0);
	assert_int_equal(observation.pages.max, 1);
	assert_int_equal(mr_counters_witness.end(witness, &range, &observation), 0);
	assert_int_equal(observation.pages.max, 2);
}

static void open__says_by_what_or_why_not(void **state)
{
	char why[256] = "";
	void *other = NULL;

	assert_int_equal(mr_counters_witness.open(&other,
						  &(struct witness_spec){ "mlx5_0", 1 },
						  why, sizeof(why)),
			 0);
	assert_string_equal(why, "RDMA netlink, if the driver counts (mlx5 does)");
	mr_counters_witness.close(other);
	driver.open_error = -ENODEV;
	assert_int_equal(mr_counters_witness.open(&other,
						  &(struct witness_spec){ "mlx5_0", 1 },
						  why, sizeof(why)),
			 -ENODEV);
	assert_string_equal(why, "RDMA netlink: No such device");
	assert_int_equal(driver.sockets, 1); /* that of the test's set-up */
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(invalidations__counted, open_witness,
					close_witness),
	cmocka_unit_test_setup_teardown(counters__that_cannot_be_read, open_witness,
					close_witness),
	cmocka_unit_test_setup_teardown(slots__apart, open_witness, close_witness),
	cmocka_unit_test_setup_teardown(open__says_by_what_or_why_not, open_witness,
					close_witness),
	cmocka_unit_test_setup_teardown(change__counted, open_witness, close_witness),
	cmocka_unit_test_setup_teardown(change__none, open_witness, close_witness),
	cmocka_unit_test_setup_teardown(change__of_another_region, open_witness,
					close_witness),
	cmocka_unit_test_setup_teardown(change__backwards, open_witness, close_witness),
	cmocka_unit_test_setup_teardown(counters__missing, open_witness, close_witness),
	cmocka_unit_test_setup_teardown(region__not_shown, open_witness, close_witness),
};

int main(void)
{
	return cmocka_run_group_tests_name("mr_counters", tests, NULL, NULL);
}
