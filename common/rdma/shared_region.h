/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * shared_region.h - an implicit region of one process that another one uses
 *
 * The owner registers it and sends the file of its device; the user imports that
 * (ibv_import_device(3)). With libibverbs and a kernel driver only.
 */
#ifndef ODPLAB_RDMA_SHARED_REGION_H
#define ODPLAB_RDMA_SHARED_REGION_H

#include <stddef.h>
#include <stdint.h>

#include "rdma/device.h"

/* What the owner tells the user. Its objects last as long as that file is open. */
struct shared_region {
	int fd; /* of the device; a number in the process that has it */
	uint32_t domain, region, lkey, rkey;
};

/* Opens the device once more. Makes no queue. Returns 0 or -errno. */
int shared_region_make(struct shared_region *shared, const struct rdma_device *device);

struct imported_region {
	struct ibv_context *context;
	struct ibv_pd *domain;
	struct ibv_mr *region;
	struct rdma_device device; /* of the domain */
	uint32_t lkey, rkey;
};

/*
 * Takes shared->fd over, also where it fails. @device: the same one, as this process has
 * opened it. Returns 0 or -errno.
 */
int shared_region_import(struct imported_region *imported,
			 const struct shared_region *shared,
			 const struct rdma_device *device);

/*
 * Prefetches from the owner's memory at @addr and waits for it. Returns 0 or what
 * ibv_advise_mr(3) says, negative.
 */
int imported_region_prefetch(const struct imported_region *imported, uint64_t addr,
			     uint32_t len);

/*
 * READs by the region's remote key, on a queue pair of its own that is connected to
 * itself. Returns 0 or -errno: -EREMOTEIO where the READ was refused.
 */
int imported_region_read(struct imported_region *imported, uint64_t addr, void *to,
			 uint32_t len, uint64_t timeout_ns);

/* Forgets what was imported, which the owner keeps. */
void imported_region_close(struct imported_region *imported);

#endif
