/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* capability.h - which capability a need belongs to, and what the user can give for it */
#ifndef ODPLAB_ENV_CAPABILITY_H
#define ODPLAB_ENV_CAPABILITY_H

#include "env/needs.h"

/*
 * "implicit-odp": the row of the coverage that a scenario with this need counts in; ""
 * for none.
 */
const char *need_capability(enum need need);

/*
 * What the user of this run can give so that the need is met: "--dax", "root"; "" where
 * the device, the kernel or the host has to be another one.
 */
const char *need_remedy(enum need need, const struct env *env);

#endif
