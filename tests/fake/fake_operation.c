// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_operation.c - what the device of a fake side does when it is asked to */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/util.h"
#include "fake_device.h"

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

	switch (side->env->sabotage) {
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
	case WRITE_TAKES_WHOLE_PAGE:
		memset(page, 0, offset % PAGE_BYTES);
		store(side, target, round_down(offset, PAGE_BYTES), page,
		      offset % PAGE_BYTES);
		break;
	case WRITE_AROUND:
		store(side, target, offset - 1, data, 1);
		break;
	default:
		break;
	}
	store(side, target, offset, data, len);
}

/* The CPU takes the data when the operation is posted. */
static void load_inline(struct fake_side *side, const struct side_op *op,
			unsigned char *data)
{
	struct fake_target *target = fake_target(side, op->piece[0].target);

	load(target, op->piece[0].offset, data, fake_op_bytes(op));
	if (sabotaged(side, INLINE_FAULTS))
		fake_device_reach(side, target, op->piece[0].offset, fake_op_bytes(op),
				  MAY_READ);
}

static bool allows(const struct fake_target *target, const struct piece *piece,
		   bool into_piece)
{
	if (target->other_pd || (piece->key && piece->key != target->key))
		return false;
	return !into_piece || !target->registered || (target->access & MR_LOCAL_WRITE);
}

/* Copies between the pieces and @data, in order. Returns whether all could be reached. */
static bool copy_pieces(struct fake_side *side, const struct side_op *op,
			unsigned char *data, bool into_pieces)
{
	for (unsigned int i = 0; i < op->rdma.sges; i++) {
		unsigned int k = sabotaged(side, PIECES_SWAPPED) ? op->rdma.sges - 1 - i :
								   i;
		const struct piece *piece = &op->piece[k];
		struct fake_target *target = fake_target(side, piece->target);

		if (!target || !allows(target, piece, into_pieces) ||
		    !fake_device_reach(side, target, piece->offset, piece->len,
				       into_pieces ? MAY_WRITE : MAY_READ))
			return false;
		if (into_pieces)
			store(side, target, piece->offset, data,
			      piece->len + 8ul * sabotaged(side, READ_BEYOND));
		else
			load(target, piece->offset, data, piece->len);
		data += piece->len;
	}
	return true;
}

/* Executes the atomic; @data is what was there. */
static void add_or_swap(struct fake_side *peer, struct fake_target *target,
			uint64_t offset, const struct side_op *op, unsigned char *data,
			bool faulted)
{
	uint64_t was, is;

	load(target, offset, data, sizeof(was));
	memcpy(&was, data, sizeof(was));
	is = op->rdma.opcode == RDMA_FETCH_ADD ? was + op->rdma.compare_add :
	     was == op->rdma.compare_add       ? op->rdma.swap :
						 was;
	if (sabotaged(peer, ATOMIC_TWICE))
		is += op->rdma.compare_add;
	store(peer, target, offset, (const unsigned char *)&is, sizeof(is));
	if (sabotaged(peer, ATOMIC_RETURNS_NEW) && faulted)
		memcpy(data, &is, sizeof(is));
}

/* A WRITE of data for which so many pages were faulted in; one may lose its end. */
static uint64_t arriving(const struct fake_side *side, const struct side_op *op,
			 uint64_t offset, uint64_t faulted)
{
	uint64_t len = fake_op_bytes(op), end = offset + len;
	bool is_long = len > KiB(64);

	if (sabotaged(side, WRITE_LAST_FAULT_LOST) && is_long && faulted == 1)
		return round_down(end - 1, PAGE_BYTES) - offset;
	if (sabotaged(side, WRITE_LONG_IMMEDIATE_TAIL_LOST) && is_long &&
	    op->rdma.opcode == RDMA_WRITE_IMMEDIATE)
		return len - 64;
	return len;
}

/* Does the device have a translation of each page, of whichever right? */
static bool is_translated(const struct fake_target *target, uint64_t offset, uint64_t len)
{
	for (uint64_t page = offset / PAGE_BYTES; page * PAGE_BYTES < offset + len;
	     page++)
		if (!target->dev[page])
			return false;
	return true;
}

static enum rights right_at_peer(const struct fake_side *side, const struct side_op *op,
				 const struct fake_target *target, uint64_t offset)
{
	bool ignores = sabotaged(side, RIGHTS_IGNORED_BY_ATOMICS) &&
		       op->rdma.opcode != RDMA_WRITE &&
		       is_translated(target, offset, fake_op_bytes(op));

	return ignores || op->rdma.opcode == RDMA_READ ? MAY_READ : MAY_WRITE;
}

/* The range is reached; @faulted: so many pages had to be faulted in. */
static void access_peer(struct fake_side *side, struct fake_pair *pair,
			const struct side_op *op, struct fake_target *target,
			uint64_t offset, uint64_t faulted, unsigned char *data)
{
	struct fake_side *peer = side->env->side[!side->role];
	uint64_t len = fake_op_bytes(op);

	if (op->rdma.opcode == RDMA_READ) {
		load(target, offset, data, len);
		if (sabotaged(side, READ_OVERTAKES_WRITE))
			fake_overtake(pair, target, offset, len, data);
	} else if (fake_key_right(op->rdma.opcode) == MR_REMOTE_ATOMIC) {
		add_or_swap(peer, target, offset, op, data, faulted);
	} else {
		if (faulted)
			fake_overtake_remember(pair, target, offset, len);
		deliver(side, target, offset, data, arriving(side, op, offset, faulted));
	}
}

static enum op_status reach_peer(struct fake_side *side, struct fake_pair *pair,
				 const struct side_op *op, unsigned char *data)
{
	struct fake_side *peer = side->env->side[!side->role];
	uint64_t offset = 0, faults;
	struct fake_target *target = fake_key_target(peer, op, &offset);

	if (!fake_op_bytes(op))
		return OP_SUCCESS;
	if (target && sabotaged(side, WRITE_GOES_ON_AFTER_FAULT))
		store(side, target, offset + fake_op_bytes(op) - 8,
		      data + fake_op_bytes(op) - 8, 8);
	faults = target ? target->faults : 0;
	if (!target || !fake_device_reach(peer, target, offset, fake_op_bytes(op),
					  right_at_peer(side, op, target, offset)))
		return sabotaged(side, UNSERVED_FAULT_SUCCEEDS) ? OP_SUCCESS :
								  OP_REM_ACCESS_ERR;
	if (target->faults != faults && fake_allocation_fails(peer))
		return sabotaged(side, FAILED_FAULT_SUCCEEDS) ? OP_SUCCESS :
								OP_REM_OP_ERR;
	access_peer(side, pair, op, target, offset, target->faults - faults, data);
	return OP_SUCCESS;
}

/* What stands before the data of a datagram. */
#define HEADER 40

/* The message takes the peer's oldest receive. */
static enum op_status receive(struct fake_side *side, struct fake_pair *to,
			      const struct side_op *op, const unsigned char *data)
{
	struct fake_side *peer = side->env->side[!side->role];
	bool datagram = to->spec.type == QP_UD;
	bool write = op->rdma.opcode == RDMA_WRITE_IMMEDIATE;
	bool plain = op->rdma.opcode == RDMA_SEND;
	uint64_t header = datagram ? HEADER : 0;
	uint64_t len = header + fake_op_bytes(op);
	struct side_op *into = &to->receives[to->arrived % FAKE_DEPTH];
	_cleanup_free_ unsigned char *message = calloc(1, len + 1);
	struct fake_window *window;

	if (to->arrived == to->receives_posted)
		return OP_RNR_RETRY_EXC_ERR;
	if (!write && fake_op_bytes(into) < len && !sabotaged(side, OVERRUN_SUCCEEDS)) {
		to->received[to->arrived++ % FAKE_DEPTH].status = OP_LOC_QP_OP_ERR;
		return OP_REM_OP_ERR;
	}
	if (!write && fake_op_bytes(into) < len)
		return OP_SUCCESS;
	memset(message, 'h', header);
	memcpy(message + (sabotaged(side, HEADER_LOST) ? 0 : header), data,
	       fake_op_bytes(op));
	if (sabotaged(side, RECEIVE_THIRD_PIECE_BY_OTHER_KEY) && into->rdma.sges > 2)
		into->piece[2].key = fake_target(peer, into->piece[1].target)->key;
	if (!write && !copy_pieces(peer, into, message, true)) {
		to->received[to->arrived++ % FAKE_DEPTH].status = OP_LOC_QP_OP_ERR;
		return OP_REM_OP_ERR;
	}
	window = op->rdma.opcode == RDMA_SEND_INVALIDATE ?
			 fake_window_find(peer, op->rdma.immediate) :
			 NULL;
	if (window && !sabotaged(side, WINDOW_STAYS_OPEN))
		window->key = 0;
	to->received[to->arrived++ % FAKE_DEPTH] = (struct rdma_completion){
		.what = rdma_opcode_completes(op->rdma.opcode, true),
		.bytes = (uint32_t)len - sabotaged(side, RECEIVE_SHORT),
		.has_immediate = !plain && op->rdma.opcode != RDMA_SEND_INVALIDATE,
		.invalidated = op->rdma.opcode == RDMA_SEND_INVALIDATE,
		.immediate =
			plain ? 0 : op->rdma.immediate + sabotaged(side, IMMEDIATE_OTHER),
	};
	return OP_SUCCESS;
}

/* ATOMIC_WRITE and FLUSH, which have no local memory. */
static enum op_status reach_only(struct fake_side *side, const struct side_op *op)
{
	struct fake_side *peer = side->env->side[!side->role];
	bool writes = op->rdma.opcode == RDMA_ATOMIC_WRITE;
	uint64_t offset = 0, len = writes ? sizeof(op->rdma.swap) : op->rdma.flush.len;
	struct fake_target *target = fake_key_target(peer, op, &offset);

	if (!target)
		return OP_REM_ACCESS_ERR;
	if (!writes && !op->rdma.flush.persistent)
		return OP_SUCCESS;
	if (op->rdma.flush.region) {
		offset = target->mr_offset;
		len = target->mr_len;
	}
	if (!fake_device_reach(peer, target, offset, len, writes ? MAY_WRITE : MAY_READ))
		return OP_REM_ACCESS_ERR;
	if (writes)
		store(peer, target, offset, (const unsigned char *)&op->rdma.swap, len);
	return OP_SUCCESS;
}

static enum op_status execute(struct fake_side *side, struct fake_pair *pair,
			      struct fake_pair *to, const struct side_op *op,
			      unsigned char *data)
{
	unsigned int access = fake_key_right(op->rdma.opcode);
	enum op_status status = OP_SUCCESS;

	if (op->rdma.opcode == RDMA_ATOMIC_WRITE || op->rdma.opcode == RDMA_FLUSH)
		return reach_only(side, op);
	if (access != MR_REMOTE_WRITE) {
		status = reach_peer(side, pair, op, data);
		if (status != OP_SUCCESS || sabotaged(side, READ_LOST))
			return status;
		return copy_pieces(side, op, data, true) ? OP_SUCCESS : OP_LOC_PROT_ERR;
	}
	if (op->rdma.inline_data)
		load_inline(side, op, data);
	else if (!copy_pieces(side, op, data, false))
		return OP_FLUSH_ERR; /* as soft-RoCE, whose column of the expectations holds */
	if (op->rdma.opcode == RDMA_WRITE || op->rdma.opcode == RDMA_WRITE_IMMEDIATE)
		status = reach_peer(side, pair, op, data);
	if (status == OP_SUCCESS && rdma_opcode_is_received(op->rdma.opcode))
		status = receive(side, to, op, data);
	return status;
}

/* Is a completion the event that was asked for? */
static void notify(const struct fake_side *side, struct fake_pair *pair, bool solicited,
		   enum op_status status)
{
	bool failed = status != OP_SUCCESS && !sabotaged(side, EVENT_FOR_NO_FAILURE);
	bool any = !pair->solicited_only || sabotaged(side, EVENT_FOR_ANY);

	if (!pair->armed || !(any || solicited || failed))
		return;
	pair->armed = false;
	pair->event = !sabotaged(side, EVENT_LOST);
}

void fake_operation(struct fake_side *side, uint32_t number, const struct side_op *op,
		    struct rdma_completion *completion)
{
	struct fake_pair *pair = &side->pairs[number];
	struct fake_pair *to = &side->env->side[!side->role]->pairs[number];
	_cleanup_free_ unsigned char *data = calloc(1, fake_op_bytes(op) + 8);
	enum op_status status = OP_FLUSH_ERR;
	unsigned int arrived = to->arrived;

	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		fake_target_storm(side->env->side[role]);
	if (pair->spec.wrong_key)
		status = OP_RETRY_EXC_ERR;
	else if (!pair->broken || sabotaged(side, FLUSH_MISSING))
		status = execute(side, pair, to, op, data);
	pair->broken = status != OP_SUCCESS;
	notify(side, pair, false, status);
	if (to->arrived != arrived)
		notify(side, to, op->rdma.solicited,
		       to->received[arrived % FAKE_DEPTH].status);
	if (sabotaged(side, COMPLETION_LOST))
		status = OP_NO_COMPLETION;
	if (pair->broken && sabotaged(side, COMPLETION_WITH_OTHER_STATUS))
		status = OP_RETRY_EXC_ERR;
	*completion = (struct rdma_completion){
		.status = status,
		.what = sabotaged(side, COMPLETION_OF_OTHER_KIND) ?
				COMPLETED_SEND :
				rdma_opcode_completes(op->rdma.opcode, false),
		.bytes = (uint32_t)fake_op_bytes(op) - sabotaged(side, READ_SAYS_LESS),
	};
}
