// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mr_lib.c - libfabric: memory registered with a provider's domain */
#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "rdma/ofi/internal.h"

static uint64_t fi_access(unsigned int access)
{
	static const struct {
		unsigned int ours;
		uint64_t fi;
	} map[] = {
		{ MR_LOCAL_WRITE, FI_RECV | FI_READ },
		{ MR_REMOTE_WRITE, FI_REMOTE_WRITE },
		{ MR_REMOTE_READ, FI_REMOTE_READ },
		{ MR_REMOTE_ATOMIC, FI_REMOTE_WRITE | FI_REMOTE_READ },
	};
	uint64_t flags = FI_SEND | FI_WRITE;

	for (size_t i = 0; i < ARRAY_SIZE(map); i++)
		if (access & map[i].ours)
			flags |= map[i].fi;
	return flags;
}

/*
 * The provider uses ODP for all registrations or for none, also for those asked for
 * pinned.
 */
int ofi_mr_reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
	       enum mr_mode mode, unsigned int access)
{
	struct ofi_device *ofi = device->private;
	struct ofi_mr *own;
	int ret;

	if (mode == MR_ODP_IMPLICIT || (mode == MR_ODP && !ofi->on_demand))
		return -EOPNOTSUPP;
	own = calloc(1, sizeof(*own));
	if (!own)
		return -ENOMEM;
	ret = fi_mr_reg(ofi->domain, addr, len, fi_access(access), 0, ++ofi->last_key, 0,
			&own->fid, NULL);
	if (ret) {
		free(own);
		return ofi_errno(ret);
	}
	own->device = ofi;
	own->key = (uint32_t)fi_mr_key(own->fid);
	own->next = ofi->mrs;
	ofi->mrs = own;
	*mr = (struct rdma_mr){ .ops = mr->ops, .private = own, .mode = mode };
	mr->lkey = mr->rkey = own->key;
	if (ofi->info->domain_attr->mr_mode & FI_MR_VIRT_ADDR)
		mr->remote_addr = (uintptr_t)addr;
	return 0;
}

void ofi_mr_dereg(struct rdma_mr *mr)
{
	struct ofi_mr *own = mr->private;

	for (struct ofi_mr **at = &own->device->mrs; *at; at = &(*at)->next)
		if (*at == own) {
			*at = own->next;
			break;
		}
	fi_close(&own->fid->fid);
	free(own);
	mr->private = NULL;
}

int ofi_mr_rereg(struct rdma_mr *mr, struct rdma_device *device,
		 const struct mr_change *change)
{
	return -EOPNOTSUPP;
}

int ofi_mr_advise(struct rdma_device *device, enum mr_advice advice, bool sync,
		  const struct rdma_sge *ranges, unsigned int n)
{
	return -EOPNOTSUPP;
}
