// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * opt_show.c - options as --help, as --version, for bash completion, and as the JSON of a
 * result
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "base/version.h"
#include "capture.h"
#include "opt_try.h"

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
	cmocka_unit_test(parse__help_and_version),
	cmocka_unit_test(parse__completion_has_a_line_for_each_option),
	cmocka_unit_test(help__has_headings),
	cmocka_unit_test(help__each_row_in_full),
	cmocka_unit_test(help__without_headings),
	cmocka_unit_test(json__names_the_effective_configuration),
	cmocka_unit_test(json__has_durations_that_the_option_takes),
	cmocka_unit_test(json__names_a_string),
};

int main(void)
{
	return cmocka_run_group_tests_name("opt_show", tests, NULL, NULL);
}
