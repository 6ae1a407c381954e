// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* device.c - RDMA devices and their ports */
#include "rdma/verbs/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <infiniband/verbs.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

/*
 * The driver's name: of a PCI device, the module that its driver link names ("mlx5_core"
 * is "mlx5" here); of a virtual device, what it says of itself in node_desc.
 */
static void find_driver(const char *name, char *driver, size_t size)
{
	char path[PATH_MAX], text[PATH_MAX];
	ssize_t n;
	char *end;

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s/device/driver", name);
	n = readlink(path, text, sizeof(text) - 1);
	if (n > 0) {
		text[n] = '\0';
		end = strrchr(text, '/');
		snprintf(driver, size, "%s", end ? end + 1 : text);
		end = strstr(driver, "_core");
		if (end)
			*end = '\0';
		return;
	}
	snprintf(path, sizeof(path), "/sys/class/infiniband/%s/node_desc", name);
	if (!file_read(path, text, sizeof(text)) && !strncmp(text, "rxe", 3))
		snprintf(driver, size, "rxe");
	else if (!strncmp(text, "Software iWARP", 14))
		snprintf(driver, size, "siw");
	else
		snprintf(driver, size, "unknown");
}

/* How mlx5_emu's begin (emu/cmd/resource.c), and no real card's. */
#define EMULATED_BOARD "EMU_"

static void find_board(struct rdma_device *device)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s/board_id", device->name);
	if (file_read(path, device->board, sizeof(device->board)))
		device->board[0] = '\0';
	device->emulated =
		!strncmp(device->board, EMULATED_BOARD, strlen(EMULATED_BOARD));
}

static int query_device(struct rdma_device *device)
{
	struct ibv_device_attr attr;
	int ret;

	ret = ibv_query_device(verbs_device(device)->context, &attr);
	if (ret)
		return log_errno(ret, "%s: ibv_query_device", device->name);
	snprintf(device->firmware, sizeof(device->firmware), "%.*s",
		 (int)sizeof(device->firmware) - 1, attr.fw_ver);
	find_board(device);
	device->ports = attr.phys_port_cnt;
	device->max_mr_bytes = attr.max_mr_size;
	device->modes = UINT32_MAX;
	device->max_mr = (unsigned int)attr.max_mr;
	device->max_sge = (unsigned int)attr.max_sge;
	device->windows_1 = attr.device_cap_flags & IBV_DEVICE_MEM_WINDOW;
	device->windows_2 = attr.device_cap_flags & (IBV_DEVICE_MEM_WINDOW_TYPE_2A |
						     IBV_DEVICE_MEM_WINDOW_TYPE_2B);
	return verbs_caps_query(verbs_device(device)->context, &device->caps);
}

/* libibverbs says ENOENT of a device file that we may not open: the file itself knows. */
static int log_opening(const struct ibv_device *ibv, int error)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/dev/infiniband/%s", ibv->dev_name);
	if (faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS))
		return log_errno(errno, "%s of %s", path, ibv->name);
	return log_errno(error ? error : EIO, "open %s", ibv->name);
}

/* Opens the device without choosing a port. */
static int open_device(struct rdma_device *device, struct ibv_device *ibv)
{
	struct verbs_device *verbs = calloc(1, sizeof(*verbs));
	int ret = 0;

	*device = (struct rdma_device){ .ops = &verbs_transport, .private = verbs };
	snprintf(device->name, sizeof(device->name), "%s", ibv_get_device_name(ibv));
	find_driver(device->name, device->driver, sizeof(device->driver));
	if (!verbs)
		return log_errno(ENOMEM, "open %s", device->name);
	verbs->context = ibv_open_device(ibv);
	if (!verbs->context)
		ret = log_opening(ibv, errno);
	if (!ret)
		verbs->pd = ibv_alloc_pd(verbs->context);
	if (!ret && !verbs->pd)
		ret = log_errno(errno, "%s: ibv_alloc_pd", device->name);
	if (!ret)
		ret = query_device(device);
	if (ret)
		verbs_device_close(device);
	return ret;
}

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
		.lid = attr.lid,
		.gids = (unsigned int)attr.gid_tbl_len,
	};
	return 0;
}

static int choose_port(struct rdma_device *device, unsigned int wanted)
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

/*
 * RoCE: the first RoCE v2 entry with an IPv4 address, which is the one that routes
 * everywhere.
 */
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

static int choose_gid(struct rdma_device *device, int wanted)
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

static bool suits(const struct rdma_device *device)
{
	struct rdma_port port = { 0 };

	if (!(device->caps.general & ODP_SUPPORT))
		return false;
	for (unsigned int number = 1; number <= device->ports; number++)
		if (!rdma_port_query(device, number, &port) && port.active)
			return true;
	return false;
}

/* The named device, or the first that suits, or failing that the first. */
static int find_device(struct rdma_device *device, struct ibv_device **list,
		       const char *name)
{
	int ret;

	for (struct ibv_device **ibv = list; *ibv; ibv++) {
		if (name && strcmp(name, ibv_get_device_name(*ibv)))
			continue;
		ret = open_device(device, *ibv);
		if (ret && name)
			return ret;
		if (ret)
			continue;
		if (name || suits(device))
			return 0;
		verbs_device_close(device);
	}
	if (name)
		log_error("libibverbs knows no RDMA device %s; odp_info lists all", name);
	else if (!*list)
		log_error("no RDMA device; load its driver, or use scripts/testbed");
	else
		return open_device(device, *list);
	return -ENODEV;
}

int rdma_device_open_portless(struct rdma_device *device, const char *name)
{
	struct ibv_device **list = ibv_get_device_list(NULL);
	int ret;

	/* without the kernel's uverbs there is not even a list */
	if (!list && errno == ENOSYS)
		return log_errno(
			ENODEV,
			"no RDMA device; load its driver, or use scripts/testbed");
	if (!list)
		return log_errno(errno, "list RDMA devices");
	ret = find_device(device, list, name);
	ibv_free_device_list(list);
	return ret;
}

int verbs_device_open(struct rdma_device *device, const struct rdma_device_spec *spec)
{
	int ret = rdma_device_open_portless(device, spec->name);

	if (ret)
		return ret;
	ret = choose_port(device, spec->port);
	if (!ret)
		ret = choose_gid(device, spec->gid_index);
	if (ret)
		verbs_device_close(device);
	return ret;
}

void verbs_device_close(struct rdma_device *device)
{
	struct verbs_device *verbs = verbs_device(device);

	if (!verbs)
		return;
	if (verbs->pd)
		ibv_dealloc_pd(verbs->pd);
	if (verbs->context)
		ibv_close_device(verbs->context);
	free(verbs);
	device->private = NULL;
}
