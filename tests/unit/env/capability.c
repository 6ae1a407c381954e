// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* capability.c - what a need belongs to, and what the user can give for it */
#include "env/capability.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "env/env.h"

static uid_t user;

uid_t __wrap_geteuid(void);

uid_t __wrap_geteuid(void)
{
	return user;
}

static const char *remedy(enum need need, enum region_kind kind)
{
	const struct env_config config = { .kind = kind };
	const struct env env = { .config = &config };

	return need_remedy(need, &env);
}

static void remedy__is_an_option(void **state)
{
	assert_string_equal(remedy(NEED_FSDAX, REGION_ANON), "--dax");
	assert_string_equal(remedy(NEED_DEVDAX, REGION_ANON), "--devdax");
	assert_string_equal(remedy(NEED_FILE, REGION_ANON), "--directory");
	assert_string_equal(remedy(NEED_DC_WRITE, REGION_ANON), "");
	/* loops that take hours are a choice, not a part of a qualification */
	assert_string_equal(remedy(NEED_LONG_RUN, REGION_ANON), "");
}

/* The option is that of the place that regions of the chosen kind are made in. */
static void remedy__of_the_region_chosen(void **state)
{
	static const struct {
		enum region_kind kind;
		const char *remedy;
	} rows[] = { { REGION_FSDAX, "--dax" },
		     { REGION_FSDAX_PRIVATE, "--dax" },
		     { REGION_DEVDAX, "--devdax" },
		     { REGION_FILE, "--directory" },
		     { REGION_ANON, "" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(remedy(NEED_REGION, rows[i].kind), rows[i].remedy);
}

/* What root lacks is no right. */
static void remedy__is_root_for_others_only(void **state)
{
	user = 1000;
	assert_string_equal(remedy(NEED_MERGING, REGION_ANON), "root");
	assert_string_equal(remedy(NEED_ROOT, REGION_ANON), "root");
	user = 0;
	assert_string_equal(remedy(NEED_MERGING, REGION_ANON), "");
	assert_string_equal(remedy(NEED_FSDAX, REGION_ANON), "--dax");
}

/* run.json names each capability of a scenario once, which relies on it. */
static void capability__stands_together(void **state)
{
	for (unsigned int a = 0; a < NEED_COUNT; a++)
		for (unsigned int b = a + 2; b < NEED_COUNT; b++) {
			const char *name = need_capability((enum need)a);

			if (!name[0] || strcmp(name, need_capability((enum need)b)) != 0)
				continue;
			assert_string_equal(need_capability((enum need)(b - 1)), name);
		}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(remedy__is_an_option),
	cmocka_unit_test(remedy__of_the_region_chosen),
	cmocka_unit_test(remedy__is_root_for_others_only),
	cmocka_unit_test(capability__stands_together),
};

int main(void)
{
	return cmocka_run_group_tests_name("capability", tests, NULL, NULL);
}
