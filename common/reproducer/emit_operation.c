// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* emit_operation.c - operations and receives that are posted */
#include <inttypes.h>
#include <stdio.h>

#include "base/util.h"
#include "reproducer/program.h"

/* The pieces of an operation: "{ (uintptr_t)own0.addr + 64, 4096, own0.lkey }, ..." */
#define PIECES_TEXT 400
static const char *pieces(struct program *p, const struct side_op *op,
			  char text[PIECES_TEXT])
{
	char place[PLACE_TEXT], key[KEY_TEXT];
	size_t n = 0;

	text[0] = '\0';
	if (p->sges < op->rdma.sges)
		p->sges = op->rdma.sges;
	for (unsigned int i = 0; i < op->rdma.sges; i++) {
		const struct piece *piece = &op->piece[i];
		const struct variable *v =
			program_variable(p, p->entry->role, piece->target);

		if (!v)
			break;
		snprintf(key, KEY_TEXT, "%s.lkey", v->name);
		for (unsigned int k = 0; piece->key && k < p->variables; k++)
			if (p->variable[k].info.lkey == piece->key)
				snprintf(key, KEY_TEXT, "%s.lkey", p->variable[k].name);
		n += (size_t)snprintf(text + n, PIECES_TEXT - n,
				      "%s{ (uintptr_t)%s, %u, %s }", n ? ", " : "",
				      program_place(v, piece->offset, place), piece->len,
				      key);
		if (op->rdma.inline_data && p->inline_bytes < piece->len)
			p->inline_bytes = piece->len;
	}
	return text;
}

static const struct {
	const char *name; /* IBV_WR_...; NULL: libibverbs alone does not do it */
	uint32_t odp;
} opcodes[RDMA_OPCODES] = {
	[RDMA_WRITE] = { "RDMA_WRITE", ODP_WRITE },
	[RDMA_WRITE_IMMEDIATE] = { "RDMA_WRITE_WITH_IMM", ODP_WRITE },
	[RDMA_READ] = { "RDMA_READ", ODP_READ },
	[RDMA_SEND] = { "SEND", ODP_SEND },
	[RDMA_SEND_IMMEDIATE] = { "SEND_WITH_IMM", ODP_SEND },
	[RDMA_SEND_INVALIDATE] = { "SEND_WITH_INV", ODP_SEND },
	[RDMA_FETCH_ADD] = { "ATOMIC_FETCH_AND_ADD", ODP_ATOMIC },
	[RDMA_COMPARE_SWAP] = { "ATOMIC_CMP_AND_SWP", ODP_ATOMIC },
};

/* A WRITE or READ that is waited for at once, as most are. */
static bool say_at_once(struct program *p, const struct record_entry *e,
			const struct aim *aim)
{
	const struct side_op *op = &e->request.op;
	const struct record_entry *next = e + 1;
	const struct variable *own;
	char status[STATUS_TEXT];

	if ((op->rdma.opcode != RDMA_WRITE && op->rdma.opcode != RDMA_READ) ||
	    op->rdma.sges != 1 || op->piece[0].key || op->rdma.inline_data ||
	    !aim->own_key || program_is_far(aim->offset) || !p->left ||
	    next->request.kind != SIDE_WAIT || next->request.pair != e->request.pair ||
	    next->ret)
		return false;
	own = program_variable(p, e->role, op->piece[0].target);
	if (!own)
		return false;
	program_use(p, PART_RDMA);
	program_say(p,
		    "rdma(&pairs[%u], IBV_WR_%s, &%s, %" PRIu64 ", %u, &%s, %" PRId64
		    ", %s);",
		    e->request.pair, opcodes[op->rdma.opcode].name, own->name,
		    op->piece[0].offset, op->piece[0].len, aim->variable->name,
		    (int64_t)aim->offset, program_status(p, next, status));
	p->taken = 1;
	return true;
}

/* The member of struct ibv_send_wr that only this opcode has. */
static void say_special(struct program *p, const struct rdma_op *op,
			const struct aim *aim)
{
	char place[PLACE_TEXT], key[KEY_TEXT];

	if (op->opcode == RDMA_SEND_IMMEDIATE || op->opcode == RDMA_WRITE_IMMEDIATE)
		program_use(p, PART_HTONL);
	if (op->opcode == RDMA_SEND_INVALIDATE) {
		program_key(p, op->immediate, key);
		program_say(p, "\t.invalidate_rkey = %s });", key);
	} else if (op->opcode == RDMA_SEND_IMMEDIATE)
		program_say(p, "\t.imm_data = htonl(%u) });", op->immediate);
	else if (op->opcode == RDMA_SEND)
		program_say(p, "});");
	if (!rdma_opcode_is_aimed(op->opcode) || !aim->variable)
		return;
	program_place(aim->variable, aim->offset, place);
	if (opcodes[op->opcode].odp == ODP_ATOMIC)
		program_say(p,
			    "\t.wr.atomic = { (uintptr_t)%s, %" PRIu64 "u, %" PRIu64
			    "u, %s } });",
			    place, op->compare_add, op->swap, aim->key);
	else if (op->opcode == RDMA_WRITE_IMMEDIATE)
		program_say(p,
			    "\t.imm_data = htonl(%u), .wr.rdma = { (uintptr_t)%s, %s } "
			    "});",
			    op->immediate, place, aim->key);
	else
		program_say(p, "\t.wr.rdma = { (uintptr_t)%s, %s } });", place, aim->key);
}

void emit_post(struct program *p, const struct record_entry *e)
{
	const struct rdma_op *op = &e->request.op.rdma;
	bool aimed = rdma_opcode_is_aimed(op->opcode);
	struct aim aim = { 0 };
	char text[PIECES_TEXT];

	if (e->ret || !opcodes[op->opcode].name || op->durable)
		program_cannot(p, "an operation that libibverbs refuses or lacks");
	if (p->why[0] || (aimed && !program_aim(p, op, &aim)))
		return;
	if (!aimed || aim.variable->spec.mode != MR_PINNED)
		p->odp_operations |= opcodes[op->opcode].odp;
	pieces(p, &e->request.op, text);
	if (p->why[0] || (aimed && say_at_once(p, e, &aim)))
		return;
	program_use(p, PART_SGES);
	program_use(p, PART_POST);
	program_say(
		p, "post(&pairs[%u], OWN, (struct ibv_send_wr){ .opcode = IBV_WR_%s,%s%s",
		e->request.pair, opcodes[op->opcode].name,
		op->inline_data ? " .send_flags = IBV_SEND_INLINE," : "",
		op->solicited ? " .send_flags = IBV_SEND_SOLICITED," : "");
	if (text[0])
		program_say(p, "\tSGES(%s),", text);
	say_special(p, op, &aim);
}

void emit_post_recv(struct program *p, const struct record_entry *e)
{
	char text[PIECES_TEXT];

	program_use(p, PART_RECEIVE);
	pieces(p, &e->request.op, text);
	if (text[0]) {
		program_use(p, PART_SGES);
		program_say(p,
			    "post_receive(&pairs[%u], (struct ibv_recv_wr){ SGES(%s) });",
			    e->request.pair, text);
	} else {
		program_say(p, "post_receive(&pairs[%u], (struct ibv_recv_wr){ 0 });",
			    e->request.pair);
	}
}
