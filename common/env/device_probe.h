/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * device_probe.h - what a device does, next to what it claims
 *
 * One page of this process is registered, prefetched and deregistered, and a queue pair
 * is made.
 */
#ifndef ODPLAB_ENV_DEVICE_PROBE_H
#define ODPLAB_ENV_DEVICE_PROBE_H

#include "evidence/evidence.h"

struct rdma_device;

/* All: 0 or -errno. */
struct device_probe {
	int pinned, explicit_odp, implicit_odp; /* registration */
	int prefetch;
	int request;				   /* device_probe_request() */
	unsigned int observations;		   /* 0 where nothing could be watched */
	struct observation observation[WITNESSES]; /* on that prefetch, or on nothing */
};

/* The device is open, with a protection domain, and the number of a port. */
void device_probe_run(struct rdma_device *device, struct evidence *evidence,
		      struct device_probe *device_probe);

/* The on-demand registration of a page alone. Returns 0 or -errno. */
int device_probe_odp(struct rdma_device *device);

/* The prefetch alone. Returns 0 or -errno, -EOPNOTSUPP also where there is no ODP. */
int device_probe_prefetch(struct rdma_device *device);

/*
 * Whether a region of so many bytes, without pages, can be registered on demand. mlx5
 * refuses it on a device whose updates reach no further (mlx5r_umr_can_load_pas(),
 * mlx5/umr.h: umr_extended_translation_offset), and no verb tells. Returns 0 or -errno.
 */
#define DEVICE_PROBE_LARGE (256ull << 20)
int device_probe_large(struct rdma_device *device);

/*
 * Fills .sges and .inline_bytes of the device with what an RC queue pair of it got.
 * Returns 0, or -errno after one line.
 */
int device_probe_request(struct rdma_device *device);

/* Did the witness give an upper limit of the faulted pages, and is it right? */
bool device_probe_witness_counts(const struct device_probe *device_probe,
				 unsigned int witness);

#endif
