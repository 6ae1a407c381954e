// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* spent_token.c - each token is there once, and the last so many are */
#include "fault/spent_token.h"
#include "cmocka_all.h"

#include "device/device.h"

static void token__once(void **state)
{
	static struct device dev;

	assert_false(spent_token_take(&dev, 0));
	assert_false(spent_token_take(&dev, 7));
	spent_token_add(&dev, 7);
	assert_false(spent_token_take(&dev, 8));
	assert_true(spent_token_take(&dev, 7));
	assert_false(spent_token_take(&dev, 7));
}

static void token__oldest_goes_first(void **state)
{
	static struct device dev;

	for (uint64_t token = 1; token <= SPENT_TOKENS + 2; token++)
		spent_token_add(&dev, token);
	assert_false(spent_token_take(&dev, 1));
	assert_false(spent_token_take(&dev, 2));
	assert_true(spent_token_take(&dev, 3));
	assert_true(spent_token_take(&dev, SPENT_TOKENS + 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(token__once),
		cmocka_unit_test(token__oldest_goes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
