// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_key.c - the device of a fake side: what a remote key opens */
#include "fake_device.h"

uint64_t fake_op_bytes(const struct side_op *op)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < op->rdma.sges; i++)
		bytes += op->piece[i].len;
	return bytes;
}

unsigned int fake_key_right(enum rdma_opcode opcode)
{
	switch (opcode) {
	case RDMA_READ:
		return MR_REMOTE_READ;
	case RDMA_FETCH_ADD:
	case RDMA_COMPARE_SWAP:
		return MR_REMOTE_ATOMIC;
	default:
		return MR_REMOTE_WRITE;
	}
}

static bool has_right(const struct fake_target *target, const struct side_op *op)
{
	return target->registered && !target->other_pd &&
	       (target->access & fake_key_right(op->rdma.opcode));
}

/* Is it the key of an implicit region, which opens all? */
static bool opens_all(struct fake_side *peer, const struct side_op *op)
{
	for (uint32_t id = 0; id < FAKE_TARGETS; id++) {
		struct fake_target *owner = fake_target(peer, id);

		if (owner && owner->key == op->rdma.rkey &&
		    owner->mode == MR_ODP_IMPLICIT && has_right(owner, op))
			return true;
	}
	return false;
}

static bool in_window(struct fake_side *peer, const struct fake_window *window,
		      const struct side_op *op, uint64_t offset)
{
	bool late = sabotaged(peer, WINDOW_CLOSES_LATE) ||
		    (op->rdma.opcode == RDMA_READ && sabotaged(peer, WINDOW_READ_BEYOND));

	if (offset < window->offset && !sabotaged(peer, WINDOW_OPENS_EARLY))
		return false;
	return late || offset + fake_op_bytes(op) <= window->offset + window->len;
}

/*
 * Is it this target's key, or that of a window over it? Then the range must lie within.
 */
static bool opens(struct fake_side *peer, const struct fake_target *target,
		  const struct side_op *op, uint64_t offset)
{
	const struct fake_window *window = fake_window_find(peer, op->rdma.rkey);

	if (target->key == op->rdma.rkey || sabotaged(peer, ANY_KEY_DOES))
		return has_right(target, op) &&
		       fake_device_in_mr(target, offset, fake_op_bytes(op));
	if (!window)
		return opens_all(peer, op) &&
		       fake_device_in_mr(target, offset, fake_op_bytes(op));
	if (fake_target(peer, window->target) != target || !has_right(target, op))
		return false;
	return in_window(peer, window, op, offset);
}

struct fake_target *fake_key_target(struct fake_side *peer, const struct side_op *op,
				    uint64_t *offset)
{
	for (uint32_t id = 0; id < FAKE_TARGETS; id++) {
		struct fake_target *target = fake_target(peer, id);

		if (!target)
			continue;
		*offset = op->rdma.remote_addr - (uintptr_t)target->region.addr;
		if (opens(peer, target, op, *offset))
			return target;
	}
	return NULL;
}
