// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* aim.c - addresses and keys of operations, in terms of the program's variables */
#include <stdio.h>

#include "reproducer/program.h"

/* The variable whose key it is, of several the one that has the address; or NULL. */
static const struct variable *owner_of(const struct program *p, uint32_t key,
				       uint64_t addr)
{
	const struct variable *owner = NULL;

	for (unsigned int i = p->windows; i-- > 0;)
		if (p->window[i].key == key)
			return p->window[i].variable;
	for (unsigned int i = p->variables; i-- > 0;) {
		const struct variable *v = &p->variable[i];
		uint64_t from = v->info.addr - v->spec.mr_offset;

		if (v->info.rkey == key && (!owner || addr - from < v->spec.len))
			owner = v;
	}
	return owner;
}

void program_key(struct program *p, uint32_t key, char text[KEY_TEXT])
{
	const struct variable *v = owner_of(p, key, 0);

	for (unsigned int i = p->windows; i-- > 0;)
		if (p->window[i].key == key) {
			snprintf(text, KEY_TEXT, "window%u->rkey", i);
			return;
		}
	if (v) {
		snprintf(text, KEY_TEXT, "%s.rkey", v->name);
		return;
	}
	for (unsigned int i = 0; i < p->variables; i++)
		if (!v || (p->variable[i].info.rkey ^ key) < (v->info.rkey ^ key))
			v = &p->variable[i];
	if (v)
		snprintf(text, KEY_TEXT, "(%s.rkey ^ %u)", v->name, v->info.rkey ^ key);
	else
		program_cannot(p, "an operation by a key before there is a target");
}

/* The responder's target that has the address, or NULL. */
static const struct variable *holder_of(const struct program *p, uint64_t addr)
{
	for (unsigned int i = p->variables; i-- > 0;) {
		const struct variable *v = &p->variable[i];
		uint64_t from = v->info.local_addr - v->spec.mr_offset;

		if (v->role == RESPONDER && addr - from < v->spec.len)
			return v;
	}
	return NULL;
}

bool program_aim(struct program *p, const struct rdma_op *op, struct aim *aim)
{
	const struct variable *owner = owner_of(p, op->rkey, op->remote_addr);
	const struct variable *holder = holder_of(p, op->remote_addr);
	const struct variable *v = owner ? owner : holder;

	*aim = (struct aim){ 0 };
	if (owner && holder && !owner->spec.mr_shift &&
	    op->remote_addr - (owner->info.local_addr - owner->spec.mr_offset) >=
		    owner->spec.len)
		v = holder;
	if (!v) {
		program_cannot(p, "an operation at an address that no target has");
		return false;
	}
	program_key(p, op->rkey, aim->key);
	aim->variable = v;
	aim->offset = op->remote_addr - (v->info.local_addr - v->spec.mr_offset);
	aim->own_key = v->info.rkey == op->rkey;
	return !p->why[0];
}
