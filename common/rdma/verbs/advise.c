// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * advise.c - soft-RoCE's prefetch by the uverbs ioctl, where the library's
 * driver has none
 *
 * The kernel's soft-RoCE has had prefetch since 6.16, its driver in rdma-core hands it on
 * only since version 59. The call is the one that libibverbs makes for mlx5: object MR,
 * method ADVISE_MR, attributes as in include/uapi/rdma/ib_user_ioctl_cmds.h.
 */
#include "rdma/verbs/advise.h"

#include <errno.h>
#include <rdma/ib_user_ioctl_cmds.h>
#include <rdma/ib_user_ioctl_verbs.h>
#include <rdma/rdma_user_ioctl_cmds.h>
#include <string.h>
#include <sys/ioctl.h>

#define ATTRIBUTES 4

/* The header ends with an array of no length: the attributes. */
union call {
	struct ib_uverbs_ioctl_hdr header;
	unsigned char bytes[sizeof(struct ib_uverbs_ioctl_hdr) +
			    ATTRIBUTES * sizeof(struct ib_uverbs_attr)];
};

/* The kernel's list entry has the layout of struct ibv_sge: address, length, key. */
_Static_assert(sizeof(struct ibv_sge) == 16, "as struct ib_uverbs_sge");

int advise_rxe(struct ibv_pd *pd, enum ibv_advise_mr_advice advice, uint32_t flags,
	       struct ibv_sge *sges, uint32_t n)
{
	const struct ib_uverbs_attr attributes[ATTRIBUTES] = {
		{ .attr_id = UVERBS_ATTR_ADVISE_MR_PD_HANDLE,
		  .flags = UVERBS_ATTR_F_MANDATORY,
		  .data = pd->handle },
		{ .attr_id = UVERBS_ATTR_ADVISE_MR_ADVICE,
		  .len = sizeof(uint64_t),
		  .flags = UVERBS_ATTR_F_MANDATORY,
		  .data = advice },
		{ .attr_id = UVERBS_ATTR_ADVISE_MR_FLAGS,
		  .len = sizeof(flags),
		  .flags = UVERBS_ATTR_F_MANDATORY,
		  .data = flags },
		{ .attr_id = UVERBS_ATTR_ADVISE_MR_SGE_LIST,
		  .len = (uint16_t)(n * sizeof(*sges)),
		  .flags = UVERBS_ATTR_F_MANDATORY,
		  .data = (uintptr_t)sges },
	};
	union call call = {
		.header = { .length = sizeof(call),
			    .object_id = UVERBS_OBJECT_MR,
			    .method_id = UVERBS_METHOD_ADVISE_MR,
			    .num_attrs = ATTRIBUTES,
			    .driver_id = RDMA_DRIVER_RXE },
	};

	memcpy(call.bytes + sizeof(call.header), attributes, sizeof(attributes));
	if (ioctl(pd->context->cmd_fd, RDMA_VERBS_IOCTL, &call))
		return errno == ENOTTY || errno == EPROTONOSUPPORT ? -EOPNOTSUPP : -errno;
	return 0;
}
