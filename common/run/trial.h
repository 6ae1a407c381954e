/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * trial.h - what a device does when it is asked, next to what it claims
 *
 * One page of this process is registered, prefetched, and let go.
 */
#ifndef ODPLAB_RUN_TRIAL_H
#define ODPLAB_RUN_TRIAL_H

#include "evidence/evidence.h"

struct rdma_device;

/* All: 0 or -errno. */
struct trial {
	int pinned, explicit_odp, implicit_odp; /* registration */
	int prefetch;
	unsigned int testimonies;	       /* 0 where there was nothing to watch */
	struct testimony testimony[WITNESSES]; /* on that prefetch, or on nothing */
};

/* The device is open, with a protection domain. */
void trial_run(struct rdma_device *device, struct evidence *evidence,
	       struct trial *trial);

/* The prefetch alone. Returns 0 or -errno, -EOPNOTSUPP also where there is no ODP. */
int trial_prefetch(struct rdma_device *device);

/* Did the witness limit the number of pages that were faulted in, rightly? */
bool trial_witness_counts(const struct trial *trial, unsigned int witness);

#endif
