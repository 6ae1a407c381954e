// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mr_counters.c - the driver's counters of a region, over a netlink that this test answers */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "evidence/nldev.h"
#include "evidence/witness.h"

/* What the stand-ins for nldev.c answer. */
static struct {
	uint32_t mrn;
	uint64_t faults, prefetched;
	int error;
	bool counts;
} driver;

int nldev_open(struct nldev **out, const char *device)
{
	return 0;
}

void nldev_close(struct nldev *nldev)
{
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
	if (!driver.counts)
		return 0;
	each("page_faults", driver.faults, data);
	each("page_prefetch", driver.prefetched, data);
	each("something_new", 12, data);
	return 3;
}

static void *witness;

static int open_witness(void **state)
{
	char why[256];

	driver.mrn = 5;
	driver.faults = 100;
	driver.prefetched = 10;
	driver.error = 0;
	driver.counts = true;
	return mr_counters_witness.open(&witness, &(struct witness_spec){ "mlx5_0", 1 },
					why, sizeof(why));
}

static int close_witness(void **state)
{
	mr_counters_witness.close(witness);
	return 0;
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
	assert_int_equal(observation.pages.min, 3);
	assert_int_equal(observation.pages.max, 5);
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

static const struct CMUnitTest tests[] = {
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
