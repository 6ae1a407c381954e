// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opt.c - what the command line fills in, what it refuses, and in which words */
#include "base/opt.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "capture.h"
#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "base/version.h"

struct config {
	bool odp;
	unsigned int verbose;
	uint64_t count, length, timeout;
	const char *device;
	unsigned int memory;
	struct opt_sizes sizes;
	unsigned int ops;
};

static const char *const memories[] = { "anonymous", "fsdax", "devdax", NULL };
static const char *const ops[] = { "write", "read", "send", NULL };

static const struct opt options[] = {
	OPT_GROUP("Memory"),
	OPT_FLAG_ROW(struct config, odp, "odp", 'o', "on-demand paging"),
	OPT_CHOICE_ROW(struct config, memory, "memory", 'm', "KIND", "fsdax", "what kind",
		       .choices = memories),
	OPT_GROUP("Traffic"),
	OPT_COUNT_ROW(struct config, verbose, "verbose", 'v', "say more"),
	OPT_NUMBER_ROW(struct config, count, "count", 'n', "N", "1000", "how many",
		       .min = 1),
	OPT_SIZE_ROW(struct config, length, "length", 's', "BYTES", "64K", "how long",
		     .min = 1024, .max = 1 << 30),
	OPT_DURATION_ROW(struct config, timeout, "timeout", 0, "TIME", "30s",
			 "how much time", .min = NSEC_PER_SEC,
			 .max = 3600 * NSEC_PER_SEC),
	OPT_STRING_ROW(struct config, device, "device", 'd', "NAME", NULL, "which"),
	OPT_SIZES_ROW(struct config, sizes, "sizes", 0, "LIST", "4K,64K", "which sizes",
		      .max = 1 << 30),
	OPT_CHOICES_ROW(struct config, ops, "ops", 0, "LIST", NULL, "which operations",
			.choices = ops),
	OPT_END
};

static const struct opt_app app = { "odp_try", "[OPTIONS] [FILE]", "Tries.", options };

/* What one run of the parser gave. */
static struct {
	struct config config;
	int ret, rest;
	char *argv[48];
	char out[4096], err[1024];
} run;

static void parse(const char *line)
{
	static char words[1024];
	struct capture out, err;
	char *save = NULL;
	int argc = 0;

	memset(&run, 0xff, sizeof(run)); /* nothing is taken for granted */
	snprintf(words, sizeof(words), "odp_try %s", line);
	for (char *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		run.argv[argc++] = word;
	run.argv[argc] = NULL;
	out = capture_start(stdout);
	err = capture_start(stderr);
	run.ret = opt_parse(&app, &run.config, argc, run.argv, &run.rest);
	capture_end(&err, run.err, sizeof(run.err));
	capture_end(&out, run.out, sizeof(run.out));
}

static void accepts(const char *line)
{
	parse(line);
	assert_string_equal(run.err, "");
	assert_int_equal(run.ret, 0);
}

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

static void parse__help_and_version(void **state)
{
	static const char *const lines[] = { "--help", "-h", "-oh", "--odp --help file" };
	char version[128];

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		parse(lines[i]);
		assert_int_equal(run.ret, OPT_DONE);
		assert_string_equal(run.err, "");
		assert_non_null(strstr(run.out, "Usage: odp_try [OPTIONS] [FILE]\n"));
		assert_non_null(strstr(run.out,
				       "  -m, --memory KIND            what kind: "
				       "anonymous, fsdax, devdax "
				       "(default fsdax)\n"));
		assert_non_null(strstr(run.out, "      --ops LIST"));
	}
	parse("--version");
	assert_int_equal(run.ret, OPT_DONE);
	snprintf(version, sizeof(version), "odp_try (odplab) %s%s%s\n", ODPLAB_VERSION,
		 *version_commit ? ", commit " : "", version_commit);
	assert_string_equal(run.out, version);
}

static void parse__completion_has_a_line_for_each_option(void **state)
{
	parse("--odp --completion --count many");
	assert_int_equal(run.ret, OPT_DONE);
	assert_string_equal(run.err, "");
	assert_string_equal(strstr(run.out, "odp|"),
			    "odp|o||\n"
			    "memory|m|KIND|anonymous fsdax devdax\n"
			    "verbose|v||\n"
			    "count|n|N|\n"
			    "length|s|BYTES|\n"
			    "timeout||TIME|\n"
			    "device|d|NAME|\n"
			    "sizes||LIST|\n"
			    "ops||LIST|write read send\n"
			    "help|h||\n"
			    "version|||\n");
	assert_ptr_equal(strstr(run.out, "odp|"), run.out);
}

/* Each option once, under the heading that is before it. */
static void help__has_headings(void **state)
{
	const char *memory, *traffic, *other;

	parse("--help");
	memory = strstr(run.out, "\n\nMemory:\n  -o, --odp ");
	traffic = strstr(run.out, "\n\nTraffic:\n  -v, --verbose ");
	other = strstr(run.out, "\n\nOther:\n  -h, --help ");
	assert_non_null(memory);
	assert_non_null(traffic);
	assert_non_null(other);
	assert_true(memory < traffic && traffic < other);
	assert_null(strstr(run.out, "Options:"));
	assert_null(strstr(run.out, "-- "));
}

static void help__each_row_in_full(void **state)
{
	parse("--help");
	assert_string_equal(
		strstr(run.out, "Usage"),
		"Usage: odp_try [OPTIONS] [FILE]\n\nTries.\n\nMemory:\n"
		"  -o, --odp                    on-demand paging\n"
		"  -m, --memory KIND            what kind: anonymous, fsdax, devdax "
		"(default fsdax)\n"
		"\nTraffic:\n"
		"  -v, --verbose                say more\n"
		"  -n, --count N                how many (default 1000)\n"
		"  -s, --length BYTES           how long (default 64K)\n"
		"      --timeout TIME           how much time (default 30s)\n"
		"  -d, --device NAME            which\n"
		"      --sizes LIST             which sizes (default 4K,64K)\n"
		"      --ops LIST               which operations: write, read, send\n"
		"\nOther:\n"
		"  -h, --help                   show this text\n"
		"      --version                show the version\n");
}

static void help__without_headings(void **state)
{
	static const struct opt plain[] = {
		OPT_FLAG_ROW(struct config, odp, "odp", 'o', "on-demand paging"), OPT_END
	};
	static const struct opt_app plain_app = { "odp_try", "", "Tries.", plain };
	struct capture out = capture_start(stdout);

	opt_help(&plain_app, stdout);
	capture_end(&out, run.out, sizeof(run.out));
	assert_non_null(strstr(run.out, "\n\nOptions:\n  -o, --odp "));
	assert_null(strstr(run.out, "Other:"));
}

static void json__names_the_effective_configuration(void **state)
{
	struct json_object *json;

	accepts("--odp -v --length 4K --ops send,read");
	json = opt_to_json(options, &run.config);
	assert_string_equal(
		json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN),
		"{\"odp\":true,\"memory\":\"fsdax\",\"verbose\":1,\"count\":1000,"
		"\"length\":4096,\"timeout\":\"30s\",\"device\":null,"
		"\"sizes\":[4096,65536],\"ops\":[\"read\",\"send\"]}");
	json_object_put(json);
}

/* A run can be repeated with what its results have. */
static void json__has_durations_that_the_option_takes(void **state)
{
	static const char *const durations[] = { "90s", "1500ms", "1000001us",
						 "1999999999ns" };

	for (size_t i = 0; i < ARRAY_SIZE(durations); i++) {
		struct json_object *json, *timeout;
		char line[64];

		snprintf(line, sizeof(line), "--timeout %s", durations[i]);
		accepts(line);
		json = opt_to_json(options, &run.config);
		assert_true(json_object_object_get_ex(json, "timeout", &timeout));
		assert_string_equal(json_object_get_string(timeout), durations[i]);
		json_object_put(json);
	}
}

static void json__names_a_string(void **state)
{
	struct json_object *json, *device;

	accepts("--device mlx5_0");
	json = opt_to_json(options, &run.config);
	assert_true(json_object_object_get_ex(json, "device", &device));
	assert_string_equal(json_object_get_string(device), "mlx5_0");
	assert_int_equal(json_object_object_length(json), 9); /* no heading */
	json_object_put(json);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(parse__at_the_limits),
	cmocka_unit_test(parse__list_too_long),
	cmocka_unit_test(table__as_long_as_allowed),
	cmocka_unit_test(set__a_heading_has_no_value),
	cmocka_unit_test(help__each_row_in_full),
	cmocka_unit_test(json__has_durations_that_the_option_takes),
	cmocka_unit_test(json__names_a_string),
	cmocka_unit_test(table__too_long),
	cmocka_unit_test(parse__presets_and_zeros),
	cmocka_unit_test(parse__every_type),
	cmocka_unit_test(parse__letters),
	cmocka_unit_test(parse__last_one_wins),
	cmocka_unit_test(parse__arguments_between_options),
	cmocka_unit_test(parse__refused_in_one_line),
	cmocka_unit_test(parse__bad_preset),
	cmocka_unit_test(parse__help_and_version),
	cmocka_unit_test(parse__completion_has_a_line_for_each_option),
	cmocka_unit_test(help__has_headings),
	cmocka_unit_test(help__without_headings),
	cmocka_unit_test(json__names_the_effective_configuration),
};

int main(void)
{
	return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
