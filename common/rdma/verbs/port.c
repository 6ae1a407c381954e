// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* port.c - the ports of an RDMA device: their state, and which port and GID are used */
#include <errno.h>
#include <infiniband/verbs.h>
#include <string.h>

#include "base/log.h"
#include "rdma/verbs/internal.h"

int rdma_port_query(const struct rdma_device *device, unsigned int number,
		    struct rdma_port *port)
{
	struct ibv_port_attr attr;
	int ret;

	ret = ibv_query_port(verbs_device(device)->context, (uint8_t)number, &attr);
	if (ret)
		return log_errno(ret, "%s: query port %u", device->name, number);
	*port = (struct rdma_port){
		.number = number,
		.active = attr.state == IBV_PORT_ACTIVE,
		.state = ibv_port_state_str(attr.state),
		.ethernet = attr.link_layer == IBV_LINK_LAYER_ETHERNET,
		.mtu_bytes = 128u << attr.active_mtu, /* IBV_MTU_256 is 1 */
		.max_mtu_bytes = 128u << attr.max_mtu,
		.max_message = attr.max_msg_sz,
		.lid = attr.lid,
		.gids = (unsigned int)attr.gid_tbl_len,
	};
	return 0;
}

int verbs_choose_port(struct rdma_device *device, unsigned int wanted)
{
	unsigned int from = wanted ? wanted : 1, to = wanted ? wanted : device->ports;
	int ret;

	if (wanted > device->ports) {
		log_error("%s has %u ports, no port %u", device->name, device->ports,
			  wanted);
		return -EINVAL;
	}
	for (unsigned int number = from; number <= to; number++) {
		ret = rdma_port_query(device, number, &device->port);
		if (ret)
			return ret;
		if (device->port.active)
			return 0;
	}
	log_error("%s: no active port; bring the link up (ip link, or a subnet manager)",
		  device->name);
	return -ENETDOWN;
}

/* RoCE: the first entry for RoCE v2 over IPv4, which is routable. */
static unsigned int preferred_gid(const struct rdma_device *device)
{
	static const unsigned char ipv4[12] = { [10] = 0xff, [11] = 0xff };
	struct ibv_gid_entry entry;

	for (unsigned int i = 0; device->port.ethernet && i < device->port.gids; i++)
		if (!ibv_query_gid_ex(verbs_device(device)->context, device->port.number,
				      i, &entry, 0) &&
		    entry.gid_type == IBV_GID_TYPE_ROCE_V2 &&
		    !memcmp(entry.gid.raw, ipv4, sizeof(ipv4)))
			return i;
	return 0;
}

int verbs_choose_gid(struct rdma_device *device, int wanted)
{
	union ibv_gid gid;

	device->gid_index = wanted < 0 ? preferred_gid(device) : (unsigned int)wanted;
	if (device->gid_index >= device->port.gids ||
	    ibv_query_gid(verbs_device(device)->context, (uint8_t)device->port.number,
			  (int)device->gid_index, &gid)) {
		log_error("%s port %u has no GID %u; see show_gids or rdma link",
			  device->name, device->port.number, device->gid_index);
		return -EINVAL;
	}
	memcpy(device->gid, gid.raw, sizeof(device->gid));
	return 0;
}
