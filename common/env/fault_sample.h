/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fault_sample.h - what a device asks for when 1 page is missing, and when 16 are
 *
 * The same that a run of odp_test measures at its beginning (scenario/calibration.h),
 * without the parts that run scenarios. Memory of this process is registered, and data
 * moves into it.
 */
#ifndef ODPLAB_ENV_FAULT_SAMPLE_H
#define ODPLAB_ENV_FAULT_SAMPLE_H

#include <stdbool.h>

#include "evidence/evidence.h"
#include "evidence/fault_count.h"

#define FAULT_SAMPLES 2

struct fault_sample {
	bool taken; /* else nothing of it is valid */
	int error;  /* 0, or -errno of what could not be done */
	struct fault_count count[FAULT_SAMPLES];
};

/* Opens the RDMA device @name by itself. The witnesses are open. */
void fault_sample_take(struct fault_sample *taken, const char *name,
		       struct evidence *evidence);

#endif
