// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* feature.c - all is ready; spoil one thing, and the feature that needs it says so */
#include "survey/feature.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "sample_survey.h"

static struct sample s;
static const struct survey_device *device = &s.device;

static int make_sample(void **state)
{
	sample_init(&s);
	device = &s.device;
	return 0;
}

static struct readiness judge(const char *name)
{
	struct readiness readiness;

	for (size_t i = 0; i < feature_count(); i++)
		if (!strcmp(feature_name(i), name)) {
			feature_judge(i, &s.survey, device, &readiness);
			assert_true(readiness.reason[0]);
			return readiness;
		}
	fail_msg("no feature %s", name);
	return (struct readiness){ 0 };
}

/* @word: NULL for ready, else a part of the reason */
static void expect_judgement(const char *name, const char *word)
{
	struct readiness readiness = judge(name);

	if (readiness.ready != !word)
		fail_msg("%s: ready %d: %s", name, readiness.ready, readiness.reason);
	if (word && !strstr(readiness.reason, word))
		fail_msg("%s: \"%s\" expected, not: %s", name, word, readiness.reason);
	assert_true(!word || readiness.remedy[0] || strstr(readiness.reason, "needs"));
}

/* All but the first need it. */
static void expect_nothing_ready(void)
{
	for (size_t i = 1; i < feature_count(); i++)
		if (strcmp(feature_name(i), "pinned"))
			expect_judgement(feature_name(i), "needs");
	assert_false(feature_odp_is_ready(&s.survey));
}

static void all__ready(void **state)
{
	for (size_t i = 0; i < feature_count(); i++) {
		expect_judgement(feature_name(i), NULL);
		assert_true(strlen(feature_about(i)) > 0);
	}
	assert_true(feature_odp_is_ready(&s.survey));
}

static void explicit_odp__no_device(void **state)
{
	device = NULL;
	s.survey.n_devices = 0;
	expect_judgement("explicit-odp", "no RDMA device");
	expect_judgement("pinned", "needs");
	expect_nothing_ready();
}

static void explicit_odp__not_opened(void **state)
{
	s.device = (struct survey_device){ .error = -EACCES };
	expect_judgement("explicit-odp", "Permission denied");
	assert_non_null(strstr(judge("explicit-odp").remedy, "uverbs"));
	expect_nothing_ready();
}

static void explicit_odp__not_offered(void **state)
{
	s.device.facts.caps.general = 0;
	expect_judgement("explicit-odp", "neither the device nor its driver");
	assert_non_null(strstr(judge("explicit-odp").remedy, "firmware"));
	strcpy(s.device.facts.driver, "rxe");
	assert_non_null(strstr(judge("explicit-odp").remedy, "6.15"));
	expect_judgement("pinned", NULL);
	expect_nothing_ready();
}

/* The claim of a device is not enough. */
static void explicit_odp__refused(void **state)
{
	s.device.device_probe.explicit_odp = -EOPNOTSUPP;
	expect_judgement("explicit-odp", "refused");
	s.device.device_probe.explicit_odp = -EIO;
	expect_judgement("explicit-odp", "fails");
	expect_nothing_ready();
}

static void explicit_odp__link_down(void **state)
{
	s.port.facts.active = false;
	expect_judgement("explicit-odp", "no port is active");
	expect_nothing_ready();
}

static void explicit_odp__second_device_will_do(void **state)
{
	struct survey_device devices[2] = { { .error = -EACCES }, s.device };

	s.survey.devices = devices;
	s.survey.n_devices = 1;
	assert_false(feature_odp_is_ready(&s.survey));
	s.survey.n_devices = 2;
	assert_true(feature_odp_is_ready(&s.survey));
}

static void device__lacks_one(void **state)
{
	s.device.facts.caps.general = ODP_SUPPORT;
	expect_judgement("implicit-odp", "does not support it");
	s.device.facts.caps.general |= ODP_IMPLICIT;
	s.device.device_probe.implicit_odp = -EINVAL;
	expect_judgement("implicit-odp", "fails");
	s.device.device_probe.prefetch = -EOPNOTSUPP;
	expect_judgement("prefetch", "cannot be prefetched");
	s.device.device_probe.pinned = -ENOMEM;
	expect_judgement("pinned", "RLIMIT_MEMLOCK");
	expect_judgement("explicit-odp", NULL);
}

static void operations__one_missing(void **state)
{
	s.device.facts.caps.per_transport[QP_RC] &= ~(uint32_t)ODP_READ;
	expect_judgement("rc", "no ODP for READ on RC");
	expect_judgement("rc-atomic", NULL);
	s.device.facts.caps.per_transport[QP_XRC] = 0;
	expect_judgement("xrc", "no ODP for SEND WRITE READ on XRC");
	s.device.facts.caps.dc_known = false;
	expect_judgement("dc", "unknown: needs libmlx5");
}

static void fault_proof__needs_one_that_counts(void **state)
{
	s.device.device_probe.observation[0].pages = NONE;
	expect_judgement("fault-proof", "did not count");
	s.device.device_probe.observation[1].pages = EXACTLY(1);
	expect_judgement("fault-proof", NULL);
	s.device.device_probe.observation[1].pages = BETWEEN(0, 1);
	expect_judgement("fault-proof", NULL);
	s.device.device_probe.observation[1].pages = AT_LEAST(1);
	expect_judgement("fault-proof", "did not count");
	s.device.device_probe.observation[1].pages = EXACTLY(1);
	s.device.device_probe.observation[1].available = false;
	expect_judgement("fault-proof", "did not count");
	s.device.witnesses[0].available = false;
	expect_judgement("fault-proof", "trace: kprobe f");
}

/*
 * Without a prefetch nothing happens: a witness that says so counts, one that guesses
 * not.
 */
static void fault_proof__without_prefetch(void **state)
{
	s.device.device_probe.prefetch = -EOPNOTSUPP;
	expect_judgement("fault-proof", "did not count");
	s.device.device_probe.observation[0].pages = NONE;
	expect_judgement("fault-proof", NULL);
}

static void fsdax__what_is_mounted(void **state)
{
	s.mount.map_sync = false;
	expect_judgement("fsdax", NULL);
	expect_judgement("persistence", "refuses MAP_SYNC");
	s.mount.dax = false;
	expect_judgement("fsdax", "it is not mounted with DAX");
	expect_judgement("persistence", "needs fsdax");
	s.mount.block.mode = NAMESPACE_NONE;
	expect_judgement("fsdax", "no filesystem is mounted from persistent memory");
}

/* Where a file is named, that file counts. */
static void fsdax__what_was_named(void **state)
{
	struct path_info file = s.mount;

	file.kind = PATH_FILE;
	file.dax = false;
	strcpy(file.mount.type, "tmpfs");
	s.survey.paths = &file;
	s.survey.n_paths = 1;
	expect_judgement("fsdax", "in memory");
	file.dax = true;
	expect_judgement("fsdax", NULL);
	s.survey.paths = &s.dax_device;
	expect_judgement("fsdax", NULL);
}

static void memory__lacks_one(void **state)
{
	s.dax_device.writable = false;
	expect_judgement("devdax", "no permission to read and write");
	s.survey.n_dax_devices = 0;
	expect_judgement("devdax", "no DAX device");
	s.survey.host.huge[0].free = 4; /* as many as scenarios need */
	expect_judgement("hugetlb", NULL);
	s.survey.host.huge[0].free = 3;
	expect_judgement("hugetlb", "fewer than 4 free huge pages of 2 MiB");
	expect_judgement("fsdax", NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(all__ready, make_sample),
	cmocka_unit_test_setup(explicit_odp__no_device, make_sample),
	cmocka_unit_test_setup(explicit_odp__not_opened, make_sample),
	cmocka_unit_test_setup(explicit_odp__not_offered, make_sample),
	cmocka_unit_test_setup(explicit_odp__refused, make_sample),
	cmocka_unit_test_setup(explicit_odp__link_down, make_sample),
	cmocka_unit_test_setup(explicit_odp__second_device_will_do, make_sample),
	cmocka_unit_test_setup(device__lacks_one, make_sample),
	cmocka_unit_test_setup(operations__one_missing, make_sample),
	cmocka_unit_test_setup(fault_proof__needs_one_that_counts, make_sample),
	cmocka_unit_test_setup(fault_proof__without_prefetch, make_sample),
	cmocka_unit_test_setup(fsdax__what_is_mounted, make_sample),
	cmocka_unit_test_setup(fsdax__what_was_named, make_sample),
	cmocka_unit_test_setup(memory__lacks_one, make_sample),
};

int main(void)
{
	return cmocka_run_group_tests_name("feature", tests, NULL, NULL);
}
