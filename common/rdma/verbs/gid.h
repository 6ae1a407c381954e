/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* gid.h - the addresses of a port */
#ifndef ODPLAB_RDMA_VERBS_GID_H
#define ODPLAB_RDMA_VERBS_GID_H

#include <net/if.h>
#include <netinet/in.h>

#include "rdma/device.h"

struct rdma_gid {
	unsigned int index;
	const char *type;	     /* "RoCE v2", "RoCE v1", "IB", "unknown" */
	char text[INET6_ADDRSTRLEN]; /* "::ffff:10.0.0.1" */
	char netdev[IF_NAMESIZE];    /* "" where there is none */
};

/*
 * The port's GIDs, without empty entries; the caller frees *gids. Returns how many, or
 * -errno after one line.
 */
int rdma_gid_list(const struct rdma_device *device, unsigned int port,
		  struct rdma_gid **gids);

#endif
