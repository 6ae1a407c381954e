// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* touch.c - which pages of watched targets an operation names */
#include "testcase/touch.h"

#include <string.h>

#include "base/util.h"

/* Addresses in the mapping of a target; unknown where .len is UINT64_MAX. */
struct touched {
	uint64_t addr, len;
	bool writes; /* the device writes there, or reads */
};

#define ANY_PAGE ((struct touched){ 0, UINT64_MAX, true })

/* Where the mapping begins; the MR may be a part of it. */
static uint64_t mapping_of(const struct target *target)
{
	return target->info.local_addr - target->spec.mr_offset;
}

static void name(struct test *t, const struct watch *watch, uint64_t from, uint64_t to,
		 bool writes)
{
	ASK_TARGET(t, watch->target, "name pages to the witnesses", SIDE_WATCH_NAME,
		   .argument = (uint32_t)(watch - t->watches),
		   .offset = from - mapping_of(watch->target), .len = to - from,
		   .flag = writes);
}

static bool is_known(const struct watch *watch, uint64_t from, uint64_t to, bool writes)
{
	for (unsigned int i = 0; i < watch->names; i++)
		if (from >= watch->name[i].from && to <= watch->name[i].to &&
		    watch->name[i].writes >= writes)
			return true;
	return false;
}

static void touch(struct test *t, struct watch *watch, struct touched what)
{
	uint64_t begin = watch->target->info.local_addr;
	uint64_t end = begin + watch->target->info.len;
	uint64_t from = what.addr > begin ? what.addr : begin;
	uint64_t to = what.len < end - size_min(what.addr, end) ? what.addr + what.len :
								  end;

	/* as each page is named then, no more names are needed */
	if (watch->names == WATCH_NAMES)
		return;
	if (what.len != UINT64_MAX &&
	    (from >= to || is_known(watch, from, to, what.writes)))
		return;
	if (what.len == UINT64_MAX || watch->names == WATCH_NAMES - 1) {
		watch->names = WATCH_NAMES;
		name(t, watch, begin, end, true);
		return;
	}
	name(t, watch, from, to, what.writes);
	/* whole pages: a word next to this one names nothing new */
	watch->name[watch->names].from = round_down(from, PAGE_BYTES);
	watch->name[watch->names].writes = what.writes;
	watch->name[watch->names++].to = round_up(to, PAGE_BYTES);
}

static void touch_all(struct test *t, struct touched what)
{
	for (unsigned int i = 0; i < t->watching; i++)
		touch(t, &t->watches[i], what);
}

void test_touches_anything(struct test *t)
{
	touch_all(t, ANY_PAGE);
}

static const struct target *find_target(const struct test *t, enum side_role role,
					uint32_t id)
{
	for (unsigned int i = 0; i < t->n_targets; i++)
		if (t->targets[i].role == role && t->targets[i].info.id == id)
			return &t->targets[i];
	return NULL;
}

/* Of the target's memory; an indirect mkey has none of its own, but pieces of others. */
static void touch_target(struct test *t, const struct target *target, uint64_t offset,
			 uint64_t len, bool writes)
{
	if (!target)
		touch_all(t, ANY_PAGE);
	else if (!target->n_pieces)
		touch_all(t,
			  (struct touched){ mapping_of(target) + offset, len, writes });
	for (uint32_t round = 0; target && round < target->rounds; round++)
		for (unsigned int i = 0; i < target->n_pieces; i++) {
			const struct piece *piece = &target->pieces[i];

			touch_target(t, find_target(t, target->role, piece->target),
				     piece->offset + round * (piece->len + target->skip),
				     piece->len, writes);
		}
}

static void touch_pieces(struct test *t, enum side_role role, const struct side_op *op,
			 bool writes)
{
	for (unsigned int i = 0; i < op->rdma.sges; i++)
		touch_target(t, find_target(t, role, op->piece[i].target),
			     op->piece[i].offset, op->piece[i].len, writes);
}

static uint64_t remote_bytes(const struct side_op *op)
{
	uint64_t bytes = 0;

	if (op->rdma.opcode == RDMA_FLUSH)
		return op->rdma.flush.region ? UINT64_MAX : op->rdma.flush.len;
	if (op->rdma.opcode == RDMA_ATOMIC_WRITE)
		return sizeof(uint64_t);
	for (unsigned int i = 0; i < op->rdma.sges; i++)
		bytes += op->piece[i].len;
	return bytes;
}

/* The responder's target that the operation is aimed at, by its key or a window's. */
static const struct target *aimed_at(const struct test *t, const struct rdma_op *op)
{
	for (unsigned int i = 0; i < t->n_targets; i++) {
		const struct target *target = &t->targets[i];

		if (target->role == RESPONDER && target->info.rkey == op->rkey &&
		    op->remote_addr - target->info.addr < target->info.len)
			return target;
	}
	return NULL;
}

static void touch_remote(struct test *t, const struct side_op *op)
{
	const struct target *target = aimed_at(t, &op->rdma);
	uint64_t len = remote_bytes(op);

	if (!target || len == UINT64_MAX)
		touch_all(t, ANY_PAGE);
	else
		touch_target(t, target,
			     target->spec.mr_offset + op->rdma.remote_addr -
				     target->info.addr,
			     len, op->rdma.opcode != RDMA_READ);
}

void test_touches(struct test *t, const struct side_op *op)
{
	if (!t->watching)
		return;
	if (!op->rdma.inline_data)
		touch_pieces(t, INITIATOR, op, rdma_opcode_fetches(op->rdma.opcode));
	if (op->rdma.rkey && rdma_opcode_is_aimed(op->rdma.opcode))
		touch_remote(t, op);
}

void test_receive_touches(struct test *t, const struct side_op *receive)
{
	if (t->receives == TEST_RECEIVES)
		test_fail(t, "more than %u receives at once", TEST_RECEIVES);
	t->receive[t->receives++] = *receive;
	if (t->watching)
		touch_pieces(t, RESPONDER, receive, true);
}

void test_receive_done(struct test *t)
{
	if (!t->receives)
		return;
	t->receives--;
	memmove(t->receive, t->receive + 1, t->receives * sizeof(t->receive[0]));
}

void test_receives_dropped(struct test *t)
{
	t->receives = 0;
}

void test_touches_begin(struct test *t, struct watch *watch)
{
	for (unsigned int i = 0; i < t->receives; i++)
		touch_pieces(t, RESPONDER, &t->receive[i], true);
	if (t->background.running)
		touch(t, watch, ANY_PAGE);
}
