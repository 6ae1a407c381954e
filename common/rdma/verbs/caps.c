// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* caps.c - ODP capabilities as verbs report them, and the device itself */
#include "base/log.h"
#include "rdma/verbs/devx.h"
#include "rdma/verbs/internal.h"
#include "rdma/verbs/mlx5.h"

int verbs_caps_query(struct ibv_context *context, struct odp_caps *caps)
{
	struct ibv_device_attr_ex attr = {};
	int ret;

	ret = ibv_query_device_ex(context, NULL, &attr);
	if (ret)
		return log_errno(ret, "ibv_query_device_ex");
	*caps = (struct odp_caps){
		.general = attr.odp_caps.general_caps,
		.per_transport =
			{
				[QP_RC] =
					attr.odp_caps.per_transport_caps.rc_odp_caps,
				[QP_UC] =
					attr.odp_caps.per_transport_caps.uc_odp_caps,
				[QP_UD] =
					attr.odp_caps.per_transport_caps.ud_odp_caps,
				[QP_XRC] = attr.xrc_odp_caps,
			},
	};
	caps->dc_known = !mlx5_dc_odp_caps(context, &caps->per_transport[QP_DC]);
	devx_odp_caps(context, &caps->hca);
	return 0;
}
