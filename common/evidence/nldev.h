/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * nldev.h - memory regions, and counters of regions and ports, by RDMA netlink
 *
 * The kernel's side is drivers/infiniband/core/nldev.c.
 */
#ifndef ODPLAB_EVIDENCE_NLDEV_H
#define ODPLAB_EVIDENCE_NLDEV_H

#include <stdbool.h>
#include <stdint.h>

struct nldev;

/* Finds the device by its name. Returns 0 or -errno, without a line. */
int nldev_open(struct nldev **out, const char *device);
void nldev_close(struct nldev *nldev);

/*
 * The kernel's number of this process's region with @lkey. Only CAP_NET_ADMIN sees keys.
 * Returns 0 or -errno: -ENOENT no such region, or no permission to see keys.
 */
int nldev_mr_number(struct nldev *nldev, uint32_t lkey, uint32_t *mrn);

/*
 * Calls @each for every counter of the region that the driver has. Returns how many there
 * are, or -errno.
 */
int nldev_mr_counters(struct nldev *nldev, uint32_t mrn,
		      void (*each)(const char *name, uint64_t value, void *data),
		      void *data);

/* The same for the counters of a port, which begin with 1. No privilege is needed. */
int nldev_port_counters(struct nldev *nldev, uint32_t port,
			void (*each)(const char *name, uint64_t value, void *data),
			void *data);

/*
 * Deletes a software device, like "rdma link delete". Returns 0 or -errno:
 * -EOPNOTSUPP for hardware.
 */
int nldev_delete(const char *device);

#endif
