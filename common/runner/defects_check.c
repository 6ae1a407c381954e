// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* defects_check.c - known defects that can match nothing, or that match everything */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "runner/defects.h"
#include "testcase/registry.h"

static int check_scenarios(const struct defect *defect)
{
	char copy[sizeof(defect->scenario)], *save = NULL;
	size_t all = registry_count("*");

	snprintf(copy, sizeof(copy), "%s", defect->scenario);
	for (char *glob = strtok_r(copy, " \t", &save); glob;
	     glob = strtok_r(NULL, " \t", &save)) {
		size_t n = registry_count(glob);

		if (!n) {
			log_error("known defect [%s]: scenario = %s: there is none; ids "
				  "are "
				  "separated by spaces",
				  defect->name, glob);
			return -EINVAL;
		}
		if (n == all && !defect->symptom[0]) {
			log_error("known defect [%s]: scenario = %s without a symptom "
				  "would "
				  "expect every failure",
				  defect->name, glob);
			return -EINVAL;
		}
	}
	return 0;
}

int defects_check(const struct defects *defects)
{
	int ret = 0;

	for (size_t i = 0; i < defects->n && !ret; i++)
		ret = check_scenarios(&defects->list[i]);
	return ret;
}
