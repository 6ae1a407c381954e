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
#include "rdma/ofi_parts.h"
#include "rdma/verbs.h"

#define API FI_VERSION(1, 17)

/* The verbs provider's switch, read when libfabric is first used in a process: fi_verbs(7). */
#define ODP_SWITCH "FI_VERBS_USE_ODP"

/* ofi_rxm makes queues for so many peers: with the default, more than a device may have. */
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

/* What is asked of a provider, the best first. */
struct wish {
	enum fi_ep_type type;
	uint64_t caps;
	uint64_t complete;
};

static struct fi_info *make_hints(const struct wish *wish, const char *provider,
				  const char *domain)
{
	struct fi_info *hints = fi_allocinfo();

	if (!hints)
		return NULL;
	hints->caps = FI_MSG | FI_RMA | wish->caps;
	hints->mode = FI_CONTEXT | FI_CONTEXT2;
	hints->ep_attr->type = wish->type;
	hints->tx_attr->op_flags = wish->complete;
	hints->domain_attr->threading = FI_THREAD_SAFE;
	hints->domain_attr->mr_mode = FI_MR_LOCAL | FI_MR_VIRT_ADDR | FI_MR_ALLOCATED |
				      FI_MR_PROV_KEY;
	if (provider)
		hints->fabric_attr->prov_name = strdup(provider);
	if (domain)
		hints->domain_attr->name = strdup(domain);
	return hints;
}

/* Not every provider looks at the hint: drops the infos before the one of that domain. */
static int choose_domain(struct fi_info **list, const char *domain)
{
	struct fi_info *info;

	while ((info = *list) && domain && strcmp(info->domain_attr->name, domain)) {
		*list = info->next;
		info->next = NULL;
		fi_freeinfo(info);
	}
	return *list ? 0 : -FI_ENODATA;
}

/*
 * A completion must mean that the data is in the peer's memory, as it is looked at next: a
 * provider without FI_DELIVERY_COMPLETE passes where a device acknowledges (verbs RC).
 */
static int find_info(struct ofi_device *ofi, const char *provider, const char *domain)
{
	static const struct wish wishes[] = {
		{ FI_EP_MSG, FI_RMA_PMEM, FI_DELIVERY_COMPLETE },
		{ FI_EP_MSG, FI_ATOMIC, FI_DELIVERY_COMPLETE },
		{ FI_EP_MSG, FI_ATOMIC, FI_TRANSMIT_COMPLETE },
		{ FI_EP_MSG, 0, FI_DELIVERY_COMPLETE },
		{ FI_EP_MSG, 0, FI_TRANSMIT_COMPLETE },
		{ FI_EP_RDM, FI_ATOMIC, FI_DELIVERY_COMPLETE },
		{ FI_EP_RDM, 0, FI_DELIVERY_COMPLETE },
	};
	int ret = -FI_ENODATA;

	for (size_t i = 0; i < ARRAY_SIZE(wishes) && ret == -FI_ENODATA; i++) {
		struct fi_info *hints = make_hints(&wishes[i], provider, domain);

		if (!hints)
			return -ENOMEM;
		ret = fi_getinfo(API, NULL, NULL, 0, hints, &ofi->info);
		fi_freeinfo(hints);
		if (!ret)
			ret = choose_domain(&ofi->info, domain);
		ofi->complete = wishes[i].complete;
	}
	if (!ret)
		return 0;
	if (ret == -FI_ENODATA)
		return -ENODATA;
	log_errno(-ofi_errno(ret), "fi_getinfo");
	return -EIO;
}

static int log_not_found(const struct rdma_device_spec *spec, const char *provider)
{
	const char *name = provider ? provider : "of its choice";

	if (spec->name)
		log_error("--device %s: libfabric's provider %s has no such domain; "
			  "fi_info "
			  "lists all",
			  spec->name, name);
	else
		log_error("--transport ofi: libfabric's provider %s is unknown here, or "
			  "has "
			  "no device with an address, or no RMA; fi_info lists all",
			  name);
	return spec->name || provider ? -ENOENT : -ENODEV;
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
	capable = ofi->on_demand ? device->caps.per_transport[TRANSPORT_RC] : 0;
	/* a layer above it copies messages, and carries atomics out, by the CPU */
	if (strchr(ofi->info->fabric_attr->prov_name, ';'))
		capable &= ODP_WRITE | ODP_READ;
	device->caps = (struct odp_caps){ .general = ofi->on_demand ? ODP_SUPPORT : 0 };
	device->caps.per_transport[TRANSPORT_RC] = capable & operations(ofi->info);
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
	device->caps.per_transport[TRANSPORT_RC] = operations(ofi->info);
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

/* Keys are 32 bits wide here, as they are in InfiniBand. */
static int check_info(const struct fi_info *info)
{
	if (!(info->domain_attr->mr_mode & FI_MR_PROV_KEY) ||
	    info->domain_attr->mr_key_size <= sizeof(uint32_t))
		return 0;
	log_error(
		"libfabric's provider %s chooses keys of %zu bytes, only 4 are supported",
		info->fabric_attr->prov_name, info->domain_attr->mr_key_size);
	return -EOPNOTSUPP;
}

static int ofi_device_open(struct rdma_device *device,
			   const struct rdma_device_spec *spec)
{
	const char *provider = transport_argument(spec->transport);
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
	ret = find_info(ofi, provider, spec->name);
	if (ret == -ENODATA)
		ret = log_not_found(spec, provider);
	if (!ret)
		ret = check_info(ofi->info);
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
