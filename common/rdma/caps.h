/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * caps.h - ODP capabilities of a device
 *
 * The bits are those of enum ibv_odp_transport_cap_bits; FLUSH and ATOMIC_WRITE came with
 * rdma-core 57 and are read whether or not the library has names for them.
 */
#ifndef ODPLAB_RDMA_CAPS_H
#define ODPLAB_RDMA_CAPS_H

#include <stdbool.h>
#include <stdint.h>

enum odp_general {
	ODP_SUPPORT = 1 << 0,
	ODP_IMPLICIT = 1 << 1,
};

enum qp_type { QP_RC, QP_UC, QP_UD, QP_XRC, QP_DC, TRANSPORTS };

enum odp_operation {
	ODP_SEND = 1 << 0,
	ODP_RECV = 1 << 1,
	ODP_WRITE = 1 << 2,
	ODP_READ = 1 << 3,
	ODP_ATOMIC = 1 << 4,
	ODP_SRQ_RECV = 1 << 5,
	ODP_FLUSH = 1 << 6,
	ODP_ATOMIC_WRITE = 1 << 7,
};

/*
 * How the device reports a fault to the driver: by the operation that faulted, or by the
 * memory that it needs (drivers/infiniband/hw/mlx5/odp.c, since 6.13).
 */
enum fault_scheme { FAULT_SCHEME_UNKNOWN, FAULT_SCHEME_TRANSPORT, FAULT_SCHEME_MEMORY };

/* As the device itself reports it, see devx.h. */
struct hca_odp_caps {
	int error; /* 0, or -errno of the query */
	enum fault_scheme scheme;
	bool prefetch;
	uint32_t per_transport[TRANSPORTS]; /* enum odp_operation */
};

struct odp_caps {
	uint64_t general;		    /* enum odp_general */
	uint32_t per_transport[TRANSPORTS]; /* enum odp_operation */
	bool dc_known;			    /* only mlx5 reports DC */
	struct hca_odp_caps hca;
};

/* "memory", or NULL where it is unknown */
const char *fault_scheme_name(enum fault_scheme scheme);

const char *qp_type_name(enum qp_type transport);

/* "SEND RECV WRITE", in the order of the bits; "-" for none. Returns @text. */
#define ODP_OPERATIONS_TEXT 96
char *odp_operations_text(uint32_t operations, char text[ODP_OPERATIONS_TEXT]);

#endif
