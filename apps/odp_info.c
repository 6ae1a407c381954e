// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_info.c - what this host can do with on-demand paging, and why not */
#include <stdbool.h>
#include <stdio.h>

#include "base/log.h"
#include "base/opt.h"
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
};

static const struct opt options[] = {
	{ "device", 'd', OPT_STRING, offsetof(struct config, device), "NAME", NULL,
	  "look at one RDMA device only" },
	{ "json", 0, OPT_FLAG, offsetof(struct config, json), NULL, NULL,
	  "everything as JSON, for programs" },
	{ 0 },
};

static const struct opt_app app = {
	.name = "odp_info",
	.usage = "[OPTION]... [PATH]...",
	.about = "Tells what this host can do with RDMA on-demand paging, and where it "
		 "cannot, why and what\n"
		 "helps. With PATHs (files, directories, DAX devices) it tells of these "
		 "whether they are on DAX,\n"
		 "and leaves the rest of the inventory out. Exit status: 0 explicit "
		 "on-demand paging is ready\n"
		 "on one device at least, 1 it is not, 2 wrong usage.",
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
	if (survey_take(&survey, config.device, argv + first, (size_t)(argc - first)))
		return EXIT_USAGE;
	if (config.json)
		print_json(&survey);
	else
		survey_print(&survey, stdout);
	status = feature_odp_is_ready(&survey) ? EXIT_READY : EXIT_NOT_READY;
	survey_free(&survey);
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	log_error("stdout cannot be written to");
	return EXIT_USAGE;
}
