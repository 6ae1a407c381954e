// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* update_request.c - a work request that updates a memory key, part by part */
#include "update_request.h"

#include "cmocka_all.h"

#include <string.h>

#define UNITS 8u /* of an entry without translations */

void update_post(struct qp_pair *l, struct guest_qp *qp, const struct update_request *r)
{
	uint8_t wqe[4 * WQE_BLOCK] = { 0 }, *umr = wqe + 16;
	unsigned int bytes = (UNITS + r->units) * 16;

	field_set(wqe, ctrl_seg_opcode, OPCODE_UMR);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_ds, UNITS + r->units);
	field_set(wqe, ctrl_seg_imm, r->key);
	field_set(umr, umr_ctrl_seg_flags, r->flags);
	field_set(umr, umr_ctrl_seg_xlt_octowords, r->octowords);
	field_set(umr, umr_ctrl_seg_xlt_offset_15_0, r->offset & 0xffff);
	field_set(umr, umr_ctrl_seg_xlt_offset_47_16, r->offset >> 16);
	field_set(umr, umr_ctrl_seg_mkey_mask, r->mask);
	memcpy(wqe + 64, r->context, sizeof(r->context));
	memcpy(wqe + 128, r->data, r->units * 16);
	guest_post_raw(l->g, qp, wqe, (bytes + WQE_BLOCK - 1) / WQE_BLOCK);
}

unsigned int update_by_driver(struct qp_pair *l, const struct update_request *r)
{
	guest_umr_qp(l->g, &l->umr);
	update_post(l, &l->umr, r);
	return guest_completion(l->g);
}

unsigned int update_by_user(struct qp_pair *l, const struct update_request *r)
{
	guest_connect(l->g, &l->pair);
	update_post(l, &l->pair.a, r);
	return guest_completion(l->g);
}

uint32_t update_key(const struct qp_pair *l)
{
	return guest_mkey(l->g, l->remote, 2 * UPDATE_OCTOWORDS, RIGHTS_ALL, MAPPED);
}
