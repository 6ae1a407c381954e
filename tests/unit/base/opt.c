// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opt.c - what the command line fills in, what it refuses, and in which words */
#include "base/opt.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "capture.h"
#include "opt_try.h"

static void parse__presets_and_zeros(void **state)
{
	accepts("");
	assert_false(run.config.odp);
	assert_int_equal(run.config.verbose, 0);
	assert_int_equal(run.config.count, 1000);
	assert_int_equal(run.config.length, KiB(64));
	assert_int_equal(run.config.timeout, 30 * NSEC_PER_SEC);
	assert_null(run.config.device);
	assert_int_equal(run.config.memory, 1);
	assert_int_equal(run.config.sizes.n, 2);
	assert_int_equal(run.config.ops, 0);
	assert_int_equal(run.rest, 1);
}

static void parse__every_type(void **state)
{
	accepts("--odp -vv --verbose --count 0x10 --length=2M --timeout 500s "
		"--device mlx5_0 --memory devdax --sizes 1K,1M,3 --ops send,write");
	assert_true(run.config.odp);
	assert_int_equal(run.config.verbose, 3);
	assert_int_equal(run.config.count, 16);
	assert_int_equal(run.config.length, MiB(2));
	assert_int_equal(run.config.timeout, 500 * NSEC_PER_SEC);
	assert_string_equal(run.config.device, "mlx5_0");
	assert_int_equal(run.config.memory, 2);
	assert_int_equal(run.config.sizes.n, 3);
	assert_int_equal(run.config.sizes.bytes[1], MiB(1));
	assert_int_equal(run.config.ops, 1 | 4);
}

static void parse__letters(void **state)
{
	accepts("-ovn5 -s 4K -dmlx5_1 -m anonymous");
	assert_true(run.config.odp);
	assert_int_equal(run.config.verbose, 1);
	assert_int_equal(run.config.count, 5);
	assert_int_equal(run.config.length, KiB(4));
	assert_string_equal(run.config.device, "mlx5_1");
	assert_int_equal(run.config.memory, 0);
}

static void parse__last_one_wins(void **state)
{
	accepts("-n 1 -n 2 --sizes 1K,2K --sizes 3K --ops all --ops read");
	assert_int_equal(run.config.count, 2);
	assert_int_equal(run.config.sizes.n, 1);
	assert_int_equal(run.config.sizes.bytes[0], KiB(3));
	assert_int_equal(run.config.ops, 2);
	accepts("--ops all");
	assert_int_equal(run.config.ops, 7);
}

static void parse__arguments_between_options(void **state)
{
	accepts("first -n 7 second --odp -- --third");
	assert_int_equal(run.config.count, 7);
	assert_true(run.config.odp);
	assert_string_equal(run.argv[run.rest], "first");
	assert_string_equal(run.argv[run.rest + 1], "second");
	assert_string_equal(run.argv[run.rest + 2], "--third");
	assert_null(run.argv[run.rest + 3]);
}

/* Both limits belong to what is allowed, and a list may be as long as its memory. */
static void parse__at_the_limits(void **state)
{
	static char line[1024];

	accepts("--count 1 --length 1K --timeout 1s");
	assert_int_equal(run.config.length, KiB(1));
	assert_int_equal(run.config.timeout, NSEC_PER_SEC);
	accepts("--count 18446744073709551615 --length 1G --timeout 1h");
	assert_true(run.config.count == UINT64_MAX);
	assert_int_equal(run.config.length, GiB(1));
	strcpy(line, "--sizes 1");
	for (int i = 2; i <= OPT_SIZES_MAX; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), ",%d", i);
	accepts(line);
	assert_int_equal(run.config.sizes.n, OPT_SIZES_MAX);
	assert_int_equal(run.config.sizes.bytes[OPT_SIZES_MAX - 1], OPT_SIZES_MAX);
	snprintf(line, sizeof(line), "--sizes %511d", 7);
	for (char *c = line + strlen("--sizes "); *c == ' '; c++)
		*c = '0';
	accepts(line);
	assert_int_equal(run.config.sizes.bytes[0], 7);
}

static void parse__list_too_long(void **state)
{
	static char line[1024];

	snprintf(line, sizeof(line), "--sizes %512d", 7);
	for (char *c = line + strlen("--sizes "); *c == ' '; c++)
		*c = '0';
	parse(line);
	assert_int_equal(run.ret, -EINVAL);
	assert_non_null(strstr(run.err, "07: the list is too long\n"));
}

static void parse__refused_in_one_line(void **state)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
		{ "--count x", "--count x: give a whole number" },
		{ "--count 1K", "--count 1K: give a whole number" },
		{ "--count -1", "--count -1: give a whole number" },
		{ "-n 0", "--count 0: give at least 1" },
		{ "--length 3s", "--length 3s: give a size, as 4096, 64K or 1G" },
		{ "--length 1", "--length 1: give 1K to 1G" },
		{ "--length 2G", "--length 2G: give 1K to 1G" },
		{ "--timeout 3x", "--timeout 3x: give a time, as 500ms, 30s or 2m" },
		{ "--timeout 9ms", "--timeout 9ms: give 1.0 s to 3600 s" },
		{ "--memory tape", "--memory tape: give anonymous, fsdax or devdax" },
		{ "--sizes 4K,x", "--sizes x: give sizes, as 4K,64K,1M" },
		{ "--sizes 4K,2G", "--sizes 2G: give 0 to 1G" },
		{ "--sizes ,", "--sizes \"\": give at least one size" },
		{ "--sizes "
		  "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,9",
		  "--sizes 9: too many sizes" },
		{ "--ops write,jump", "--ops jump: give write, read or send" },
		{ "--device=", "--device \"\": give a value, or leave it out" },
		{ "-o -d ", "-d: needs a value; see --help" },
		{ "--ops=", "--ops \"\": give write, read or send" },
		{ "--bogus", "--bogus: unknown or ambiguous option; see --help" },
		{ "--bogus=1", "--bogus=1: unknown or ambiguous option; see --help" },
		{ "--o", "--o: unknown or ambiguous option; see --help" },
		{ "file --bogus", "--bogus: unknown or ambiguous option; see --help" },
		{ "-x", "-x: unknown or ambiguous option; see --help" },
		{ "-oxv", "-x: unknown or ambiguous option; see --help" },
		{ "--count", "--count: needs a value; see --help" },
		{ "-on", "-n: needs a value; see --help" },
		{ "--odp=yes", "--odp=yes: takes no value; see --help" },
		{ "--help=yes", "--help=yes: takes no value; see --help" },
	};
	char expected[256];

	log_set_name("odp_try");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		parse(rows[i].line);
		snprintf(expected, sizeof(expected), "odp_try: error: %s\n",
			 rows[i].says);
		assert_string_equal(run.err, expected);
		assert_string_equal(run.out, "");
		assert_int_equal(run.ret, -EINVAL);
	}
}

/* A table with more rows than the parser has room for ends the process at once. */
static void table__too_long(void **state)
{
	static struct opt many[200];
	static const struct opt_app long_app = { "odp_try", "", "", many };
	char name[] = "odp_try", *argv[] = { name, NULL };
	int status, rest;
	pid_t pid;

	for (size_t i = 0; i + 1 < ARRAY_SIZE(many); i++)
		many[i] = (struct opt)OPT_FLAG_ROW(struct config, odp, "odp", 0, "");
	pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		signal(SIGABRT, SIG_DFL);
		opt_parse(&long_app, &run.config, 1, argv, &rest);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* As many rows as the parser has room for, each with a letter and a value. */
static void table__as_long_as_allowed(void **state)
{
	static struct opt many[65];
	static char names[64][8];
	static const struct opt_app long_app = { "odp_try", "", "", many };
	char name[] = "odp_try", last[] = "--o63", value[] = "12";
	char *argv[] = { name, last, value, NULL };

	for (size_t i = 0; i < 64; i++) {
		snprintf(names[i], sizeof(names[i]), "o%zu", i);
		many[i] = (struct opt)OPT_NUMBER_ROW(struct config, count, names[i], 'a',
						     "N", NULL, "");
	}
	assert_int_equal(opt_parse(&long_app, &run.config, 3, argv, &run.rest), 0);
	assert_int_equal(run.config.count, 12);
	assert_int_equal(run.rest, 3);
}

static void set__a_heading_has_no_value(void **state)
{
	assert_int_equal(opt_set(&options[0], &run.config, "x"), -EINVAL);
}

static void parse__bad_preset(void **state)
{
	static const struct opt wrong[] = { OPT_NUMBER_ROW(struct config, count, "count",
							   0, "N", "many", "how many"),
					    OPT_END };
	static const struct opt_app broken = { "odp_try", "", "", wrong };
	char name[] = "odp_try", *argv[] = { name, NULL };
	struct capture err = capture_start(stderr);
	int ret = opt_parse(&broken, &run.config, 1, argv, &run.rest);

	capture_end(&err, run.err, sizeof(run.err));
	assert_int_equal(ret, -EINVAL);
	assert_non_null(strstr(run.err, "--count many: give a whole number"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(parse__presets_and_zeros),
	cmocka_unit_test(parse__every_type),
	cmocka_unit_test(parse__letters),
	cmocka_unit_test(parse__last_one_wins),
	cmocka_unit_test(parse__arguments_between_options),
	cmocka_unit_test(parse__at_the_limits),
	cmocka_unit_test(parse__list_too_long),
	cmocka_unit_test(parse__refused_in_one_line),
	cmocka_unit_test(table__too_long),
	cmocka_unit_test(table__as_long_as_allowed),
	cmocka_unit_test(set__a_heading_has_no_value),
	cmocka_unit_test(parse__bad_preset),
};

int main(void)
{
	return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
