// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* behave.c - the table of behaviours: sources, parameters, names of their own */
#include "device/behave.h"
#include "cmocka_all.h"

#include "device/device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A behaviour is a claim about real devices: each says what it rests on. */
static void rows__have_a_source(void **state)
{
	for (unsigned int i = 0; i < behaviour_table.n; i++) {
		assert_true(strlen(behaviour_table.rows[i].source) > 10);
		assert_true(strlen(behaviour_table.rows[i].about) > 10);
	}
}

/* The control socket's "clear" takes names of both tables. */
static void rows__are_not_injections(void **state)
{
	for (unsigned int i = 0; i < behaviour_table.n; i++)
		for (unsigned int k = 0; k < injection_table.n; k++)
			assert_string_not_equal(behaviour_table.rows[i].name,
						injection_table.rows[k].name);
}

static void parameters__have_bounds(void **state)
{
	struct rules rules = { .table = &behaviour_table };
	char text[128];

	for (unsigned int i = 0; i < behaviour_table.n; i++) {
		const struct rule_row *row = &behaviour_table.rows[i];
		const uint64_t good[] = { row->min, row->initial, row->max };

		assert_int_equal(rules_on(&rules, row->name), 0);
		assert_int_equal(rules.rules[i].value, row->initial);
		for (unsigned int k = 0; row->parameter && k < 3; k++) {
			snprintf(text, sizeof(text), "%s:every=2:%s=%llu", row->name,
				 row->parameter, (unsigned long long)good[k]);
			assert_int_equal(rules_on(&rules, text), 0);
			assert_int_equal(rules.rules[i].value, good[k]);
		}
		if (!row->parameter)
			continue;
		snprintf(text, sizeof(text), "%s:%s=%llu", row->name, row->parameter,
			 (unsigned long long)row->max + 1);
		assert_int_equal(rules_on(&rules, text), -EINVAL);
		snprintf(text, sizeof(text), "%s:%s=", row->name, row->parameter);
		assert_int_equal(rules_on(&rules, text), -EINVAL);
	}
	assert_int_equal(rules_on(&rules, "fault-wide:pages=0"), -EINVAL);
	assert_int_equal(rules_on(&rules, "fault-repeated:pages=1"), -EINVAL);
}

static void list__names_parameters_and_sources(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	rules_describe(&behaviour_table, out);
	fclose(out);
	assert_non_null(strstr(text, "\nfault-wide "));
	assert_non_null(strstr(text, " parameter: pages, 8 (1 to 512)\n"));
	assert_non_null(strstr(text, " source: mlx5_ib_mr_memory_pfault_handler()"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows__have_a_source),
		cmocka_unit_test(rows__are_not_injections),
		cmocka_unit_test(parameters__have_bounds),
		cmocka_unit_test(list__names_parameters_and_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
