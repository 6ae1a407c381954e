/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * patience.h - deadlines that follow the pace of the host and of the device
 *
 * A deadline ends a wait that would have no end; how long a step takes that has one is no
 * defect. The calibration at the start of a run is the unit: where it takes longer than
 * on the hosts that the deadlines were chosen on, all deadlines are longer by the same
 * factor. pace.h has what holds where a host becomes slower later.
 */
#ifndef ODPLAB_ENV_PATIENCE_H
#define ODPLAB_ENV_PATIENCE_H

#include <stdint.h>

struct env;

/*
 * What the calibration takes in a guest whose two processors are emulated, alone on its
 * host.
 */
#define PATIENCE_UNIT_NS 500000000ull

/* The calibration took so long; 0: there was none. */
void env_set_pace(struct env *env, uint64_t calibration_ns);

/* @ns, or more on a host that is slower. */
uint64_t env_patience(const struct env *env, uint64_t ns);

#endif
