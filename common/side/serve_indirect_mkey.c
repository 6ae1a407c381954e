// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_indirect_mkey.c - a side's memory keys over pieces of its targets */
#include <errno.h>

#include "base/log.h"
#include "side/local_internal.h"

void local_keys_close(struct local_side *side)
{
	for (size_t i = 0; i < SIDE_KEYS; i++)
		key_close(&side->keys[i]);
}

static struct indirect_mkey *unused_key(struct local_side *side)
{
	for (size_t i = 0; i < SIDE_KEYS; i++)
		if (!side->keys[i].mlx5)
			return &side->keys[i];
	return NULL;
}

static uint64_t length_of(const struct side_op *op, uint32_t rounds)
{
	uint64_t len = 0;

	for (unsigned int i = 0; i < op->rdma.sges; i++)
		len += op->piece[i].len;
	return rounds ? rounds * len : len;
}

/* So that it can be named like any other: its addresses begin at 0. */
static void make_target(struct local_side *side, struct local_target *target,
			const struct indirect_mkey *key, uint64_t len,
			struct target_info *info)
{
	*target = (struct local_target){
		.open = true,
		.shares = true,
		.mr = { .lkey = key->lkey, .rkey = key->rkey },
		.mr_len = len,
		.key_len = len,
	};
	local_describe(side, target, info);
}

int serve_indirect_mkey(struct local_side *side, struct local_target *none,
			const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);
	struct local_target *target = local_unused_target(side);
	uint32_t rounds = request->argument;
	const struct side_op *op = &request->op;
	struct indirect_mkey *key = unused_key(side);
	struct rdma_sge pieces[QP_SGES];
	int ret;

	if (!pair || !key || !target)
		return log_errno(pair ? ENOSPC : ENOTCONN, "a memory key over others");
	ret = local_gather(side, op, pieces);
	if (!ret)
		ret = key_open(key, &side->device);
	if (ret)
		return ret;
	if (rounds)
		ret = key_interleave(key, &pair->qp, pieces, op->rdma.sges, rounds,
				     (uint32_t)request->len, pair->posted);
	else
		ret = key_list(key, &pair->qp, pieces, op->rdma.sges, pair->posted);
	if (ret) {
		key_close(key);
		return ret;
	}
	pair->posted++;
	make_target(side, target, key, length_of(op, rounds), &reply->target);
	return local_wait(side, pair, reply);
}
