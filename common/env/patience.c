// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* patience.c - deadlines that follow the pace of the host and of the device */
#include "env/patience.h"

#include "env/env.h"

void env_set_pace(struct env *env, uint64_t calibration_ns)
{
	pace_set(&env->pace,
		 calibration_ns ? (double)calibration_ns / (double)PATIENCE_UNIT_NS : 1);
}

uint64_t env_patience(const struct env *env, uint64_t ns)
{
	return pace_stretch(&env->pace, ns);
}
