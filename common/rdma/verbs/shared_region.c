// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* shared_region.c - an implicit region of one process that another one uses */
#include "rdma/shared_region.h"

#include <errno.h>
#include <infiniband/verbs.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rdma/device.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
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
				    IBV_ACCESS_ON_DEMAND | IBV_ACCESS_LOCAL_WRITE |
					    IBV_ACCESS_REMOTE_READ) :
			 NULL;

	if (!region)
		return errno ? -errno : -EINVAL;
	*shared = (struct shared_region){ .fd = context->cmd_fd,
					  .domain = domain->handle,
					  .region = region->handle,
					  .lkey = region->lkey,
					  .rkey = region->rkey };
	return 0;
}

/* So that queue pairs can be made in the domain. */
static int open_device(struct imported_region *imported, const struct rdma_device *device)
{
	struct verbs_device *verbs = calloc(1, sizeof(*verbs));

	if (!verbs)
		return -ENOMEM;
	verbs->context = imported->context;
	verbs->pd = imported->domain;
	imported->device = *device;
	imported->device.private = verbs;
	return 0;
}

int shared_region_import(struct imported_region *imported,
			 const struct shared_region *shared,
			 const struct rdma_device *device)
{
	int ret;

	*imported =
		(struct imported_region){ .lkey = shared->lkey, .rkey = shared->rkey };
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
		ret = open_device(imported, device);
	else
		ret = errno ? -errno : -EINVAL;
	if (ret)
		imported_region_close(imported);
	return ret;
}

static int read_into(struct rdma_qp *qp, struct rdma_op *op, uint64_t timeout_ns)
{
	struct rdma_completion completion;
	struct rdma_address own;
	int ret;

	rdma_qp_address(qp, &own);
	ret = rdma_qp_connect(qp, &own);
	if (!ret)
		ret = rdma_qp_post(qp, op);
	if (!ret)
		ret = rdma_qp_wait(qp, &completion, timeout_ns);
	if (ret)
		return ret;
	return completion.status == OP_SUCCESS ? 0 : -EREMOTEIO;
}

int imported_region_read(struct imported_region *imported, uint64_t addr, void *to,
			 uint32_t len, uint64_t timeout_ns)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 4 };
	struct rdma_op op = { .opcode = RDMA_READ,
			      .sges = 1,
			      .remote_addr = addr,
			      .rkey = imported->rkey };
	struct rdma_mr mr = { 0 };
	struct rdma_qp qp = { 0 };
	int ret = rdma_mr_reg(&mr, &imported->device, to, len, MR_PINNED, MR_LOCAL_WRITE);

	if (ret)
		return ret;
	op.sge[0] = (struct rdma_sge){ (uintptr_t)to, len, mr.lkey };
	ret = rdma_qp_open(&qp, &imported->device, &spec);
	if (!ret)
		ret = read_into(&qp, &op, timeout_ns);
	rdma_qp_close(&qp);
	rdma_mr_dereg(&mr);
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
	free(imported->device.private);
	*imported = (struct imported_region){ 0 };
}
