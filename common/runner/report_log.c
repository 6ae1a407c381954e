// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_log.c - the kernel's log over the run, scenario by scenario */
#include "runner/report.h"

void report_kernel_log(const struct run *run, FILE *out)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->outcomes[i].kernel)
			fputs(run->outcomes[i].kernel, out);
}
