/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* steps.h - steps of scenarios with a second mirror */
#ifndef ODPLAB_SCENARIOS_HMM_STEPS_H
#define ODPLAB_SCENARIOS_HMM_STEPS_H

#include "scenario/scenario.h"

/*
 * 64 KiB of private memory of the responder, on demand, with generation 1, which RDMA
 * wrote.
 */
struct target *hmm_written(struct test *t);

/* The same, and all of its 16 pages have gone to the memory of a device. */
struct target *hmm_in_device(struct test *t, enum mirror_memory where);

/*
 * A WRITE of generation 2 to the ends of two pages faults in those; the rest stays as it
 * was.
 */
void hmm_write_inside(struct test *t, struct target *memory);
void hmm_check_inside(struct test *t, struct target *memory);

#endif
