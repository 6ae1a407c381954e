// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_info.c - which features of on-demand paging work on this host, and why not */
#include <stdbool.h>
#include <stdio.h>

#include "base/log.h"
#include "base/opt.h"
#include "env/leftovers.h"
#include "survey/feature.h"
#include "survey/survey.h"

enum {
	EXIT_READY = 0,
	EXIT_NOT_READY = 1,
	EXIT_USAGE = 2,
};

struct config {
	const char *device;
	bool json;
	bool calibrate;
	bool clean;
	const char *output;
};

static const struct opt options[] = {
	OPT_STRING_ROW(struct config, device, "device", 'd', "NAME", NULL,
		       "inspect one RDMA device only"),
	OPT_FLAG_ROW(struct config, json, "json", 0, "everything as JSON, for programs"),
	OPT_FLAG_ROW(struct config, calibrate, "calibrate", 0,
		     "move data, and show what each device asks for when 1 page is "
		     "missing, and 16"),
	OPT_FLAG_ROW(struct config, clean, "clean", 0,
		     "remove what killed runs have left on this host, and exit"),
	OPT_STRING_ROW(struct config, output, "output", 'o', "DIR", "results",
		       "with --clean: the folder in which those of the runs are"),
	OPT_END
};

static const struct opt_app app = {
	.name = "odp_info",
	.usage = "[OPTION]... [PATH]...",
	.about =
		"Shows which features of RDMA on-demand paging can be used on this host, "
		"and for the others\n"
		"the reason and the remedy. With PATHs (files, directories, DAX devices) "
		"it "
		"shows whether these\n"
		"are on DAX instead of the inventory of the host. Exit status: 0 "
		"explicit "
		"on-demand paging can\n"
		"be used on at least one device, 1 it cannot, 2 wrong usage.",
	.options = options,
};

static void print_json(const struct survey *survey)
{
	struct json_object *object = survey_to_json(survey);

	printf("%s\n",
	       json_object_to_json_string_ext(
		       object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	log_error("stdout cannot be written to");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct config config = { 0 };
	struct survey survey;
	int first, status;

	log_set_name(app.name);
	switch (opt_parse(&app, &config, argc, argv, &first)) {
	case 0:
		break;
	case OPT_DONE:
		return EXIT_READY;
	default:
		return EXIT_USAGE;
	}
	if (config.clean) {
		leftovers_remove(config.output, stdout);
		return finish(EXIT_READY);
	}
	if (survey_take(&survey, config.device, argv + first, (size_t)(argc - first)))
		return EXIT_USAGE;
	if (config.calibrate)
		survey_calibrate(&survey);
	if (config.json)
		print_json(&survey);
	else
		survey_print(&survey, stdout);
	status = feature_odp_is_ready(&survey) ? EXIT_READY : EXIT_NOT_READY;
	survey_free(&survey);
	return finish(status);
}
