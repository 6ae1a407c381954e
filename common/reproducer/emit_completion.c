// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* emit_completion.c - queue pairs, how operations end, and windows that are bound */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rdma/window.h"
#include "reproducer/program.h"

static bool is_plain(const struct rdma_qp_spec *spec)
{
	return spec->type == QP_RC && !spec->shared_receive && !spec->indirect_mkeys &&
	       !spec->events && !spec->inline_bytes;
}

void emit_qp_open(struct program *p, const struct record_entry *e)
{
	if (!is_plain(&e->request.queue_pair))
		program_cannot(p, "queue pairs other than plain ones of type RC");
	p->queue_pair = e->request.queue_pair;
}

/* Both ends, at the second one's request. */
void emit_qp_connect(struct program *p, const struct record_entry *e)
{
	const struct rdma_qp_spec *spec = &p->queue_pair;
	char mtu[24] = "0";

	if (e->role != RESPONDER)
		return;
	program_use(p, PART_PAIR);
	if (spec->path_mtu)
		snprintf(mtu, sizeof(mtu), "IBV_MTU_%u", spec->path_mtu);
	if (p->pairs <= e->request.pair)
		p->pairs = e->request.pair + 1;
	program_say(p, "connect_pair(&pairs[%u], %s, %d, %d);", e->request.pair, mtu,
		    spec->gives_up_soon ? 14 : 18, spec->rnr_is_final ? 0 : 7);
}

const char *program_status(struct program *p, const struct record_entry *e,
			   char text[STATUS_TEXT])
{
	enum op_status due = e->status_judged ? e->due.status : e->completion.status;

	snprintf(text, STATUS_TEXT, "IBV_WC_%s", op_status_name(due));
	if (due >= OP_NO_COMPLETION)
		program_cannot(p, "an operation that does not complete");
	return text;
}

void emit_wait(struct program *p, const struct record_entry *e)
{
	char status[STATUS_TEXT];

	program_use(p, PART_WAIT);
	program_say(p, "wait_for(&pairs[%u], OWN, %s);", e->request.pair,
		    program_status(p, e, status));
}

void emit_collect(struct program *p, const struct record_entry *e)
{
	char status[STATUS_TEXT];

	program_use(p, PART_BATCH);
	program_say(p, "wait_for_batch(&pairs[%u], %" PRIu64 ", %s);", e->request.pair,
		    e->request.len, program_status(p, e, status));
}

void emit_wait_recv(struct program *p, const struct record_entry *e)
{
	const struct rdma_completion *due = &e->due;
	char status[STATUS_TEXT], call[96], what[KEY_TEXT] = "0";

	program_use(p, PART_WAIT);
	snprintf(call, sizeof(call), "wait_for(&pairs[%u], RECEIVE, %s)", e->request.pair,
		 program_status(p, e, status));
	if (!e->message_judged) {
		program_say(p, "%s;", call);
		return;
	}
	if (due->has_immediate)
		snprintf(what, sizeof(what), "%u", due->immediate);
	else if (due->invalidated)
		program_key(p, due->immediate, what);
	program_use(p, PART_MESSAGE);
	program_say(p, "expect_message(%s,", call);
	program_say(p, "\t%u, %s, %s);", due->bytes,
		    due->has_immediate ? "IBV_WC_WITH_IMM" :
		    due->invalidated   ? "IBV_WC_WITH_INV" :
					 "0",
		    what);
}

void emit_window_bind(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);
	bool first = e->request.argument == WINDOW_TYPE_1;
	char place[PLACE_TEXT], status[STATUS_TEXT];
	unsigned int n = p->windows;

	if (e->ret || n == PROGRAM_WINDOWS)
		program_cannot(p, "a memory window that cannot be bound");
	if (!v || p->why[0])
		return;
	p->windows++;
	p->window[n].key = (uint32_t)e->number;
	p->window[n].variable = v;
	program_use(p, PART_WINDOW);
	program_say(p, "window%u = window(IBV_MW_TYPE_%u);", n, first ? 1 : 2);
	program_say(p, "bind_window(&pairs[%u], window%u, &%s, %s, %" PRIu64 "u, %s);",
		    e->request.pair, n, v->name,
		    program_place(v, e->request.offset, place), e->request.len,
		    program_status(p, e, status));
}

void emit_window_invalidate(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);
	char key[KEY_TEXT], status[STATUS_TEXT];

	if (!v || e->ret)
		return;
	program_key(p, e->request.key, key);
	program_status(p, e, status);
	program_use(p, PART_WINDOW);
	if (e->request.argument == WINDOW_TYPE_1) {
		/* by a bind to nothing */
		program_say(p, "bind_window(&pairs[%u], %.*s, &%s, NULL, 0, %s);",
			    e->request.pair, (int)(strlen(key) - strlen("->rkey")), key,
			    v->name, status);
		return;
	}
	program_say(p,
		    "post(&pairs[%u], PEER, (struct ibv_send_wr){ .opcode = "
		    "IBV_WR_LOCAL_INV, .invalidate_rkey = %s });",
		    e->request.pair, key);
	program_say(p, "wait_for(&pairs[%u], PEER, %s);", e->request.pair, status);
}
