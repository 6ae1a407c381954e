/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* update_request.h - a work request that updates a memory key, part by part */
#ifndef ODPLAB_TESTS_EMU_UPDATE_REQUEST_H
#define ODPLAB_TESTS_EMU_UPDATE_REQUEST_H

#include "qp_pair.h"

#define UPDATE_OCTOWORDS 4u /* of the key */

/* MLX5_UMR_*, linux/mlx5/qp.h */
#define UPDATE_INLINE	    (1u << 7)
#define UPDATE_MUST_BE_USED (1u << 6)
#define UPDATE_MUST_BE_FREE (1u << 5)
#define UPDATE_AT_OFFSET    (1u << 4)
#define UPDATE_MUST_BE_MINE (1u << 3) /* libmlx5: MLX5_WQE_UMR_CTRL_FLAG_CHECK_QPN */

struct update_request {
	uint32_t key, octowords, units; /* units: of translations, in the entry */
	uint64_t mask, offset;
	uint8_t flags;
	uint8_t context[MKEY_CONTEXT];
	uint8_t data[2 * UPDATE_OCTOWORDS * MKEY_OCTOWORD];
};

/* A new key of the pair's remote region, all mapped */
uint32_t update_key(const struct qp_pair *l);

void update_post(struct qp_pair *l, struct guest_qp *qp, const struct update_request *r);

/* The outcome of a request of the driver's own queue pair, or of a user's that is new */
unsigned int update_by_driver(struct qp_pair *l, const struct update_request *r);
unsigned int update_by_user(struct qp_pair *l, const struct update_request *r);

#endif
