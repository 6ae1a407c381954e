// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* gid.c - the addresses of a port */
#include "rdma/verbs/gid.h"

#include <arpa/inet.h>
#include <errno.h>
#include <infiniband/verbs.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/util.h"
#include "rdma/verbs/internal.h"

static void describe(const struct ibv_gid_entry *entry, struct rdma_gid *gid)
{
	static const char *const types[] = {
		[IBV_GID_TYPE_IB] = "IB",
		[IBV_GID_TYPE_ROCE_V1] = "RoCE v1",
		[IBV_GID_TYPE_ROCE_V2] = "RoCE v2",
	};

	/* a kernel of tomorrow may know types that this library has no name for */
	*gid = (struct rdma_gid){ .index = entry->gid_index, .type = "unknown" };
	if (entry->gid_type < ARRAY_SIZE(types))
		gid->type = types[entry->gid_type];
	inet_ntop(AF_INET6, entry->gid.raw, gid->text, sizeof(gid->text));
	if (!entry->ndev_ifindex || !if_indextoname(entry->ndev_ifindex, gid->netdev))
		gid->netdev[0] = '\0';
}

int rdma_gid_list(const struct rdma_device *device, unsigned int port,
		  struct rdma_gid **gids)
{
	struct rdma_port facts;
	struct ibv_gid_entry entry;
	int ret, n = 0;

	ret = rdma_port_query(device, port, &facts);
	if (ret)
		return ret;
	*gids = calloc(facts.gids + 1, sizeof(**gids));
	if (!*gids)
		return log_errno(ENOMEM, "%u GIDs", facts.gids);
	for (unsigned int i = 0; i < facts.gids; i++)
		if (!ibv_query_gid_ex(verbs_device(device)->context, port, i, &entry, 0))
			describe(&entry, &(*gids)[n++]);
	return n;
}
