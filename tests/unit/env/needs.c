// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* needs.c - what is missing is named, with the remedy where there is one */
#include "env/needs.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "fake_side.h"

static void needs__all_there(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	for (unsigned int need = 0; need < NEED_COUNT; need++) {
		if (need < NEED_ROOT &&
		    !need_met((enum need)need, &env.env, why, sizeof(why)))
			fail_msg("%s: %s", need_name((enum need)need), why);
		if (need < NEED_ROOT)
			assert_string_equal(why, "");
		assert_non_null(need_name((enum need)need));
	}
	snprintf(why, sizeof(why), "of before");
	assert_true(needs_met(0, &env.env, why, sizeof(why)));
	assert_string_equal(why, "");
}

static void needs__nothing_there(void **state)
{
	static const struct {
		enum need need;
		const char *why;
	} rows[] = {
		{ NEED_ODP, "fake0 has no on-demand paging" },
		{ NEED_IMPLICIT, "fake0 has no implicit ODP" },
		{ NEED_KERNEL_DRIVER, "fake0 has no kernel driver" },
		{ NEED_RC_SEND, "fake0 has no ODP for SEND on RC queue pairs" },
		{ NEED_RC_RECV, "fake0 has no ODP for RECV on RC queue pairs" },
		{ NEED_RC_WRITE, "fake0 has no ODP for WRITE on RC queue pairs" },
		{ NEED_RC_READ, "fake0 has no ODP for READ on RC queue pairs" },
		{ NEED_RC_ATOMIC, "fake0 has no ODP for ATOMIC on RC queue pairs" },
		{ NEED_UD_SEND, "fake0 has no ODP for SEND on UD queue pairs" },
		{ NEED_UD_RECV, "fake0 has no ODP for RECV on UD queue pairs" },
		{ NEED_XRC_WRITE, "fake0 has no ODP for WRITE on XRC queue pairs" },
		{ NEED_DC_WRITE, "fake0 has no ODP for WRITE on DC queue pairs" },
		{ NEED_RC_FLUSH, "fake0 has no ODP for FLUSH on RC queue pairs" },
		{ NEED_WINDOW_1, "fake0 has no memory windows of type 1" },
		{ NEED_WINDOW_2, "fake0 has no memory windows of type 2" },
		{ NEED_INDIRECT_MKEY, "fake0 has no indirect memory keys" },
		{ NEED_DEVX, "of fake0 cannot be read by DEVX: Operation not supported" },
		{ NEED_PIECES, "fake0 takes 3 pieces of memory in an operation, not 4" },
		{ NEED_INLINE,
		  "fake0 takes 63 bytes of inline data in a request, not 64" },
		{ NEED_PREFETCH,
		  "fake0 has no prefetch: ibv_advise_mr: Operation not supported" },
		{ NEED_LARGE_ODP, "fake0 takes no on-demand region of 256 MiB: Invalid" },
		{ NEED_REGION, "-o dax" },
		{ NEED_FSDAX, "--dax" },
		{ NEED_DEVDAX, "--devdax" },
		{ NEED_FILE, "--directory" },
		{ NEED_REFLINK, "reflink=1" },
		{ NEED_SWAP, "swapon" },
		{ NEED_HUGE_PAGES, "vm.nr_hugepages" },
	};
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	memset(&env.env.device.caps, 0, sizeof(env.env.device.caps));
	env.env.device.caps.hca.error = -EOPNOTSUPP;
	memset(env.env.place, 0, sizeof(env.env.place));
	env.env.device.windows_1 = env.env.device.windows_2 = false;
	env.env.device.sges = 3;
	env.env.device.inline_bytes = 63;
	env.env.prefetch = -EOPNOTSUPP;
	env.env.large_odp = -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_false(need_met(rows[i].need, &env.env, why, sizeof(why)));
		if (!strstr(why, rows[i].why))
			fail_msg("%s: %s", need_name(rows[i].need), why);
		assert_false(
			needs_met(NEED_BIT(rows[i].need), &env.env, why, sizeof(why)));
	}
}

static void needs__of_an_indirect_mkey(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	env.env.device.caps.dc_known = true;
	env.env.device.inline_bytes = 511;
	assert_false(need_met(NEED_INDIRECT_MKEY, &env.env, why, sizeof(why)));
	assert_string_equal(why, "fake0 takes 511 bytes of inline data in a request; a "
				 "list of memory keys travels in 512");
	env.env.device.inline_bytes = 512;
	assert_true(need_met(NEED_INDIRECT_MKEY, &env.env, why, sizeof(why)));
}

/* The region that the user chose decides. */
static void needs__region_chosen(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	memset(env.env.place, 0, sizeof(env.env.place));
	env.config.kind = REGION_ANON;
	assert_true(need_met(NEED_REGION, &env.env, why, sizeof(why)));
	env.config.kind = REGION_FILE;
	assert_false(need_met(NEED_REGION, &env.env, why, sizeof(why)));
}

static void needs__the_first_that_is_missing(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	env.env.place[REGION_FSDAX] = NULL;
	env.env.device.caps.general = 0;
	assert_int_equal(NEEDS(ODP, IMPLICIT, RC_SEND, RC_RECV, RC_WRITE, RC_READ,
			       RC_ATOMIC, RC_SRQ, RC_FLUSH, RC_ATOMIC_WRITE),
			 (1u << 10) - 1);
	assert_false(needs_met(NEEDS(FSDAX, ODP), &env.env, why, sizeof(why)));
	assert_string_equal(why, "fake0 has no on-demand paging");
	assert_false(needs_met(NEEDS(FSDAX, RC_WRITE), &env.env, why, sizeof(why)));
	assert_non_null(strstr(why, "--dax"));
	assert_true(needs_met(NEEDS(RC_WRITE, RC_READ), &env.env, why, sizeof(why)));
}

/* What a transport cannot do, whatever the device can. */
static void needs__of_the_transport(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	env.config.transport = "ofi:verbs";
	env.env.device.modes = 1u << MR_ODP;
	env.env.device.commits = false;
	assert_false(need_met(NEED_COMMIT, &env.env, why, sizeof(why)));
	assert_string_equal(why, "ofi:verbs has no WRITE whose completion means durable");
	assert_true(need_met(NEED_DEVICE, &env.env, why, sizeof(why)));
	assert_false(need_met(NEED_PINNED, &env.env, why, sizeof(why)));
	assert_string_equal(why, "ofi:verbs cannot register pinned memory");
	assert_false(need_met(NEED_VERBS, &env.env, why, sizeof(why)));
	assert_string_equal(why, "needs verbs: ofi:verbs has no call for it");
}

static void needs__faults_of_the_cpu(void **state)
{
	static const char text[] = "needs a device: over ofi:tcp the CPU copies the data";
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	env.config.transport = "ofi:tcp";
	env.env.device.cpu_faults = true;
	env.env.device.caps.general = 0;
	assert_false(need_met(NEED_DEVICE, &env.env, why, sizeof(why)));
	assert_string_equal(why, text);
	assert_false(need_met(NEED_ODP, &env.env, why, sizeof(why)));
	assert_string_equal(why, text);
	assert_true(need_met(NEED_RC_WRITE, &env.env, why, sizeof(why)));
}

/* Independent of the user that runs the tests. */
static uid_t user;

uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
	return user;
}

static void needs__root(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	user = 0;
	assert_true(need_met(NEED_ROOT, &env.env, why, sizeof(why)));
	user = 1000;
	assert_false(need_met(NEED_ROOT, &env.env, why, sizeof(why)));
	assert_string_equal(why, "needs root");
}

static bool small;

bool __wrap_fs_fillable(const char *directory);
bool __wrap_fs_fillable(const char *directory)
{
	return small;
}

static void needs__a_filesystem_that_can_be_filled(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	small = true;
	assert_true(need_met(NEED_FILLABLE, &env.env, why, sizeof(why)));
	small = false;
	assert_false(need_met(NEED_FILLABLE, &env.env, why, sizeof(why)));
	assert_non_null(strstr(why, "more than 4 GiB free"));
	small = true;
	env.env.place[REGION_FSDAX] = NULL;
	assert_false(need_met(NEED_FILLABLE, &env.env, why, sizeof(why)));
	assert_non_null(strstr(why, "no DAX filesystem"));
}

static void needs__those_that_are_lacking(void **state)
{
	struct fake_env env;

	fake_env_init(&env);
	user = 1000;
	env.env.place[REGION_DEVDAX] = NULL;
	assert_true(needs_lacking(NEEDS(ROOT, DEVDAX, RC_WRITE, FSDAX), &env.env) ==
		    NEEDS(ROOT, DEVDAX));
	assert_true(needs_lacking(NEEDS(RC_WRITE, FSDAX), &env.env) == 0);
}

/* One is for this driver only, the other for all. */
static void needs__hazards(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	assert_false(need_met(NEED_HAZARD, &env.env, why, sizeof(why)));
	assert_non_null(strstr(why, "--hazards"));
	assert_false(need_met(NEED_HAZARD_ON_RXE, &env.env, why, sizeof(why)));
	snprintf(env.env.device.driver, sizeof(env.env.device.driver), "mlx5");
	assert_true(need_met(NEED_HAZARD_ON_RXE, &env.env, why, sizeof(why)));
	assert_false(need_met(NEED_HAZARD, &env.env, why, sizeof(why)));
	env.config.hazards = true;
	assert_true(need_met(NEED_HAZARD, &env.env, why, sizeof(why)));
}

static void needs__the_long_ones(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	assert_false(need_met(NEED_LONG_RUN, &env.env, why, sizeof(why)));
	assert_non_null(strstr(why, "--long"));
	env.config.long_run = true;
	assert_true(need_met(NEED_LONG_RUN, &env.env, why, sizeof(why)));
}

/* A driver without DEVX leaves no error: none may be named. */
static void needs__devx_without_an_error(void **state)
{
	struct fake_env env;
	char why[256];

	fake_env_init(&env);
	memset(&env.env.device.caps.hca, 0, sizeof(env.env.device.caps.hca));
	assert_false(need_met(NEED_DEVX, &env.env, why, sizeof(why)));
	assert_non_null(strstr(why, "its driver has no DEVX"));
	assert_null(strstr(why, "Success"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(needs__devx_without_an_error),
	cmocka_unit_test(needs__the_long_ones),
	cmocka_unit_test(needs__all_there),
	cmocka_unit_test(needs__nothing_there),
	cmocka_unit_test(needs__of_an_indirect_mkey),
	cmocka_unit_test(needs__region_chosen),
	cmocka_unit_test(needs__the_first_that_is_missing),
	cmocka_unit_test(needs__of_the_transport),
	cmocka_unit_test(needs__faults_of_the_cpu),
	cmocka_unit_test(needs__root),
	cmocka_unit_test(needs__a_filesystem_that_can_be_filled),
	cmocka_unit_test(needs__those_that_are_lacking),
	cmocka_unit_test(needs__hazards),
};

int main(void)
{
	return cmocka_run_group_tests_name("needs", tests, NULL, NULL);
}
