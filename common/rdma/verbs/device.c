// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* device.c - RDMA devices: found, opened, closed */
#include "rdma/verbs/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <infiniband/verbs.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static int no_device(void)
{
	log_error("no RDMA device; load its driver, use the testbed, or --transport "
		  "ofi:tcp, which needs none");
	return -ENODEV;
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
	verbs_find_board(device);
	device->ports = attr.phys_port_cnt;
	device->max_mr_bytes = attr.max_mr_size;
	device->modes = UINT32_MAX;
	device->max_mr = (unsigned int)attr.max_mr;
	device->max_sge = (unsigned int)attr.max_sge;
	device->max_srq_sge = (unsigned int)attr.max_srq_sge;
	device->windows_1 = attr.device_cap_flags & IBV_DEVICE_MEM_WINDOW;
	device->windows_2 = attr.device_cap_flags & (IBV_DEVICE_MEM_WINDOW_TYPE_2A |
						     IBV_DEVICE_MEM_WINDOW_TYPE_2B);
	return verbs_caps_query(verbs_device(device)->context, &device->caps);
}

/* libibverbs returns ENOENT for a device file without permission: try it ourselves. */
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
	verbs_find_driver(device);
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

static bool is_software(struct ibv_device *ibv)
{
	struct rdma_device device = { 0 };

	snprintf(device.name, sizeof(device.name), "%s", ibv_get_device_name(ibv));
	verbs_find_driver(&device);
	return !strcmp(device.driver, "rxe") || !strcmp(device.driver, "siw");
}

/* Opens the first device that suits. Returns 0 or -ENODEV. */
static int find_suited(struct rdma_device *device, struct ibv_device **list,
		       bool software)
{
	for (struct ibv_device **ibv = list; *ibv; ibv++) {
		if (is_software(*ibv) != software || open_device(device, *ibv))
			continue;
		if (suits(device))
			return 0;
		verbs_device_close(device);
	}
	return -ENODEV;
}

static int find_named(struct rdma_device *device, struct ibv_device **list,
		      const char *name)
{
	for (struct ibv_device **ibv = list; *ibv; ibv++)
		if (!strcmp(name, ibv_get_device_name(*ibv)))
			return open_device(device, *ibv);
	log_error("no RDMA device %s in libibverbs; odp_info lists all", name);
	return -ENODEV;
}

/*
 * The named device; or the first that suits, a NIC before a device of software; or
 * failing that the first.
 */
static int find_device(struct rdma_device *device, struct ibv_device **list,
		       const char *name)
{
	if (name)
		return find_named(device, list, name);
	if (!*list)
		return no_device();
	if (!find_suited(device, list, false) || !find_suited(device, list, true))
		return 0;
	return open_device(device, *list);
}

int rdma_device_open_portless(struct rdma_device *device, const char *name)
{
	struct ibv_device **list = ibv_get_device_list(NULL);
	int ret;

	/* the kernel has no uverbs */
	if (!list && errno == ENOSYS)
		return no_device();
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
	ret = verbs_choose_port(device, spec->port);
	if (!ret)
		ret = verbs_choose_gid(device, spec->gid_index);
	if (ret)
		verbs_device_close(device);
	return ret;
}

void verbs_device_close(struct rdma_device *device)
{
	struct verbs_device *verbs = verbs_device(device);

	if (!verbs)
		return;
	if (verbs->second_pd)
		ibv_dealloc_pd(verbs->second_pd);
	if (verbs->pd)
		ibv_dealloc_pd(verbs->pd);
	if (verbs->context)
		ibv_close_device(verbs->context);
	free(verbs);
	device->private = NULL;
}
