/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * nldev.h - what RDMA netlink tells of memory regions (drivers/infiniband/core/nldev.c)
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
 * The kernel's number of this process's region with @lkey. Keys are shown to
 * CAP_NET_ADMIN only. Returns 0 or -errno: -ENOENT no such region, or keys are hidden.
 */
int nldev_mr_number(struct nldev *nldev, uint32_t lkey, uint32_t *mrn);

/*
 * Calls @each with every counter that the driver keeps for the region. Returns how many,
 * or -errno.
 */
int nldev_mr_counters(struct nldev *nldev, uint32_t mrn,
		      void (*each)(const char *name, uint64_t value, void *data),
		      void *data);

/*
 * Ends a device that is made of software, as "rdma link delete" does. Returns 0 or -errno:
 * -EOPNOTSUPP for one of hardware.
 */
int nldev_delete(const char *device);

#endif
