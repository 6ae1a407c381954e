// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * defects.c - known defects: read, refused where malformed, and applied where they belong
 */
#include "runner/defects.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/util.h"
#include "capture.h"
#include "scenario/scenario.h"
#include <cmocka.h>

static char folder[] = "/tmp/odplab-defects-XXXXXX";

static int make_folder(void **state)
{
	return mkdtemp(folder) && !chdir(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	unlink("a.ini");
	unlink("b.ini");
	return chdir("/") || rmdir(folder);
}

static void make(const char *name, const char *text)
{
	assert_int_equal(file_replace(name, text, strlen(text)), 0);
}

static void kernel__ranges(void **state)
{
	static const struct {
		const char *release, *range;
		bool in;
	} rows[] = {
		{ "7.3.4+deb13-amd64", "", true },
		{ "7.3.4+deb13-amd64", "6.15..7.3", true },
		{ "7.3.4+deb13-amd64", "6.15..", true },
		{ "7.3.4+deb13-amd64", "..7.3", true },
		{ "7.3.4+deb13-amd64", "7.3", true },
		{ "7.3.4+deb13-amd64", "7.3.4", true },
		{ "7.3.4+deb13-amd64", "7.3.5..", false },
		{ "7.3.4+deb13-amd64", "..7.2", false },
		{ "7.3.4+deb13-amd64", "..7.3.3", false },
		{ "7.3.4+deb13-amd64", "7.4..", false },
		{ "7.3.4+deb13-amd64", "7.30..", false },
		{ "7.3.4+deb13-amd64", "7", true },
		{ "7.3.4+deb13-amd64", "8", false },
		{ "7.3.4+deb13-amd64", "..6", false },
		{ "6.9.1", "6.15..", false },
		{ "6.15.0-rc3", "6.15..", true },
		{ "6.15-rc3", "6.15..6.15", true },
		{ "6.15.2", "6.15..7.3", true },
		{ "6.15.2", "6.15.2..6.15.2", true },
		{ "6.15.2", "6.15.3..6.16", false },
		{ "6.14.99", "6.15..", false },
		{ "10.0.0", "7.3..", true },
		/* what follows the number is not a number */
		{ "7.3-2-amd64", "7.3.0..", true },
		{ "7.3+5", "7.3.1..", false },
		{ "7.3amd64", "7.3", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (version_in_range(rows[i].release, rows[i].range) != rows[i].in)
			fail_msg("%s in \"%s\"", rows[i].release, rows[i].range);
}

#define BEGIN "[d]\nscenario = DP-05.* DP-07\nreason = because\n"

static struct outcome apply(const char *ini, enum verdict verdict, const char *id,
			    const char *why, char *reason)
{
	static const struct defect_host host = {
		"rxe0", "rxe", "MT_359", "1.2", "ofi:verbs", "2.1", "7.3.4+deb13-amd64"
	};
	struct scenario scenario = { .id = id };
	struct outcome outcome = { .scenario = &scenario, .verdict = verdict };
	struct defects defects;

	snprintf(outcome.why, sizeof(outcome.why), "%s", why);
	make("a.ini", ini);
	assert_int_equal(defects_load(&defects, "."), 0);
	defects_apply(&defects, &host, &outcome);
	snprintf(reason, 512, "%s", outcome.defect ? outcome.defect->reason : "");
	defects_free(&defects);
	return outcome;
}

static void apply__each_row(void **state)
{
	static const struct {
		const char *ini;
		enum verdict before;
		const char *id, *why;
		enum verdict after;
	} rows[] = {
		/* which scenario: globs, all of the id */
		{ BEGIN, VERDICT_FAIL, "DP-05.odd", "x", VERDICT_XFAIL },
		{ BEGIN, VERDICT_FAIL, "DP-07", "x", VERDICT_XFAIL },
		{ BEGIN, VERDICT_FAIL, "DP-071", "x", VERDICT_FAIL },
		{ BEGIN, VERDICT_FAIL, "DP-05", "x", VERDICT_FAIL },
		{ BEGIN, VERDICT_PASS, "DP-01", "", VERDICT_PASS },
		/* which verdicts */
		{ BEGIN, VERDICT_PASS, "DP-07", "", VERDICT_XPASS },
		{ BEGIN, VERDICT_SKIP, "DP-07", "x", VERDICT_SKIP },
		{ BEGIN, VERDICT_UNPROVEN, "DP-07", "x", VERDICT_UNPROVEN },
		{ BEGIN, VERDICT_ERROR, "DP-07", "x", VERDICT_ERROR },
		/* which failure */
		{ BEGIN "symptom = wrong data\n", VERDICT_FAIL, "DP-07",
		  "wrong data: stale", VERDICT_XFAIL },
		{ BEGIN "symptom = wrong data\n", VERDICT_FAIL, "DP-07", "crashed",
		  VERDICT_FAIL },
		/* whether it always shows */
		{ BEGIN "sometimes = yes\n", VERDICT_PASS, "DP-07", "", VERDICT_PASS },
		{ BEGIN "sometimes = yes\n", VERDICT_FAIL, "DP-07", "x", VERDICT_XFAIL },
		/* which host */
		{ BEGIN "driver = rxe\n", VERDICT_FAIL, "DP-07", "x", VERDICT_XFAIL },
		{ BEGIN "driver = mlx5\n", VERDICT_FAIL, "DP-07", "x", VERDICT_FAIL },
		{ BEGIN "driver = mlx5\n", VERDICT_PASS, "DP-07", "", VERDICT_PASS },
		{ BEGIN "driver = mlx5 rxe\n", VERDICT_FAIL, "DP-07", "x",
		  VERDICT_XFAIL },
		{ BEGIN "driver = mlx5 mlx4\n", VERDICT_FAIL, "DP-07", "x",
		  VERDICT_FAIL },
		{ BEGIN "driver = r\n", VERDICT_FAIL, "DP-07", "x", VERDICT_FAIL },
		{ BEGIN "device = rxe?\n", VERDICT_FAIL, "DP-07", "x", VERDICT_XFAIL },
		{ BEGIN "device = mlx5_*\n", VERDICT_FAIL, "DP-07", "x", VERDICT_FAIL },
		{ BEGIN "board = MT_*\n", VERDICT_FAIL, "DP-07", "x", VERDICT_XFAIL },
		{ BEGIN "board = MT_1*\n", VERDICT_FAIL, "DP-07", "x", VERDICT_FAIL },
		{ BEGIN "firmware = 1.*\n", VERDICT_FAIL, "DP-07", "x", VERDICT_XFAIL },
		{ BEGIN "firmware = 2.*\n", VERDICT_FAIL, "DP-07", "x", VERDICT_FAIL },
		{ BEGIN "transport = ofi:*\n", VERDICT_FAIL, "DP-07", "x",
		  VERDICT_XFAIL },
		{ BEGIN "transport = verbs\n", VERDICT_FAIL, "DP-07", "x", VERDICT_FAIL },
		{ BEGIN "libfabric = 1.17..2.1\n", VERDICT_FAIL, "DP-07", "x",
		  VERDICT_XFAIL },
		{ BEGIN "libfabric = 2.2..\n", VERDICT_FAIL, "DP-07", "x", VERDICT_FAIL },
		{ BEGIN "kernel = 6.15..7.3\n", VERDICT_FAIL, "DP-07", "x",
		  VERDICT_XFAIL },
		{ BEGIN "kernel = ..7.2\n", VERDICT_FAIL, "DP-07", "x", VERDICT_FAIL },
		/* another defect may be meant */
		{ BEGIN "symptom = a\n[e]\nscenario = *\nreason = r\nsymptom = b\n",
		  VERDICT_FAIL, "DP-07", "b", VERDICT_XFAIL },
	};
	char reason[512];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct outcome got = apply(rows[i].ini, rows[i].before, rows[i].id,
					   rows[i].why, reason);

		if (got.verdict != rows[i].after)
			fail_msg("row %zu: %s, expected %s", i, verdict_name(got.verdict),
				 verdict_name(rows[i].after));
		assert_int_equal(!!reason[0], got.verdict != rows[i].before);
	}
}

static void apply__an_unexpected_pass_says_why(void **state)
{
	char reason[512];
	struct outcome outcome = apply(BEGIN, VERDICT_PASS, "DP-07", "", reason);

	assert_string_equal(outcome.why,
			    "passed, although d predicts a failure here: because");
	assert_string_equal(reason, "because");
}

static void load__values_over_several_lines(void **state)
{
	char reason[512];
	struct outcome outcome;

	outcome =
		apply("[d]\nscenario = DP-01\n  DP-02\nreason = one\n\ttwo\n    three\n",
		      VERDICT_FAIL, "DP-02", "x", reason);
	assert_int_equal(outcome.verdict, VERDICT_XFAIL);
	assert_string_equal(reason, "one two three");
}

static void load__a_section_of_another_file_is_another_defect(void **state)
{
	struct defects defects;

	make("a.ini", BEGIN);
	make("b.ini", "; a comment\n" BEGIN);
	assert_int_equal(defects_load(&defects, "."), 0);
	assert_int_equal(defects.n, 2);
	assert_string_equal(defects.list[1].reason, "because");
	defects_free(&defects);
	unlink("b.ini");
}

static void load__an_empty_folder(void **state)
{
	struct defects defects;

	unlink("a.ini");
	assert_int_equal(defects_load(&defects, "."), 0);
	assert_int_equal(defects.n, 0);
}

static void refused(const char *directory, int error, const char *says)
{
	struct defects defects;
	struct capture c = capture_start(stderr);
	char text[1024];
	int ret = defects_load(&defects, directory);
	size_t len;

	capture_end(&c, text, sizeof(text));
	len = strlen(text);
	if (ret != error || !strstr(text, says) || strchr(text, '\n') != text + len - 1)
		fail_msg("%d, expected %d and one line with \"%s\": %s", ret, error, says,
			 text);
	assert_int_equal(defects.n, 0);
}

static void load__malformed(void **state)
{
	static char long_line[700], long_field[2000], full_field[256];
	const struct {
		const char *ini, *says;
	} rows[] = {
		{ "[d\nscenario = x\n", "./a.ini, line 1" },
		{ BEGIN "no value\n", "./a.ini, line 4" },
		{ BEGIN "colour = red\n", "./a.ini, line 4" },
		{ BEGIN "scenario = y\n", "./a.ini, line 4" },
		{ BEGIN BEGIN, "./a.ini, line 5" },
		{ BEGIN "[e]\nscenario = x\n[d]\nsymptom = z\n", "./a.ini, line 7" },
		{ "scenario = x\nreason = y\n", "./a.ini, line 1" },
		{ "[d]\nscenario = x\n", "[d] needs a scenario and a reason" },
		{ "[d]\nreason = x\n", "[d] needs a scenario and a reason" },
		{ BEGIN "kernel = 7.0..6.0\n", "kernel = 7.0..6.0: give a range" },
		{ BEGIN "libfabric = x\n", "libfabric = x: give a range, as 1.17..2.1" },
		{ BEGIN "libfabric = 2.1..1.17\n",
		  "libfabric = 2.1..1.17: give a range" },
		{ BEGIN "kernel = new\n", "kernel = new: give a range, as 6.15..7.3" },
		{ BEGIN "kernel = 6.15...7\n", "give a range" },
		{ BEGIN "kernel = 6.15-7.3\n", "give a range" },
		{ BEGIN "kernel = v6.15..\n", "give a range" },
		{ BEGIN "kernel = 6.15..7.3..8\n", "give a range" },
		{ BEGIN "kernel = 6.15.\n", "give a range" },
		{ BEGIN "sometimes = no\n", "[d] sometimes = no: it can only be yes" },
		{ BEGIN "sometimes = n\n", "[d] sometimes = n: it can only be yes" },
		{ full_field, "./a.ini, line 4" },
		{ long_line, "./a.ini, line 4" },
		{ long_field, "./a.ini, line" },
	};

	snprintf(long_line, sizeof(long_line), BEGIN "symptom = %0600d\n", 1);
	snprintf(full_field, sizeof(full_field), BEGIN "symptom = %0128d\n", 1);
	strcpy(long_field, BEGIN "symptom = x\n");
	for (int i = 0; i < 20; i++)
		strcat(long_field,
		       "  a line that continues the symptom beyond its field\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		make("a.ini", rows[i].ini);
		refused(".", -EINVAL, rows[i].says);
	}
}

/* A pipe would have no end. */
static void load__no_regular_file(void **state)
{
	unlink("a.ini");
	assert_int_equal(mkfifo("a.ini", 0600), 0);
	refused(".", -EINVAL, "known defects in ./a.ini: no regular file");
	unlink("a.ini");
}

static void load__a_value_as_long_as_its_field(void **state)
{
	struct defects defects;
	char ini[256];

	snprintf(ini, sizeof(ini), BEGIN "symptom = %0127d\n", 1);
	make("a.ini", ini);
	assert_int_equal(defects_load(&defects, "."), 0);
	assert_int_equal(strlen(defects.list[0].symptom), 127);
	defects_free(&defects);
	defects_free(&defects); /* twice does no harm */
}

/*
 * As "cat *.ini | sha256sum" has it: of all files, in the order of their names, and of no
 * other.
 */
static void load__has_a_digest(void **state)
{
	struct defects defects;

	make("b.ini", BEGIN "\n");
	make("a.ini", "; one\n");
	make("c.txt", "no defects");
	assert_int_equal(defects_load(&defects, "."), 0);
	assert_string_equal(
		defects.digest,
		"8f199bc200a2803a700d709390e53d0fafaa246c395d37aa4fa35edb3f1a7d7b");
	defects_free(&defects);
	unlink("b.ini");
	unlink("c.txt");
	assert_string_equal(defects.digest, "");
}

static void load__nothing_to_read(void **state)
{
	make("a.ini", BEGIN);
	refused("missing", -ENOENT, "known defects in missing (see --known-defects)");
	errno = EPERM; /* of an earlier call */
	refused("a.ini", -ENOTDIR, "known defects in a.ini");
	unlink("a.ini");
	assert_int_equal(symlink("nowhere", "a.ini"), 0);
	refused(".", -ENOENT, "known defects in ./a.ini");
	unlink("a.ini");
}

/* One line that is not understood, and no run begins. */
static void load__our_own_files(void **state)
{
	struct defects defects;

	assert_int_equal(defects_load(&defects, PROJECT_CONFIGS "/known-defects"), 0);
	assert_true(defects.n > 0);
	defects_free(&defects);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(load__our_own_files),
	cmocka_unit_test(kernel__ranges),
	cmocka_unit_test(apply__each_row),
	cmocka_unit_test(apply__an_unexpected_pass_says_why),
	cmocka_unit_test(load__values_over_several_lines),
	cmocka_unit_test(load__a_section_of_another_file_is_another_defect),
	cmocka_unit_test(load__an_empty_folder),
	cmocka_unit_test(load__malformed),
	cmocka_unit_test(load__no_regular_file),
	cmocka_unit_test(load__a_value_as_long_as_its_field),
	cmocka_unit_test(load__has_a_digest),
	cmocka_unit_test(load__nothing_to_read),
};

int main(void)
{
	return cmocka_run_group_tests_name("defects", tests, make_folder, remove_folder);
}
