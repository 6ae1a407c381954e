// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* operations.c - operations of the initiator, several at once */
#include <inttypes.h>

#include "base/util.h"
#include "explore/content.h"
#include "explore/do.h"
#include "explore/known.h"
#include "explore/way.h"
#include "scenario/scenario.h"
#include "testcase/execute.h"
#include "testcase/test.h"

/* How far beyond its region an operation may be aimed: other memory is farther away. */
#define BEYOND KiB(64)

static const enum rdma_opcode opcodes[ACTIONS] = {
	[DO_WRITE] = RDMA_WRITE,
	[DO_READ] = RDMA_READ,
	[DO_SEND] = RDMA_SEND,
	[DO_FETCH_ADD] = RDMA_FETCH_ADD,
};

#define ADD 0x0123456789abcdefull

/* A range of one memory that an operation reads or writes. */
struct range {
	struct memory *m;
	uint64_t offset, len;
	bool read, written;
};

/* An operation from its step to its completion. */
struct flight {
	const struct step *step;
	struct side_op op;
	struct range remote, local;
	enum due due;
	uint64_t good; /* bytes that it may have moved where it fails */
	enum due home; /* what is due of the memory of the initiator alone */
	bool may_add;  /* of an atomic: the peer may have done it nevertheless */
};

static uint64_t len_of(const struct step *step)
{
	return step->action == DO_FETCH_ADD ? WORD_BYTES : step->len;
}

static bool is_possible(const struct world *world, const struct flight *flight)
{
	const struct memory *remote = flight->remote.m, *local = flight->local.m;
	const struct step *step = flight->step;
	uint64_t len = len_of(step);

	if (!remote || !local || remote->opened->role != RESPONDER ||
	    local->opened->role != INITIATOR || !local->registered)
		return false;
	if (!len || len > local->len || step->local_offset > local->len - len ||
	    step->offset + len > remote->len + BEYOND || step->offset > MEMORY_BYTES)
		return false;
	if ((known_allowance(world, remote) & KNOWN_OFFSET &&
	     step->offset % PAGE_BYTES) ||
	    (known_allowance(world, local) & KNOWN_OFFSET &&
	     step->local_offset % PAGE_BYTES))
		return false;
	return step->action != DO_FETCH_ADD ||
	       need_met(NEED_RC_ATOMIC, world->t->env, (char[256]){ 0 }, 256);
}

/* The end that is refused first ends the operation. */
static void predict(const struct world *world, struct flight *flight)
{
	const struct range *remote = &flight->remote, *local = &flight->local;
	bool receives = flight->step->action == DO_SEND;
	uint64_t good;

	flight->home = memory_due(world, local->m, local->offset, local->len,
				  local->written, &flight->good);
	if (local->written && local->m->opened->rights == RIGHTS_READ) {
		flight->home = MUST_FAIL;
		flight->good = 0;
	}
	flight->due = flight->home;
	if (!remote->m->registered ||
	    (remote->written && remote->m->opened->rights == RIGHTS_READ)) {
		flight->due = MUST_FAIL;
		flight->good = 0;
		return;
	}
	flight->due =
		size_max(flight->due, memory_due(world, remote->m, remote->offset,
						 remote->len, remote->written, &good));
	flight->good = size_min(flight->good, good);
	flight->may_add = good;
	if (receives && remote->offset + remote->len > remote->m->len)
		flight->due = MUST_FAIL;
}

static bool begin(struct world *world, const struct step *step, struct flight *flight)
{
	struct memory *remote = world_memory(world, step);
	struct memory *local = world_usable(world, &world->memories[step->local]);
	uint64_t len = len_of(step);
	bool reads = step->action == DO_READ, adds = step->action == DO_FETCH_ADD;

	*flight = (struct flight){
		.step = step,
		.op.rdma = { .opcode = opcodes[step->action], .compare_add = ADD },
		.remote = { remote, step->offset, len, reads || adds, !reads },
		.local = { local, step->local_offset, len, !reads && !adds,
			   reads || adds },
	};
	if (!is_possible(world, flight))
		return false;
	predict(world, flight);
	/* a receive that fails is left on the queue */
	if (step->action == DO_SEND && flight->due != MUST_SUCCEED)
		return false;
	side_op_add(&flight->op, local->target, step->local_offset, len);
	if (step->action != DO_SEND)
		side_op_aim(&flight->op, remote->target, step->offset);
	return true;
}

static bool overlap(const struct range *a, const struct range *b)
{
	return a->m == b->m && a->offset < b->offset + b->len &&
	       b->offset < a->offset + a->len && (a->written || b->written);
}

/* Does the order of two operations matter? */
static bool depend(const struct flight *a, const struct flight *b)
{
	return overlap(&a->remote, &b->remote) || overlap(&a->local, &b->local);
}

/* What a fetch-and-add leaves at both ends. */
static void add(struct world *world, struct flight *flight)
{
	struct word *remote =
		&flight->remote.m->words[flight->remote.offset / WORD_BYTES];
	struct word *local = &flight->local.m->words[flight->local.offset / WORD_BYTES];
	uint64_t number;

	if (!content_number(world, remote, &number)) {
		*remote = *local = (struct word){ .kind = WORD_UNKNOWN };
		return;
	}
	content_copy(world, flight->local.m, flight->local.offset, flight->remote.m,
		     flight->remote.offset, WORD_BYTES);
	*local = (struct word){ .kind = WORD_NUMBER,
				.or_zeros = local->or_zeros,
				.value = number };
	*remote = (struct word){ .kind = WORD_NUMBER, .value = number + ADD };
	/* a storm that loses data may come before or after */
	if (world->storm == flight->remote.m && world->storm_way->loses)
		*remote = *local = (struct word){ .kind = WORD_UNKNOWN };
}

static void model_success(struct world *world, struct flight *flight)
{
	const struct range *from = &flight->local, *to = &flight->remote;

	if (flight->step->action == DO_FETCH_ADD) {
		add(world, flight);
		return;
	}
	if (flight->step->action == DO_READ) {
		from = &flight->remote;
		to = &flight->local;
	}
	content_copy(world, to->m, to->offset, from->m, from->offset, from->len);
}

static void note_refusal(const struct range *range)
{
	range->m->refused_in_part |= pages_spanned(range->offset, range->len) > 1;
}

static void model_failure(struct flight *flight)
{
	const struct range *to = flight->local.written ? &flight->local : &flight->remote;

	content_forget(to->m, to->offset, round_up(flight->good, WORD_BYTES));
	if (flight->step->action == DO_FETCH_ADD && flight->may_add)
		content_forget(flight->remote.m, flight->remote.offset, WORD_BYTES);
}

/*
 * An access that is refused ends with one of these, at either end. soft-RoCE flushes a
 * request whose source it cannot read (apps/scenarios/errors/local.c).
 */
static bool is_refusal(const struct flight *flight, enum op_status status)
{
	if (status == OP_FLUSH_ERR)
		return flight->home != MUST_SUCCEED;
	return status == OP_LOC_PROT_ERR || status == OP_LOC_QP_OP_ERR ||
	       status == OP_LOC_ACCESS_ERR || status == OP_REM_INV_REQ_ERR ||
	       status == OP_REM_ACCESS_ERR || status == OP_REM_OP_ERR;
}

static void judge(struct world *world, struct flight *flight, enum op_status status)
{
	world_at(world, (unsigned int)(flight->step - world->program->steps));
	if (flight->due != MAY_FAIL &&
	    (status == OP_SUCCESS) != (flight->due == MUST_SUCCEED))
		record_due_status(&world->t->record, status,
				  status == OP_SUCCESS ? OP_REM_ACCESS_ERR : OP_SUCCESS);
	if (status == OP_SUCCESS) {
		if (flight->due == MUST_FAIL)
			test_fail(world->t, "an access that must be refused succeeds");
		model_success(world, flight);
		return;
	}
	if (flight->due == MUST_SUCCEED)
		test_fail_access(world->t, "an access that is allowed ends with %s",
				 op_status_name(status));
	if (!is_refusal(flight, status))
		test_fail(world->t, "a refused access ends with %s",
			  op_status_name(status));
	note_refusal(&flight->local);
	note_refusal(&flight->remote);
	model_failure(flight);
}

/* They are all posted before the first is waited for, on a queue pair each. */
static void fly(struct world *world, struct flight *flights, unsigned int n)
{
	struct test *t = world->t;
	enum op_status status[PAIRS];
	bool failed = false;

	for (unsigned int i = 0; i < n; i++) {
		if (flights[i].step->action == DO_SEND)
			test_post_receive(t, flights[i].remote.m->target,
					  flights[i].remote.offset,
					  flights[i].remote.len);
		test_post(t, i, &flights[i].op);
	}
	for (unsigned int i = 0; i < n; i++)
		status[i] = test_wait(t, i, &flights[i].op);
	for (unsigned int i = 0; i < n; i++) {
		judge(world, &flights[i], status[i]);
		if (status[i] != OP_SUCCESS)
			failed = true;
		else if (flights[i].step->action == DO_SEND)
			test_received(t, &flights[i].op, flights[i].remote.len);
	}
	if (failed)
		(reconnect)(t);
}

/* Receives are posted on the first queue pair. */
static bool joins(const struct flight *flights, unsigned int n)
{
	if (n == PAIRS || flights[n].step->action == DO_SEND)
		return false;
	for (unsigned int i = 0; i < n; i++)
		if (depend(&flights[i], &flights[n]))
			return false;
	return true;
}

void do_operations(struct world *world, const struct step *steps, unsigned int n)
{
	struct flight flights[PAIRS + 1];
	unsigned int flying = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (!begin(world, &steps[i], &flights[flying]))
			continue;
		if (flying && !joins(flights, flying)) {
			struct flight next;

			fly(world, flights, flying);
			flying = 0;
			/* what flew may have changed what is due */
			if (!begin(world, &steps[i], &next))
				continue;
			flights[0] = next;
		}
		flying++;
	}
	if (flying)
		fly(world, flights, flying);
}
