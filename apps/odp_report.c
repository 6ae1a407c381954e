// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_report.c - reports what results cover, and whether they are what is required */
#include <stdio.h>

#include "base/log.h"
#include "base/opt.h"
#include "qualify/acceptance.h"
#include "qualify/coverage.h"
#include "qualify/findings.h"

/* Exit status. */
enum { COMPLETE = 0, NOT_MET = 1, USAGE = 2, INCOMPLETE = 3 };

struct config {
	const char *require;
};

static const struct opt options[] = {
	OPT_STRING_ROW(struct config, require, "require", 0, "FILE", NULL,
		       "acceptance file: what must pass, and how fast it must be"),
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
		"1 a requirement is not met, 2 wrong usage or files that cannot be read, "
		"3 a capability was not\n"
		"tested for want of an option or of root.",
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
	if (argc - first > 1 || (argc == first && !config.require) ||
	    (argc > first && !argv[first][0])) {
		log_error("name one folder of results; see --help");
		return USAGE;
	}
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
