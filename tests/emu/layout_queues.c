// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * layout_queues.c - queue entries lie, and are numbered, as libmlx5's mlx5dv.h has them
 *
 * A field of ours is a member there, or some bits of one: set in the member, they must be
 * all that the field's getter sees, and all other bits of the member nothing of it.
 */
#include "device/layout.h"
#include "qp/message.h"
#include "queue/cq.h"

#include <stddef.h>
#include <stdio.h>

#ifdef HAVE_MLX5DV

#include <infiniband/mlx5dv.h>

struct row {
	const char *name;
	struct field field;
	size_t offset, bytes; /* of the member */
	uint64_t bits;	      /* of the member, in the host's order; 0: all */
};

#define PART(structure, name, theirs, member, bits)                                  \
	{ #structure "." #name, structure##_##name, offsetof(struct theirs, member), \
	  sizeof(((struct theirs *)0)->member), bits }
#define WHOLE(structure, name, theirs, member) PART(structure, name, theirs, member, 0)

static const struct row rows[] = {
	WHOLE(cqe, slid, mlx5_cqe64, slid),
	WHOLE(cqe, flags_rqpn, mlx5_cqe64, flags_rqpn),
	WHOLE(cqe, srqn_uidx, mlx5_cqe64, srqn_uidx),
	WHOLE(cqe, imm_inval_pkey, mlx5_cqe64, imm_inval_pkey),
	WHOLE(cqe, byte_cnt, mlx5_cqe64, byte_cnt),
	WHOLE(cqe, timestamp, mlx5_cqe64, timestamp),
	WHOLE(cqe, vendor_err_synd, mlx5_err_cqe, vendor_err_synd),
	WHOLE(cqe, syndrome, mlx5_err_cqe, syndrome),
	WHOLE(cqe, sop_drop_qpn, mlx5_cqe64, sop_drop_qpn),
	WHOLE(cqe, sop_drop_qpn, mlx5_err_cqe, s_wqe_opcode_qpn),
	WHOLE(cqe, wqe_counter, mlx5_cqe64, wqe_counter),
	WHOLE(cqe, wqe_counter, mlx5_err_cqe, wqe_counter),
	PART(cqe, opcode, mlx5_cqe64, op_own, 0xf0),
	PART(cqe, solicited, mlx5_cqe64, op_own, 0x2),
	PART(cqe, owner, mlx5_cqe64, op_own, MLX5_CQE_OWNER_MASK),
	PART(ctrl_seg, opmod, mlx5_wqe_ctrl_seg, opmod_idx_opcode, 0xff000000),
	PART(ctrl_seg, wqe_index, mlx5_wqe_ctrl_seg, opmod_idx_opcode, 0xffff00),
	PART(ctrl_seg, opcode, mlx5_wqe_ctrl_seg, opmod_idx_opcode, 0xff),
	PART(ctrl_seg, qpn, mlx5_wqe_ctrl_seg, qpn_ds, 0xffffff00),
	PART(ctrl_seg, ds, mlx5_wqe_ctrl_seg, qpn_ds, 0x3f),
	WHOLE(ctrl_seg, fm_ce_se, mlx5_wqe_ctrl_seg, fm_ce_se),
	WHOLE(ctrl_seg, imm, mlx5_wqe_ctrl_seg, imm),
	WHOLE(raddr_seg, raddr, mlx5_wqe_raddr_seg, raddr),
	WHOLE(raddr_seg, rkey, mlx5_wqe_raddr_seg, rkey),
	WHOLE(atomic_seg, swap_add, mlx5_wqe_atomic_seg, swap_add),
	WHOLE(atomic_seg, compare, mlx5_wqe_atomic_seg, compare),
	WHOLE(av, q_key, mlx5_wqe_av, key.qkey.qkey),
	WHOLE(av, dc_key, mlx5_wqe_av, key.dc_key),
	PART(av, extended, mlx5_wqe_av, dqp_dct, MLX5_EXTENDED_UD_AV),
	PART(av, dqp, mlx5_wqe_av, dqp_dct, 0xffffff),
	PART(av, sl, mlx5_wqe_av, stat_rate_sl, 0xf),
	WHOLE(av, rlid, mlx5_wqe_av, rlid),
	WHOLE(av, tclass, mlx5_wqe_av, tclass),
	WHOLE(av, hop_limit, mlx5_wqe_av, hop_limit),
	PART(av, grh, mlx5_wqe_av, grh_gid_fl, 1u << 30),
	PART(av, flow_label, mlx5_wqe_av, grh_gid_fl, 0xfffff),
	PART(data_seg, inline_data, mlx5_wqe_data_seg, byte_count, MLX5_INLINE_SEG),
	PART(data_seg, byte_count, mlx5_wqe_data_seg, byte_count, 0x7fffffff),
	WHOLE(data_seg, lkey, mlx5_wqe_data_seg, lkey),
	WHOLE(data_seg, addr, mlx5_wqe_data_seg, addr),
	WHOLE(srq_next_seg, next_wqe_index, mlx5_wqe_srq_next_seg, next_wqe_index),
	WHOLE(umr_ctrl_seg, flags, mlx5_wqe_umr_ctrl_seg, flags),
	WHOLE(umr_ctrl_seg, xlt_octowords, mlx5_wqe_umr_ctrl_seg, klm_octowords),
	WHOLE(umr_ctrl_seg, xlt_offset_15_0, mlx5_wqe_umr_ctrl_seg, translation_offset),
	WHOLE(umr_ctrl_seg, mkey_mask, mlx5_wqe_umr_ctrl_seg, mkey_mask),
	PART(klm, byte_count, mlx5_wqe_umr_klm_seg, byte_count, 0x7fffffff),
	WHOLE(klm, key, mlx5_wqe_umr_klm_seg, mkey),
	WHOLE(klm, va, mlx5_wqe_umr_klm_seg, address),
	WHOLE(repeat_block, byte_count, mlx5_wqe_umr_repeat_block_seg, byte_count),
	WHOLE(repeat_block, op, mlx5_wqe_umr_repeat_block_seg, op),
	WHOLE(repeat_block, repeat_count, mlx5_wqe_umr_repeat_block_seg, repeat_count),
	WHOLE(repeat_block, num_ent, mlx5_wqe_umr_repeat_block_seg, num_ent),
	WHOLE(repeat_ent, stride, mlx5_wqe_umr_repeat_ent_seg, stride),
	WHOLE(repeat_ent, byte_count, mlx5_wqe_umr_repeat_ent_seg, byte_count),
	WHOLE(repeat_ent, memkey, mlx5_wqe_umr_repeat_ent_seg, memkey),
	WHOLE(repeat_ent, va, mlx5_wqe_umr_repeat_ent_seg, va),
};

static const struct number {
	const char *name;
	unsigned int ours, theirs;
} numbers[] = {
	{ "NOP", OPCODE_NOP, MLX5_OPCODE_NOP },
	{ "SEND_INVALIDATE", OPCODE_SEND_INVALIDATE, MLX5_OPCODE_SEND_INVAL },
	{ "WRITE", OPCODE_WRITE, MLX5_OPCODE_RDMA_WRITE },
	{ "WRITE_IMM", OPCODE_WRITE_IMM, MLX5_OPCODE_RDMA_WRITE_IMM },
	{ "SEND", OPCODE_SEND, MLX5_OPCODE_SEND },
	{ "SEND_IMM", OPCODE_SEND_IMM, MLX5_OPCODE_SEND_IMM },
	{ "READ", OPCODE_READ, MLX5_OPCODE_RDMA_READ },
	{ "COMPARE_SWAP", OPCODE_COMPARE_SWAP, MLX5_OPCODE_ATOMIC_CS },
	{ "FETCH_ADD", OPCODE_FETCH_ADD, MLX5_OPCODE_ATOMIC_FA },
	{ "UMR", OPCODE_UMR, MLX5_OPCODE_UMR },
	{ "a request's end", COMPLETION_SEND, MLX5_CQE_REQ },
	{ "a WRITE with immediate", COMPLETION_WRITE_IMM, MLX5_CQE_RESP_WR_IMM },
	{ "a receive", COMPLETION_RECEIVE, MLX5_CQE_RESP_SEND },
	{ "a receive, immediate", COMPLETION_RECEIVE_IMM, MLX5_CQE_RESP_SEND_IMM },
	{ "a receive, invalidate", COMPLETION_RECEIVE_INVALIDATE,
	  MLX5_CQE_RESP_SEND_INV },
	{ "a resized queue", COMPLETION_RESIZED, MLX5_CQE_RESIZE_CQ },
	{ "a failed request", COMPLETION_SEND_ERROR, MLX5_CQE_REQ_ERR },
	{ "a failed receive", COMPLETION_RECEIVE_ERROR, MLX5_CQE_RESP_ERR },
	{ "local length", SYNDROME_LOCAL_LENGTH, MLX5_CQE_SYNDROME_LOCAL_LENGTH_ERR },
	{ "local operation", SYNDROME_LOCAL_OPERATION,
	  MLX5_CQE_SYNDROME_LOCAL_QP_OP_ERR },
	{ "local protection", SYNDROME_LOCAL_PROTECTION,
	  MLX5_CQE_SYNDROME_LOCAL_PROT_ERR },
	{ "flushed", SYNDROME_FLUSHED, MLX5_CQE_SYNDROME_WR_FLUSH_ERR },
	{ "bind", SYNDROME_BIND, MLX5_CQE_SYNDROME_MW_BIND_ERR },
	{ "remote invalid", SYNDROME_REMOTE_INVALID,
	  MLX5_CQE_SYNDROME_REMOTE_INVAL_REQ_ERR },
	{ "remote access", SYNDROME_REMOTE_ACCESS, MLX5_CQE_SYNDROME_REMOTE_ACCESS_ERR },
	{ "remote operation", SYNDROME_REMOTE_OPERATION,
	  MLX5_CQE_SYNDROME_REMOTE_OP_ERR },
	{ "retries", SYNDROME_RETRIES, MLX5_CQE_SYNDROME_TRANSPORT_RETRY_EXC_ERR },
	{ "RNR retries", SYNDROME_RNR_RETRIES, MLX5_CQE_SYNDROME_RNR_RETRY_EXC_ERR },
};

/* What the field is in an entry whose member has just these bits. */
static uint64_t seen(const struct row *row, uint64_t bits)
{
	uint8_t entry[128] = { 0 };

	for (size_t i = 0; i < row->bytes; i++)
		entry[row->offset + i] = (uint8_t)(bits >> 8 * (row->bytes - 1 - i));
	return field_get(entry, row->field);
}

static unsigned int compare_fields(void)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		uint64_t all = UINT64_MAX >> (64 - 8 * row->bytes);
		uint64_t bits = row->bits ? row->bits : all;

		if (seen(row, bits) == field_mask(row->field) && !seen(row, all & ~bits))
			continue;
		printf("%s does not lie where mlx5dv.h has it\n", row->name);
		wrong++;
	}
	return wrong;
}

static unsigned int compare_numbers(void)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct number *n = &numbers[i];

		if (n->ours == n->theirs)
			continue;
		printf("%s is 0x%x, in mlx5dv.h 0x%x\n", n->name, n->ours, n->theirs);
		wrong++;
	}
	return wrong;
}

int main(void)
{
	unsigned int wrong = compare_fields() + compare_numbers();

	printf("%zu fields and %zu numbers compared, %u wrong\n",
	       sizeof(rows) / sizeof(rows[0]), sizeof(numbers) / sizeof(numbers[0]),
	       wrong);
	return wrong ? 1 : 0;
}

#else

int main(void)
{
	puts("built without libmlx5: nothing to compare with");
	return 77;
}

#endif
