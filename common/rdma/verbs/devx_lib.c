// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* devx_lib.c - ODP capabilities as an mlx5 device reports them, with libmlx5 */
#include "rdma/verbs/devx.h"

#include <errno.h>
#include <infiniband/mlx5dv.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/field.h"
#include "base/util.h"
#include "rdma/caps.h"

#define FIELD(structure, name, offset, width) \
	static const struct field structure##_##name = { offset, width };
#define BLOCK FIELD
#include "rdma/verbs/devx_layout.def"
#undef FIELD
#undef BLOCK

/* MLX5_CMD_OP_QUERY_HCA_CAP; MLX5_CAP_ODP and HCA_CAP_OPMOD_GET_CUR of mlx5_core */
#define QUERY_HCA_CAP 0x100
#define ODP_IN_FORCE  (2 << 1 | 1)

#define IN_BYTES      16
#define OUT_BYTES     (16 + 4096)

static uint32_t operations_of(const uint8_t *service)
{
	static const struct {
		const struct field *field;
		uint32_t operation;
	} table[] = {
		{ &odp_per_transport_service_cap_send, ODP_SEND },
		{ &odp_per_transport_service_cap_receive, ODP_RECV },
		{ &odp_per_transport_service_cap_write, ODP_WRITE },
		{ &odp_per_transport_service_cap_read, ODP_READ },
		{ &odp_per_transport_service_cap_atomic, ODP_ATOMIC },
		{ &odp_per_transport_service_cap_srq_receive, ODP_SRQ_RECV },
	};
	uint32_t operations = 0;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (field_get(service, *table[i].field))
			operations |= table[i].operation;
	return operations;
}

static void decode(const uint8_t *caps, struct hca_odp_caps *hca)
{
	static const struct field *const services[TRANSPORTS] = {
		[QP_RC] = &odp_scheme_cap_rc_odp_caps,
		[QP_UC] = &odp_scheme_cap_uc_odp_caps,
		[QP_UD] = &odp_scheme_cap_ud_odp_caps,
		[QP_XRC] = &odp_scheme_cap_xrc_odp_caps,
		[QP_DC] = &odp_scheme_cap_dc_odp_caps,
	};
	bool memory = field_get(caps, odp_cap_mem_page_fault);
	const struct field *in_force = memory ? &odp_cap_memory_page_fault_scheme_cap :
						&odp_cap_transport_page_fault_scheme_cap;
	const uint8_t *scheme = caps + in_force->offset / 8;

	hca->scheme = memory ? FAULT_SCHEME_MEMORY : FAULT_SCHEME_TRANSPORT;
	hca->prefetch = field_get(scheme, odp_scheme_cap_page_prefetch);
	for (size_t i = 0; i < TRANSPORTS; i++)
		hca->per_transport[i] = operations_of(scheme + services[i]->offset / 8);
}

static int query(struct ibv_context *context, struct hca_odp_caps *hca)
{
	_cleanup_free_ uint8_t *out = calloc(1, OUT_BYTES);
	uint8_t in[IN_BYTES] = { 0 };
	int ret;

	if (!mlx5dv_is_supported(context->device))
		return -EOPNOTSUPP;
	if (!out)
		return -ENOMEM;
	field_set(in, query_hca_cap_in_opcode, QUERY_HCA_CAP);
	field_set(in, query_hca_cap_in_op_mod, ODP_IN_FORCE);
	ret = mlx5dv_devx_general_cmd(context, in, sizeof(in), out, OUT_BYTES);
	if (ret)
		return -abs(ret);
	decode(out + query_hca_cap_out_capability.offset / 8, hca);
	return 0;
}

int devx_odp_caps(struct ibv_context *context, struct hca_odp_caps *hca)
{
	*hca = (struct hca_odp_caps){ 0 };
	hca->error = query(context, hca);
	return hca->error;
}
