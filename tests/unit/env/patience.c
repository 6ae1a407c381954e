// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* patience.c - deadlines that follow the pace of the host */
#include "env/patience.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "env/env.h"

static void deadline__as_it_is_before_a_calibration(void **state)
{
	struct env env = { 0 };

	assert_int_equal(env_patience(&env, 1000), 1000);
}

static void deadline__follows_the_pace(void **state)
{
	static const struct {
		uint64_t calibration_ns, ns;
	} rows[] = {
		{ 0, 1000 },
		{ PATIENCE_UNIT_NS / 10, 1000 }, /* never shorter */
		{ PATIENCE_UNIT_NS, 1000 },
		{ PATIENCE_UNIT_NS * 3 / 2, 1500 },
		{ PATIENCE_UNIT_NS * 10, 10000 },
		{ PATIENCE_UNIT_NS * PATIENCE_MOST, 1000 * PATIENCE_MOST },
		{ PATIENCE_UNIT_NS * 1000, 1000 * PATIENCE_MOST },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct env env = { 0 };

		env_set_pace(&env, rows[i].calibration_ns);
		assert_int_equal(env_patience(&env, 1000), rows[i].ns);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(deadline__as_it_is_before_a_calibration),
	cmocka_unit_test(deadline__follows_the_pace),
};

int main(void)
{
	return cmocka_run_group_tests_name("patience", tests, NULL, NULL);
}
