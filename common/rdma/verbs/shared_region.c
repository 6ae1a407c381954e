// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* shared_region.c - an implicit region of one process that another one uses */
#include "rdma/shared_region.h"

#include <errno.h>
#include <infiniband/verbs.h>
#include <string.h>
#include <unistd.h>

#include "rdma/device.h"
#include "rdma/verbs/internal.h"

static struct ibv_context *open_again(const char *name)
{
	struct ibv_device **list = ibv_get_device_list(NULL);
	struct ibv_context *context = NULL;

	for (size_t i = 0; list && list[i] && !context; i++)
		if (!strcmp(ibv_get_device_name(list[i]), name))
			context = ibv_open_device(list[i]);
	if (list)
		ibv_free_device_list(list);
	return context;
}

/* What is made here is never freed: the kernel does that with the last file. */
int shared_region_make(struct shared_region *shared, const struct rdma_device *device)
{
	struct ibv_context *context = open_again(device->name);
	struct ibv_pd *domain = context ? ibv_alloc_pd(context) : NULL;
	struct ibv_mr *region =
		domain ? ibv_reg_mr(domain, NULL, SIZE_MAX,
				    IBV_ACCESS_ON_DEMAND | IBV_ACCESS_LOCAL_WRITE) :
			 NULL;

	if (!region)
		return errno ? -errno : -EINVAL;
	*shared = (struct shared_region){ .fd = context->cmd_fd,
					  .domain = domain->handle,
					  .region = region->handle,
					  .lkey = region->lkey };
	return 0;
}

int shared_region_import(struct imported_region *imported,
			 const struct shared_region *shared)
{
	int ret;

	*imported = (struct imported_region){ .lkey = shared->lkey };
	imported->context = ibv_import_device(shared->fd);
	if (!imported->context) {
		ret = errno ? -errno : -EINVAL;
		close(shared->fd);
		return ret;
	}
	imported->domain = ibv_import_pd(imported->context, shared->domain);
	if (imported->domain)
		imported->region = ibv_import_mr(imported->domain, shared->region);
	if (imported->region)
		return 0;
	ret = errno ? -errno : -EINVAL;
	imported_region_close(imported);
	return ret;
}

int imported_region_prefetch(const struct imported_region *imported, uint64_t addr,
			     uint32_t len)
{
	struct ibv_sge range = { .addr = addr, .length = len, .lkey = imported->lkey };

	return -ibv_advise_mr(imported->domain, IBV_ADVISE_MR_ADVICE_PREFETCH,
			      IBV_ADVISE_MR_FLAG_FLUSH, &range, 1);
}

void imported_region_close(struct imported_region *imported)
{
	if (imported->region)
		ibv_unimport_mr(imported->region);
	if (imported->domain)
		ibv_unimport_pd(imported->domain);
	if (imported->context)
		ibv_close_device(imported->context);
	*imported = (struct imported_region){ 0 };
}
