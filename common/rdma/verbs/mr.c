// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mr.c - memory regions: pinned, explicit ODP, implicit ODP */
#include "rdma/verbs/internal.h"

#include <errno.h>
#include <infiniband/verbs.h>
#include <string.h>

#include "base/util.h"
#include "rdma/verbs/advise.h"
#include "rdma/verbs/flush.h"

const char *const mr_mode_names[] = {
	[MR_PINNED] = "pinned",
	[MR_ODP] = "odp",
	[MR_ODP_IMPLICIT] = "implicit",
	[MR_MODES] = NULL,
};

static int ibv_access(enum mr_mode mode, unsigned int access)
{
	const struct {
		unsigned int ours;
		int ibv;
	} map[] = {
		{ MR_LOCAL_WRITE, IBV_ACCESS_LOCAL_WRITE },
		{ MR_REMOTE_WRITE, IBV_ACCESS_REMOTE_WRITE },
		{ MR_REMOTE_READ, IBV_ACCESS_REMOTE_READ },
		{ MR_REMOTE_ATOMIC, IBV_ACCESS_REMOTE_ATOMIC },
		{ MR_BIND, IBV_ACCESS_MW_BIND },
		{ MR_RELAXED, IBV_ACCESS_RELAXED_ORDERING },
		{ MR_HUGE_PAGES, IBV_ACCESS_HUGETLB },
		{ MR_FLUSH, (int)flush_access() },
	};
	int flags = mode == MR_PINNED ? 0 : IBV_ACCESS_ON_DEMAND;

	for (size_t i = 0; i < ARRAY_SIZE(map); i++)
		if (access & map[i].ours)
			flags |= map[i].ibv;
	return flags;
}

/* What ibv_reg_mr() returned, NULL where it failed. Returns 0 or -errno. */
static int registered(struct rdma_mr *mr, struct ibv_mr *ibv, enum mr_mode mode,
		      uint64_t remote_addr)
{
	mr->private = ibv;
	if (!ibv)
		return errno ? -errno :
			       -EINVAL; /* some library paths leave errno alone */
	mr->mode = mode;
	mr->lkey = ibv->lkey;
	mr->rkey = ibv->rkey;
	mr->remote_addr = remote_addr;
	return 0;
}

int verbs_mr_reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
		 enum mr_mode mode, unsigned int access)
{
	bool implicit = mode == MR_ODP_IMPLICIT;
	struct ibv_mr *ibv;

	errno = 0;
	ibv = ibv_reg_mr(verbs_device(device)->pd, implicit ? NULL : addr,
			 implicit ? SIZE_MAX : len,
			 (unsigned int)ibv_access(mode, access));
	return registered(mr, ibv, mode, (uintptr_t)addr);
}

int rdma_mr_reg_at(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
		   uint64_t iova, unsigned int access)
{
	struct ibv_mr *ibv;

	if (device->ops != &verbs_transport)
		return -EOPNOTSUPP;
	errno = 0;
	mr->ops = device->ops;
	ibv = ibv_reg_mr_iova(verbs_device(device)->pd, addr, len, iova,
			      (unsigned int)ibv_access(MR_ODP, access));
	return registered(mr, ibv, MR_ODP, iova);
}

/* What the kernel has of them is on demand, whatever the rights say. */
int rdma_mr_reg_dmabuf(struct rdma_mr *mr, struct rdma_device *device, int fd,
		       uint64_t offset, size_t len, uint64_t iova, unsigned int access)
{
	struct ibv_mr *ibv;

	if (device->ops != &verbs_transport)
		return -EOPNOTSUPP;
	errno = 0;
	mr->ops = device->ops;
	ibv = ibv_reg_dmabuf_mr(verbs_device(device)->pd, offset, len, iova, fd,
				ibv_access(MR_PINNED, access));
	return registered(mr, ibv, MR_ODP, iova);
}

static int ibv_change(unsigned int what)
{
	return (what & MR_CHANGE_ACCESS ? IBV_REREG_MR_CHANGE_ACCESS : 0) |
	       (what & MR_CHANGE_DOMAIN ? IBV_REREG_MR_CHANGE_PD : 0) |
	       (what & MR_CHANGE_RANGE ? IBV_REREG_MR_CHANGE_TRANSLATION : 0);
}

static struct ibv_pd *domain_of(struct verbs_device *verbs, bool second)
{
	if (second && !verbs->second_pd)
		verbs->second_pd = ibv_alloc_pd(verbs->context);
	return second ? verbs->second_pd : verbs->pd;
}

int verbs_mr_rereg(struct rdma_mr *mr, struct rdma_device *device,
		   const struct mr_change *change)
{
	bool moves = change->what & MR_CHANGE_DOMAIN;
	struct ibv_mr *ibv = mr->private;
	struct ibv_pd *domain = NULL;

	errno = 0;
	if (moves)
		domain = domain_of(verbs_device(device), change->other_domain);
	if ((moves && !domain) ||
	    ibv_rereg_mr(ibv, ibv_change(change->what), domain, change->addr, change->len,
			 ibv_access(change->mode, change->access)))
		return errno ? -errno : -EINVAL;
	mr->lkey = ibv->lkey;
	mr->rkey = ibv->rkey;
	if (change->what & MR_CHANGE_ACCESS)
		mr->mode = change->mode;
	if (change->what & MR_CHANGE_RANGE)
		mr->remote_addr = (uintptr_t)change->addr;
	return 0;
}

void verbs_mr_dereg(struct rdma_mr *mr)
{
	if (mr->private)
		ibv_dereg_mr(mr->private);
	mr->private = NULL;
}

int verbs_mr_advise(struct rdma_device *device, enum mr_advice advice, bool sync,
		    const struct rdma_sge *ranges, unsigned int n)
{
	static const enum ibv_advise_mr_advice advices[] = {
		[MR_PREFETCH] = IBV_ADVISE_MR_ADVICE_PREFETCH,
		[MR_PREFETCH_WRITE] = IBV_ADVISE_MR_ADVICE_PREFETCH_WRITE,
		[MR_PREFETCH_NO_FAULT] = IBV_ADVISE_MR_ADVICE_PREFETCH_NO_FAULT,
	};
	struct ibv_pd *pd = verbs_device(device)->pd;
	uint32_t flags = sync ? IBV_ADVISE_MR_FLAG_FLUSH : 0;
	struct ibv_sge sges[MR_RANGES];
	int ret;

	if (n > MR_RANGES)
		return -E2BIG;
	for (unsigned int i = 0; i < n; i++)
		sges[i] = (struct ibv_sge){ .addr = ranges[i].addr,
					    .length = ranges[i].len,
					    .lkey = ranges[i].lkey };
	ret = ibv_advise_mr(pd, advices[advice], flags, sges, n);
	if (ret == EOPNOTSUPP && !strcmp(device->driver, "rxe"))
		return advise_rxe(pd, advices[advice], flags, sges, n);
	return -ret;
}
