// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_report.c - reports what results cover */
#include <stdio.h>

#include "base/log.h"
#include "base/opt.h"
#include "qualify/coverage.h"
#include "qualify/findings.h"

/* Exit status. */
enum { COMPLETE = 0, USAGE = 2, INCOMPLETE = 3 };

static const struct opt options[] = { OPT_END };

static const struct opt_app app = {
	.name = "odp_report",
	.usage = "[OPTION]... FOLDER",
	.about = "Reports what the results in FOLDER cover, capability by capability. "
		 "FOLDER is one that odp_test,\n"
		 "odp_perf or scripts/qualify has left. Exit status: 0 covered, 2 wrong "
		 "usage or results that\n"
		 "cannot be read, 3 a capability was not tested for want of an option or "
		 "of root.",
	.options = options,
};

static int report(const char *folder)
{
	struct findings findings;
	int status = USAGE;

	if (!findings_read(&findings, folder))
		status = coverage_print(&findings, stdout) ? INCOMPLETE : COMPLETE;
	findings_free(&findings);
	return status;
}

static int run_program(int argc, char **argv)
{
	int first;

	switch (opt_parse(&app, NULL, argc, argv, &first)) {
	case 0:
		break;
	case OPT_DONE:
		return COMPLETE;
	default:
		return USAGE;
	}
	if (argc - first == 1)
		return report(argv[first]);
	log_error("name one folder of results; see --help");
	return USAGE;
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
