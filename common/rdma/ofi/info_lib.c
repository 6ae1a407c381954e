// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* info_lib.c - libfabric: chooses provider and domain */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/units.h"
#include "base/util.h"
#include "rdma/ofi/internal.h"

#define API FI_VERSION(1, 17)

/* What a provider should have, the best first. */
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

/* Some providers ignore the hint: drops the infos before the one of that domain. */
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
 * A completion must mean that the data is in the peer's memory, which is checked next. A
 * provider without FI_DELIVERY_COMPLETE is accepted where a device acknowledges (verbs
 * RC).
 */
static int get_info(struct ofi_device *ofi, const char *provider, const char *domain)
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

#define SHARED_MEMORY "/dev/shm"
/* It wants room for an endpoint of each processor: prov/shm, smr_shm_space_check(). */
#define SHM_BYTES_PER_CPU (16ull << 20)

/* The provider shm does not work without it, and does not say so. Returns 0 or -ENOSR. */
static int check_shared_memory(const char *provider)
{
	uint64_t needed = SHM_BYTES_PER_CPU * (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
	char need[UNITS_TEXT], have[UNITS_TEXT];
	struct statvfs filesystem;
	uint64_t free;

	if (!provider || strcmp(provider, "shm") || statvfs(SHARED_MEMORY, &filesystem))
		return 0;
	free = (uint64_t)filesystem.f_bavail * filesystem.f_frsize;
	if (free >= needed || !filesystem.f_blocks)
		return 0;
	log_error("libfabric's provider shm does not work here: it needs up to %s "
		  "of " SHARED_MEMORY ", and %s is free; free more",
		  units_format_size(needed, need), units_format_size(free, have));
	return -ENOSR;
}

static int log_not_found(const struct rdma_device_spec *spec, const char *provider)
{
	const char *name = provider ? provider : "of its choice";
	int ret = check_shared_memory(provider);

	if (ret)
		return ret;
	if (spec->name)
		log_error("--device %s: libfabric's provider %s has no such domain; "
			  "fi_info lists all",
			  spec->name, name);
	else
		log_error("--transport ofi: libfabric's provider %s is unknown here, or "
			  "has no device with an address, or no RMA; fi_info lists all",
			  name);
	return spec->name || provider ? -ENOENT : -ENODEV;
}

/* Keys are 32 bits wide here, as in InfiniBand. */
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

int ofi_find_info(struct ofi_device *ofi, const struct rdma_device_spec *spec)
{
	const char *provider = transport_argument(spec->transport);
	int ret = get_info(ofi, provider, spec->name);

	if (ret == -ENODATA)
		return log_not_found(spec, provider);
	return ret ? ret : check_info(ofi->info);
}
