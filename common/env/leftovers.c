// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* leftovers.c - what runs that were killed have left on a host */
#include "env/leftovers.h"

#include "base/util.h"
#include "env/results.h"
#include "evidence/tracefs.h"
#include "invalidation/cgroup.h"
#include "invalidation/vm_sysctl.h"

void leftovers_remove(const char *directory, FILE *out)
{
	const struct {
		unsigned int n;
		const char *what;
	} rows[] = {
		{ tracefs_tidy(), "tracer instances removed" },
		{ cgroup_tidy(), "control groups removed" },
		{ vm_sysctl_tidy(), "sets of kernel settings restored" },
		{ results_adopt(directory), "result folders of killed runs named" },
	};
	unsigned int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		n += rows[i].n;
		if (rows[i].n)
			fprintf(out, "%u %s\n", rows[i].n, rows[i].what);
	}
	if (!n)
		fputs("nothing was left\n", out);
}
