// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ofi_lib.c - libfabric: a provider's domain, as a device */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"
#include "rdma/ofi/internal.h"
#include "rdma/verbs/verbs.h"

/*
 * The verbs provider's switch, read when libfabric is first used in a process:
 * fi_verbs(7).
 */
#define ODP_SWITCH "FI_VERBS_USE_ODP"

/*
 * ofi_rxm makes queues for so many peers: with the default, more than a device may have.
 */
#define PEERS "FI_UNIVERSE_SIZE"

const char *ofi_library(void)
{
	return "libfabric";
}

const char *ofi_version(void)
{
	static _Thread_local char text[24];

	snprintf(text, sizeof(text), "%u.%u", FI_MAJOR(fi_version()),
		 FI_MINOR(fi_version()));
	return text;
}

static int open_domain(struct ofi_device *ofi)
{
	int ret;

	ret = fi_fabric(ofi->info->fabric_attr, &ofi->fabric, NULL);
	if (ret)
		return log_errno(-ofi_errno(ret), "libfabric's fabric %s",
				 ofi->info->fabric_attr->name);
	ret = fi_domain(ofi->fabric, ofi->info, &ofi->domain, NULL);
	if (ret)
		return log_errno(-ofi_errno(ret), "libfabric's domain %s",
				 ofi->info->domain_attr->name);
	return 0;
}

static void close_device(struct ofi_device *ofi)
{
	if (ofi->domain)
		fi_close(&ofi->domain->fid);
	if (ofi->fabric)
		fi_close(&ofi->fabric->fid);
	if (ofi->info)
		fi_freeinfo(ofi->info);
	free(ofi);
}

static uint32_t operations(const struct fi_info *info)
{
	uint32_t all = ODP_SEND | ODP_RECV | ODP_WRITE | ODP_READ;

	if (info->caps & FI_ATOMIC)
		all |= ODP_ATOMIC;
	return all;
}

static bool odp_is_on(void)
{
	const char *value = getenv(ODP_SWITCH);

	return value && (!strcmp(value, "1") || !strcasecmp(value, "yes") ||
			 !strcasecmp(value, "true") || !strcasecmp(value, "on"));
}

/* The domain is an RDMA device: what it can do on demand it can do here, if ODP is on. */
static int describe_rdma_device(struct rdma_device *device, struct ofi_device *ofi)
{
	const struct rdma_device_spec spec = { .name = ofi->info->domain_attr->name,
					       .gid_index = -1 };
	uint32_t capable;
	int ret;

	ret = verbs_transport.device_open(device, &spec);
	if (ret)
		return ret;
	verbs_transport.device_close(device);
	ofi->on_demand = odp_is_on() && device->caps.general & ODP_SUPPORT;
	capable = ofi->on_demand ? device->caps.per_transport[QP_RC] : 0;
	/* a layer above it copies messages, and carries atomics out, by the CPU */
	if (strchr(ofi->info->fabric_attr->prov_name, ';'))
		capable &= ODP_WRITE | ODP_READ;
	device->caps = (struct odp_caps){ .general = ofi->on_demand ? ODP_SUPPORT : 0 };
	device->caps.per_transport[QP_RC] = capable & operations(ofi->info);
	device->modes = 1u << (ofi->on_demand ? MR_ODP : MR_PINNED);
	device->windows_1 = device->windows_2 = false;
	return 0;
}

/* There is none: the provider's own threads, or ours, touch the memory. */
static void describe_host(struct rdma_device *device, struct ofi_device *ofi)
{
	ofi->on_demand = true;
	*device = (struct rdma_device){
		.cpu_faults = true,
		.modes = 1u << MR_ODP,
		.max_mr_bytes = UINT64_MAX,
		.max_sge = (unsigned int)ofi->info->tx_attr->iov_limit
	};
	device->caps.per_transport[QP_RC] = operations(ofi->info);
	snprintf(device->name, sizeof(device->name), "%s", ofi->info->domain_attr->name);
	snprintf(device->driver, sizeof(device->driver), "%.*s",
		 (int)strcspn(ofi->info->fabric_attr->prov_name, ";"),
		 ofi->info->fabric_attr->prov_name);
}

static int describe(struct rdma_device *device, struct ofi_device *ofi)
{
	char path[PATH_MAX];
	int ret = 0;

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s",
		 ofi->info->domain_attr->name);
	if (!access(path, F_OK))
		ret = describe_rdma_device(device, ofi);
	else
		describe_host(device, ofi);
	device->ops = &ofi_transport;
	device->commits = ofi->info->caps & FI_RMA_PMEM;
	device->private = ofi;
	return ret;
}

static void ofi_device_close(struct rdma_device *device)
{
	if (device->private)
		close_device(device->private);
	device->private = NULL;
}

static int ofi_device_open(struct rdma_device *device,
			   const struct rdma_device_spec *spec)
{
	struct ofi_device *ofi;
	int ret;

	*device = (struct rdma_device){ 0 };
	if (spec->port || spec->gid_index >= 0) {
		log_error(
			"--ib-port and --gid-index: over ofi the provider chooses them; "
			"choose its domain with --device");
		return -EINVAL;
	}
	ofi = calloc(1, sizeof(*ofi));
	if (!ofi)
		return log_errno(ENOMEM, "a device");
	setenv(ODP_SWITCH, "1", 0);
	setenv(PEERS, "2", 0);
	ret = ofi_find_info(ofi, spec);
	if (!ret)
		ret = open_domain(ofi);
	if (!ret)
		ret = describe(device, ofi);
	if (!ret)
		return 0;
	close_device(ofi);
	*device = (struct rdma_device){ 0 };
	return ret;
}

const struct rdma_transport ofi_transport = {
	.name = "ofi",
	.has_providers = true,
	.device_open = ofi_device_open,
	.device_close = ofi_device_close,
	.mr_reg = ofi_mr_reg,
	.mr_dereg = ofi_mr_dereg,
	.mr_rereg = ofi_mr_rereg,
	.mr_advise = ofi_mr_advise,
	.qp_open = ofi_qp_open,
	.qp_connect = ofi_qp_connect,
	.qp_address = ofi_qp_address,
	.qp_close = ofi_qp_close,
	.post = ofi_post,
	.post_recv = ofi_post_recv,
	.poll = ofi_poll,
	.process_ended = ofi_process_ended,
};
