// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_keys.c - a side's memory keys over pieces of its targets */
#include <errno.h>

#include "base/log.h"
#include "run/local_side.h"

void local_keys_close(struct local_side *side)
{
	for (size_t i = 0; i < SIDE_KEYS; i++)
		key_close(&side->keys[i]);
}

static struct rdma_key *unused_key(struct local_side *side)
{
	for (size_t i = 0; i < SIDE_KEYS; i++)
		if (!side->keys[i].mlx5)
			return &side->keys[i];
	return NULL;
}

int serve_key(struct local_side *side, struct local_target *unused,
	      const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);
	const struct side_op *op = &request->op;
	struct rdma_key *key = unused_key(side);
	struct rdma_sge pieces[QP_SGES];
	int ret;

	(void)unused;
	if (!pair || !key)
		return log_errno(pair ? ENOSPC : ENOTCONN, "a memory key over others");
	ret = local_gather(side, op, pieces);
	if (!ret)
		ret = key_open(key, &side->device);
	if (ret)
		return ret;
	if (request->argument)
		ret = key_interleave(key, &pair->qp, pieces, op->pieces,
				     request->argument, (uint32_t)request->len,
				     pair->posted);
	else
		ret = key_list(key, &pair->qp, pieces, op->pieces, pair->posted);
	if (ret)
		return ret;
	pair->posted++;
	reply->number = key->rkey;
	return local_wait(pair, reply);
}
