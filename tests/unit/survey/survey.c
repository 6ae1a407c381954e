// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* survey.c - what a survey prints, as text and as JSON */
#include "survey/survey.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"

#include <cmocka.h>

#include "sample_survey.h"
#include "survey/feature.h"

static struct sample s;
static char *text;

static int make_sample(void **state)
{
	sample_init(&s);
	return 0;
}

static int free_text(void **state)
{
	free(text);
	text = NULL;
	return 0;
}

static void print(void)
{
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	survey_print(&s.survey, out);
	fclose(out);
}

static const char *print_anew(void)
{
	free(text);
	text = NULL;
	print();
	return text;
}

static void says(const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" expected in:\n%s", part, text);
}

static void print__everything(void **state)
{
	print();
	says("Host h: Linux 7.3");
	says("RDMA device mlx5_7: driver mlx5, firmware 16.35.4030, board "
	     "MT_0000000008,");
	says("100 Gb/sec (4X EDR)");
	says("::ffff:10.0.0.1  RoCE v2  eth7");
	says("/mnt/pmem");
	says("/dev/dax0.0");
	says("Ready on mlx5_7: 18 of 18 features");
	assert_null(strstr(text, "remedy"));
	assert_null(strstr(text, "(null)"));
}

static void print__named_only(void **state)
{
	struct path_info file = s.mount;

	file.kind = PATH_FILE;
	file.dax = false;
	strcpy(file.name, "/mnt/pmem/f");
	s.survey.paths = &file;
	s.survey.n_paths = 1;
	print();
	says("/mnt/pmem/f: file of 0\n  DAX           no\n    because     ");
	says("fsdax            no ");
	assert_null(strstr(text, "Host"));
	assert_null(strstr(text, "RDMA device"));
}

static void print__device_not_opened(void **state)
{
	s.device =
		(struct survey_device){ .facts = { .name = "mlx5_7" }, .error = -EACCES };
	print();
	says("RDMA device mlx5_7: cannot be opened: Permission denied");
	says("Ready on mlx5_7: 0 of 18 features");
}

static void print__nothing_there(void **state)
{
	s.survey.n_devices = s.survey.n_mounts = s.survey.n_dax_devices = 0;
	print();
	says("Ready on this host: 0 of 18 features");
	says("none on a disk or persistent memory");
	says("DAX devices\n  none");
}

static struct json_object *member(struct json_object *object, const char *path)
{
	struct json_object *found;

	if (json_pointer_get(object, path, &found))
		fail_msg("no %s", path);
	return found;
}

static void json__everything(void **state)
{
	struct json_object *json = survey_to_json(&s.survey);

	assert_string_equal(json_object_get_string(member(json, "/schema")),
			    "odplab-info");
	assert_string_equal(json_object_get_string(member(json, "/devices/0/firmware")),
			    "16.35.4030");
	assert_null(member(json, "/devices/0/max_mr_bytes"));
	assert_null(member(json, "/devices/0/error"));
	assert_string_equal(
		json_object_get_string(member(json, "/devices/0/ports/0/gids/0/netdev")),
		"eth7");
	assert_int_equal(json_object_array_length(member(json, "/devices/0/odp/RC")), 8);
	assert_true(
		json_object_get_boolean(member(json, "/devices/0/witnesses/0/counts")));
	assert_false(
		json_object_get_boolean(member(json, "/devices/0/witnesses/2/counts")));
	assert_true(json_object_get_boolean(member(json, "/filesystems/0/map_sync")));
	assert_null(member(json, "/filesystems/0/reason"));
	assert_int_equal(json_object_get_int64(member(json, "/dax_devices/0/align")),
			 MiB(2));
	assert_int_equal(json_object_array_length(member(json, "/readiness")),
			 feature_count());
	json_object_put(json);
}

static void request__of_a_queue_pair(void **state)
{
	struct json_object *json;

	s.device.facts.sges = 4;
	s.device.facts.inline_bytes = 60;
	json = survey_to_json(&s.survey);
	assert_int_equal(
		json_object_get_int(member(json, "/devices/0/request/inline_bytes")), 60);
	assert_int_equal(json_object_get_int(member(json, "/devices/0/request/pieces")),
			 4);
	assert_non_null(strstr(print_anew(), "4 pieces of memory, 60 bytes of inline "
					     "data\n"));
	json_object_put(json);

	s.device.device_probe.request = -EINVAL;
	json = survey_to_json(&s.survey);
	assert_null(member(json, "/devices/0/request"));
	assert_non_null(strstr(print_anew(),
			       "RC queue pair: unknown, a queue pair cannot "
			       "be made: Invalid argument\n"));
	json_object_put(json);
}

/* As text and as JSON: not taken, taken, and what could not be. */
static void calibration__only_where_it_was_taken(void **state)
{
	struct fault_sample *sample = &s.device.fault_sample;
	struct json_object *json = survey_to_json(&s.survey);

	assert_null(member(json, "/devices/0/calibration"));
	assert_null(strstr(print_anew(), "calibration"));
	json_object_put(json);

	*sample = (struct fault_sample){
		.taken = true, .count = { { 1, true, 2, 0, 1 }, { 16, true, 1, 1024, 0 } }
	};
	json = survey_to_json(&s.survey);
	assert_null(member(json, "/devices/0/calibration/error"));
	assert_int_equal(json_object_get_int(member(
				 json, "/devices/0/calibration/counts/1/neighbours")),
			 1024);
	assert_non_null(strstr(print_anew(),
			       "\n  calibration   1 page by 2 events, 1 repeat; 16 pages "
			       "by 1 event with 1024 neighbours\n"));
	json_object_put(json);

	sample->count[1].seen = false;
	assert_non_null(
		strstr(print_anew(), "\n  calibration   no witness can tell events\n"));

	sample->error = -ENETDOWN;
	json = survey_to_json(&s.survey);
	assert_string_equal(
		json_object_get_string(member(json, "/devices/0/calibration/error")),
		"Network is down");
	assert_int_equal(
		json_object_array_length(member(json, "/devices/0/calibration/counts")),
		0);
	assert_non_null(
		strstr(print_anew(), "\n  calibration   not done: Network is down\n"));
	json_object_put(json);
}

/* What is not known is null, not a number or an empty list. */
static void json__unknown_is_null(void **state)
{
	struct json_object *json;

	s.device.facts.caps.dc_known = false;
	s.device.facts.caps.general = ODP_SUPPORT;
	json = survey_to_json(&s.survey);
	assert_string_equal(json_object_get_string(member(json, "/devices/0/odp/scheme")),
			    "memory");
	json_object_put(json);
	s.device.facts.caps.hca.scheme = FAULT_SCHEME_UNKNOWN;
	json = survey_to_json(&s.survey);
	assert_null(member(json, "/devices/0/odp/scheme"));
	assert_null(member(json, "/devices/0/odp/DC"));
	assert_null(member(json, "/devices/0/tried/implicit"));
	assert_null(member(json, "/filesystems/0/extents"));
	json_object_put(json);
	s.survey.n_devices = 0;
	json = survey_to_json(&s.survey);
	assert_null(member(json, "/readiness/0/device"));
	json_object_put(json);
}

static void take__unknown_device_or_path(void **state)
{
	char *paths[] = { (char[]){ "/dev/null" }, (char[]){ "/no/such/path" } };
	struct capture log = capture_start(stderr);
	int unknown_device = survey_take(&s.survey, "no_such_device", NULL, 0);
	int unknown_path = survey_take(&s.survey, NULL, paths, 2);
	char lines[512];

	capture_end(&log, lines, sizeof(lines));
	assert_int_equal(unknown_device, -ENODEV);
	assert_int_equal(unknown_path, -ENOENT);
	assert_non_null(strstr(lines, "--device no_such_device"));
	assert_non_null(strstr(lines, "/no/such/path"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(print__everything, make_sample, free_text),
	cmocka_unit_test_setup_teardown(print__named_only, make_sample, free_text),
	cmocka_unit_test_setup_teardown(print__device_not_opened, make_sample, free_text),
	cmocka_unit_test_setup_teardown(print__nothing_there, make_sample, free_text),
	cmocka_unit_test_setup(json__everything, make_sample),
	cmocka_unit_test_setup(json__unknown_is_null, make_sample),
	cmocka_unit_test_setup_teardown(request__of_a_queue_pair, make_sample, free_text),
	cmocka_unit_test_setup_teardown(calibration__only_where_it_was_taken, make_sample,
					free_text),
	cmocka_unit_test(take__unknown_device_or_path),
};

int main(void)
{
	return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
