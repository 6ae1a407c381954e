// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_device.c - the device of a fake side: its translations, and its operations */
#include "fake_device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/util.h"
#include "mem/residency.h"

static uint64_t page_after(uint64_t offset, uint64_t len)
{
	return round_up(offset + len, PAGE_BYTES) / PAGE_BYTES;
}

int fake_device_snapshot(struct fake_target *target, uint64_t offset, uint64_t len)
{
	unsigned char resident[MiB(4) / PAGE_BYTES / 8];
	uint64_t first = offset / PAGE_BYTES, count;
	int ret;

	if (len > MiB(4))
		return -EFBIG;
	ret = residency_count(target->region.addr + first * PAGE_BYTES, len, &count,
			      resident);
	for (uint64_t page = first; !ret && page < page_after(offset, len); page++)
		if (resident[(page - first) / 8] & 1u << (page - first) % 8)
			target->dev[page] = target->cpu[page];
	return ret;
}

void fake_device_invalidate(struct fake_side *side, struct fake_target *target,
			    uint64_t offset, uint64_t len)
{
	if (target->mode == MR_PINNED || sabotaged(side, INVALIDATION_LOST))
		return;
	target->invalidations++;
	if (sabotaged(side, INVALIDATED_DATA_READ)) {
		if (!target->stale)
			target->stale = calloc(1, target->region.len);
		memcpy(target->stale + offset, target->region.addr + offset, len);
	}
	for (uint64_t page = offset / PAGE_BYTES; page < page_after(offset, len); page++)
		target->dev[page] = NO_RIGHTS;
}

/* As the CPU would touch it: a page, or all that one entry of its page table maps. */
static void touch(struct fake_target *target, uint64_t page)
{
	uint64_t first = target->huge ? round_down(page, MiB(2) / PAGE_BYTES) : page;
	uint64_t n = target->huge ? MiB(2) / PAGE_BYTES : 1;

	for (uint64_t i = first; i < first + n; i++) {
		volatile unsigned char *byte = target->region.addr + i * PAGE_BYTES;

		*byte = *byte;
	}
}

static void map_all(struct fake_target *target)
{
	memset(target->dev, MAY_WRITE, target->region.len / PAGE_BYTES);
}

void fake_device_pin(struct fake_target *target)
{
	map_all(target);
	for (uint64_t page = 0; page < target->region.len / PAGE_BYTES; page++)
		if (target->cpu[page] == MAY_WRITE)
			touch(target, page);
}

static bool serve_fault(struct fake_side *side, struct fake_target *target, uint64_t page,
			enum rights want)
{
	enum rights allowed = (enum rights)target->cpu[page];

	if (page * PAGE_BYTES >= target->size || !allowed)
		return false;
	if (allowed < want && !sabotaged(side, RIGHTS_IGNORED))
		return false;
	target->faults++;
	target->dev[page] = (unsigned char)want;
	if (sabotaged(side, FAULT_MAPS_ALL))
		map_all(target);
	if (allowed == MAY_WRITE &&
	    (want == MAY_WRITE || sabotaged(side, HOLE_FILLED_BY_READ)))
		touch(target, page);
	return true;
}

/* Gets translations for all pages of a range. Returns whether there are. */
static bool reach(struct fake_side *side, struct fake_target *target, uint64_t offset,
		  uint64_t len, enum rights want)
{
	for (uint64_t page = offset / PAGE_BYTES; page < page_after(offset, len); page++)
		if ((target->dev[page] < want || sabotaged(side, MAPPED_PAGE_FAULTS)) &&
		    !serve_fault(side, target, page, want))
			return false;
	return true;
}

int fake_device_advise(struct fake_side *side, struct fake_target *target,
		       const struct side_request *request)
{
	enum mr_advice advice = (enum mr_advice)request->argument;
	enum rights want = advice == MR_PREFETCH ? MAY_READ : MAY_WRITE;

	if (sabotaged(side, PREFETCH_NOTHING))
		return 0;
	if (advice == MR_PREFETCH_NO_FAULT && !sabotaged(side, NO_FAULT_PREFETCH_FAULTS))
		return fake_device_snapshot(target, request->offset, request->len);
	return reach(side, target, request->offset, request->len, want) ? 0 : -EFAULT;
}

/* Reading a hole by the mapping would fill it in a memfd, as it does not on DAX. */
static void load(struct fake_target *target, uint64_t offset, unsigned char *data,
		 size_t len)
{
	if (target->region.shared)
		region_read(&target->region, offset, data, len);
	else
		memcpy(data, target->region.addr + offset, len);
	for (size_t i = 0; target->stale && i < len; i++)
		if (target->stale[offset + i])
			data[i] = target->stale[offset + i];
}

static void store(struct fake_side *side, struct fake_target *target, uint64_t offset,
		  const unsigned char *data, size_t len)
{
	if (target->region.shared || sabotaged(side, WRITE_REACHES_FILE))
		region_write(&target->region, offset, data, len);
	else
		memcpy(target->region.addr + offset, data, len);
}

/* The data of a WRITE or a SEND arrives. */
static void deliver(struct fake_side *side, struct fake_target *target, uint64_t offset,
		    unsigned char *data, size_t len)
{
	unsigned char page[PAGE_BYTES];

	switch (side->lab->sabotage) {
	case WRITE_LOST:
		return;
	case WRITE_MISPLACED:
		offset += PAGE_BYTES;
		break;
	case WRITE_TORN:
		memset(data, 0, 4);
		break;
	case WRITE_TAIL_LOST:
		len--;
		break;
	case WRITE_PAGES_SWAPPED:
		memcpy(page, data, PAGE_BYTES);
		memcpy(data, data + PAGE_BYTES, PAGE_BYTES);
		memcpy(data + PAGE_BYTES, page, PAGE_BYTES);
		break;
	case WRITE_AROUND:
		store(side, target, offset - 1, data, 1);
		break;
	default:
		break;
	}
	store(side, target, offset, data, len);
}

static uint64_t total(const struct side_op *op)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < op->pieces; i++)
		bytes += op->piece[i].len;
	return bytes;
}

static bool allows(const struct fake_target *target, const struct piece *piece,
		   bool into_piece)
{
	if (piece->key && piece->key != target->key)
		return false;
	return !into_piece || !target->registered || (target->access & MR_LOCAL_WRITE);
}

/* Copies between the pieces and @data, in order. Returns whether all could be reached. */
static bool copy_pieces(struct fake_side *side, const struct side_op *op,
			unsigned char *data, bool into_pieces)
{
	for (unsigned int i = 0; i < op->pieces; i++) {
		unsigned int k = sabotaged(side, PIECES_SWAPPED) ? op->pieces - 1 - i : i;
		const struct piece *piece = &op->piece[k];
		struct fake_target *target = fake_target(side, piece->target);

		if (!target || !allows(target, piece, into_pieces) ||
		    !reach(side, target, piece->offset, piece->len,
			   into_pieces ? MAY_WRITE : MAY_READ))
			return false;
		if (into_pieces)
			store(side, target, piece->offset, data, piece->len);
		else
			load(target, piece->offset, data, piece->len);
		data += piece->len;
	}
	return true;
}

static bool within(const struct fake_target *target, uint64_t offset, uint64_t len)
{
	return offset >= target->mr_offset &&
	       offset + len <= target->mr_offset + target->mr_len;
}

static unsigned int right_for(enum rdma_opcode opcode)
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

/* The registered target that the peer's key and address mean, or NULL. */
static struct fake_target *aimed_at(struct fake_side *peer, const struct side_op *op,
				    uint64_t *offset)
{
	unsigned int need = right_for(op->opcode);

	for (uint32_t id = 0; id < FAKE_TARGETS; id++) {
		struct fake_target *target = fake_target(peer, id);

		if (!target || !target->registered ||
		    (target->key != op->rkey && !sabotaged(peer, ANY_KEY_DOES)))
			continue;
		*offset = op->remote_addr - (uintptr_t)target->region.addr;
		if ((target->access & need) && within(target, *offset, total(op)))
			return target;
	}
	return NULL;
}

static enum op_status reach_peer(struct fake_side *side, const struct side_op *op,
				 unsigned char *data)
{
	struct fake_side *peer = side->lab->side[!side->role];
	enum rights want = op->opcode == RDMA_READ ? MAY_READ : MAY_WRITE;
	uint64_t offset = 0;
	struct fake_target *target = aimed_at(peer, op, &offset);

	if (target && sabotaged(side, WRITE_GOES_ON_BEHIND_FAULT))
		store(side, target, offset + total(op) - 8, data + total(op) - 8, 8);
	if (!target || !reach(peer, target, offset, total(op), want))
		return sabotaged(side, UNSERVED_FAULT_SUCCEEDS) ? OP_SUCCESS :
								  OP_REM_ACCESS_ERR;
	if (op->opcode == RDMA_READ)
		load(target, offset, data, total(op));
	else
		deliver(side, target, offset, data, total(op));
	return OP_SUCCESS;
}

/* What stands before the data of a datagram. */
#define HEADER 40

static enum op_status send(struct fake_side *side, const struct side_op *op,
			   const unsigned char *data)
{
	struct fake_side *peer = side->lab->side[!side->role];
	uint64_t header = side->transport == TRANSPORT_UD ? HEADER : 0;
	uint64_t len = header + total(op);
	_cleanup_free_ unsigned char *message = calloc(1, len + 1);

	if (total(&peer->receive) != len)
		return OP_REM_INV_REQ_ERR;
	memset(message, 'h', header);
	memcpy(message + (sabotaged(side, HEADER_LOST) ? 0 : header), data, total(op));
	if (!copy_pieces(peer, &peer->receive, message, true)) {
		peer->receive_status = OP_LOC_QP_OP_ERR;
		return OP_REM_OP_ERR;
	}
	peer->received = (uint32_t)len - sabotaged(side, RECEIVE_SHORT);
	return OP_SUCCESS;
}

static enum op_status execute(struct fake_side *side, const struct side_op *op,
			      unsigned char *data)
{
	enum op_status status;

	if (side->broken && !sabotaged(side, FLUSH_MISSING))
		return OP_FLUSH_ERR;
	if (op->opcode == RDMA_READ || op->opcode == RDMA_FETCH_ADD) {
		status = reach_peer(side, op, data);
		if (status != OP_SUCCESS || sabotaged(side, READ_LOST))
			return status;
		return copy_pieces(side, op, data, true) ? OP_SUCCESS : OP_LOC_PROT_ERR;
	}
	/* as soft-RoCE, whose column of the expectations holds */
	if (!copy_pieces(side, op, data, false))
		return OP_FLUSH_ERR;
	return op->opcode == RDMA_SEND ? send(side, op, data) :
					 reach_peer(side, op, data);
}

int fake_device_post(struct fake_side *side, const struct side_op *op)
{
	struct side_reply reply = { 0 };
	unsigned int n = sabotaged(side, COMPLETION_TWICE) ? 2 : 1;
	int ret;

	if (op->opcode == RDMA_FETCH_ADD && op->remote_addr % 8)
		return -EINVAL;
	ret = fake_device_execute(side, op, &reply);
	reply.completion.id = op->id;
	if (ret || reply.completion.status == OP_NO_COMPLETION)
		return ret;
	for (unsigned int i = 0; i < n && side->completions < SIDE_BATCH; i++)
		side->batch[side->completions++] = reply.completion;
	return 0;
}

int fake_device_execute(struct fake_side *side, const struct side_op *op,
			struct side_reply *reply)
{
	_cleanup_free_ unsigned char *data = calloc(1, total(op) + 1);
	enum op_status status;

	if (!side->connected)
		return -ENOTCONN;
	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		fake_target_storm(side->lab->side[role]);
	status = execute(side, op, data);
	side->broken = status != OP_SUCCESS;
	if (sabotaged(side, COMPLETION_LOST))
		status = OP_NO_COMPLETION;
	if (side->broken && sabotaged(side, COMPLETION_WITH_OTHER_STATUS))
		status = OP_RETRY_EXC_ERR;
	reply->completion.status = status;
	return 0;
}
