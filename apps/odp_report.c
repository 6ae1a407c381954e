// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_report.c - reports what results cover, and whether they are what is required */
#include <stdbool.h>
#include <stdio.h>

#include "base/log.h"
#include "base/opt.h"
#include "qualify/acceptance.h"
#include "qualify/comparison.h"
#include "qualify/coverage.h"
#include "qualify/findings.h"

/* Exit status. */
enum { COMPLETE = 0, NOT_MET = 1, USAGE = 2, INCOMPLETE = 3 };

struct config {
	const char *require;
	const char *compare;
};

static const struct opt options[] = {
	OPT_STRING_ROW(struct config, require, "require", 0, "FILE", NULL,
		       "acceptance file: what must pass, and how fast it must be"),
	OPT_STRING_ROW(struct config, compare, "compare", 0, "OLD", NULL,
		       "folder of earlier results: print what changed since"),
	OPT_END
};

static const struct opt_app app = {
	.name = "odp_report",
	.usage = "[OPTION]... [FOLDER]",
	.about =
		"Reports what the results in FOLDER cover, capability by capability, and "
		"holds them against an\n"
		"acceptance file. FOLDER is one that odp_test, odp_perf or "
		"scripts/qualify has left. Without\n"
		"FOLDER the acceptance file is only checked. Exit status: 0 covered, and "
		"all that is required;\n"
		"1 a requirement is not met, or a verdict changed; 2 wrong usage or "
		"files "
		"that cannot be read;\n"
		"3 a capability was not tested for want of an option or of root.",
	.options = options,
};

static int report(const char *folder, const struct acceptance *acceptance)
{
	struct findings findings;
	size_t gaps, misses;
	int status = USAGE;

	if (!findings_read(&findings, folder)) {
		gaps = coverage_print(&findings, stdout);
		misses = acceptance_judge(acceptance, &findings, stdout);
		status = misses ? NOT_MET : gaps ? INCOMPLETE : COMPLETE;
	}
	findings_free(&findings);
	return status;
}

/* Of @folder with an earlier one. */
static int compare(const char *folder, const char *earlier)
{
	struct findings old = { 0 }, new = { 0 };
	int status = USAGE;

	if (!findings_read(&old, earlier) && !findings_read(&new, folder))
		status = comparison_print(&old, &new, stdout) ? NOT_MET : COMPLETE;
	findings_free(&new);
	findings_free(&old);
	return status;
}

/* One folder, or none where an acceptance file is only checked. */
static bool is_usage_right(const struct config *config, char *const *folders, int n)
{
	if (config->compare && config->require) {
		log_error("--compare and --require exclude each other");
		return false;
	}
	if (n == 1 ? !folders[0][0] : n || !config->require) {
		log_error("name one folder of results; see --help");
		return false;
	}
	return true;
}

static int run_program(int argc, char **argv)
{
	struct acceptance acceptance = { 0 };
	struct config config = { 0 };
	int first, status;

	switch (opt_parse(&app, &config, argc, argv, &first)) {
	case 0:
		break;
	case OPT_DONE:
		return COMPLETE;
	default:
		return USAGE;
	}
	if (!is_usage_right(&config, argv + first, argc - first))
		return USAGE;
	if (config.compare)
		return compare(argv[first], config.compare);
	if (config.require && acceptance_load(&acceptance, config.require))
		return USAGE;
	status = argc > first ? report(argv[first], &acceptance) : COMPLETE;
	acceptance_free(&acceptance);
	return status;
}

int main(int argc, char **argv)
{
	int status;

	log_set_name(app.name);
	status = run_program(argc, argv);
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	log_error("stdout cannot be written to; exit status would have been %d", status);
	return USAGE;
}
