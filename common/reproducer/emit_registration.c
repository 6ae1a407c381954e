// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* emit_registration.c - memory regions: registered, deregistered, changed, prefetched */
#include <inttypes.h>
#include <stdio.h>

#include "base/util.h"
#include "reproducer/program.h"

#define ACCESS_TEXT 200

static const char *access_text(unsigned int access, enum mr_mode mode,
			       char text[ACCESS_TEXT])
{
	static const struct {
		unsigned int access;
		const char *name;
	} names[] = {
		{ MR_READ_WRITE, "READ_WRITE" },
		{ MR_LOCAL_WRITE, "IBV_ACCESS_LOCAL_WRITE" },
		{ MR_REMOTE_WRITE, "IBV_ACCESS_REMOTE_WRITE" },
		{ MR_REMOTE_READ, "IBV_ACCESS_REMOTE_READ" },
		{ MR_REMOTE_ATOMIC, "IBV_ACCESS_REMOTE_ATOMIC" },
		{ MR_BIND, "IBV_ACCESS_MW_BIND" },
		{ MR_RELAXED, "IBV_ACCESS_RELAXED_ORDERING" },
		{ MR_HUGE_PAGES, "IBV_ACCESS_HUGETLB" },
	};
	unsigned int left = access ? access : MR_READ_WRITE;
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if ((left & names[i].access) != names[i].access)
			continue;
		left &= ~names[i].access;
		n += (size_t)snprintf(text + n, ACCESS_TEXT - n, "%s%s", n ? " | " : "",
				      names[i].name);
	}
	if (mode != MR_PINNED)
		snprintf(text + n, ACCESS_TEXT - n, " | IBV_ACCESS_ON_DEMAND");
	return left ? NULL : text;
}

void program_register(struct program *p, const struct variable *v, int due)
{
	const struct target_spec *spec = &v->spec;
	uint64_t len = spec->mr_len ? spec->mr_len : spec->len;
	char access[ACCESS_TEXT], place[PLACE_TEXT];

	if (!access_text(spec->access, spec->mode, access)) {
		program_cannot(p, "a registration for FLUSH");
		return;
	}
	program_use(p, PART_REGISTER);
	program_place(v, spec->mr_offset, place);
	p->odp |= spec->mode != MR_PINNED;
	p->implicit |= spec->mode == MR_ODP_IMPLICIT;
	if (spec->mode == MR_ODP_IMPLICIT)
		program_say(p, "registered(&%s, ibv_reg_mr(pd, NULL, SIZE_MAX, %s), %d);",
			    v->name, access, due);
	else if (spec->mr_shift)
		program_say(p,
			    "registered(&%s, ibv_reg_mr_iova(pd, %s, %" PRIu64
			    ", (uintptr_t)%s + %" PRIu64 ", %s), %d);",
			    v->name, place, len, place, spec->mr_shift, access, due);
	else
		program_say(p,
			    "registered(&%s, ibv_reg_mr(pd, %s, %" PRIu64 "%s, %s), %d);",
			    v->name, place, len, len > INT64_MAX ? "u" : "", access, due);
}

void emit_target_register(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	if (e->request.argument)
		program_cannot(p, "a registration whose allocations fail");
	if (!v || p->why[0])
		return;
	v->spec = e->request.spec;
	if (!e->ret)
		v->info = e->target;
	program_register(p, v, e->ret_judged ? -e->ret_due : -e->ret);
}

void emit_deregister(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	if (v)
		program_say(p, "must(ibv_dereg_mr(%s.mr));", v->name);
}

void emit_reregister(struct program *p, const struct record_entry *e)
{
	const struct side_request *request = &e->request;
	struct variable *v = program_target(p);
	char access[ACCESS_TEXT];

	if (request->argument & MR_CHANGE_DOMAIN)
		program_cannot(p, "a second protection domain");
	if (!v || p->why[0] ||
	    !access_text(request->spec.access, request->spec.mode, access))
		return;
	program_use(p, PART_REREGISTER);
	program_say(
		p, "change(&%s, %s%s%s, %" PRIu64 ", %" PRIu64 ", %s, %d);", v->name,
		request->argument & MR_CHANGE_ACCESS ? "IBV_REREG_MR_CHANGE_ACCESS" : "",
		request->argument == (MR_CHANGE_ACCESS | MR_CHANGE_RANGE) ? " | " : "",
		request->argument & MR_CHANGE_RANGE ? "IBV_REREG_MR_CHANGE_TRANSLATION" :
						      "",
		request->offset, request->len, access,
		e->ret_judged ? -e->ret_due : -e->ret);
	p->odp |= request->spec.mode != MR_PINNED;
	if (e->ret)
		return;
	v->info = e->target;
	if (request->argument & MR_CHANGE_RANGE)
		v->spec.mr_offset = request->offset;
}

void emit_advise(struct program *p, const struct record_entry *e)
{
	static const char *const advices[] = {
		[MR_PREFETCH] = "PREFETCH",
		[MR_PREFETCH_WRITE] = "PREFETCH_WRITE",
		[MR_PREFETCH_NO_FAULT] = "PREFETCH_NO_FAULT",
	};
	const struct side_request *request = &e->request;
	struct variable *v = program_target(p);
	char place[PLACE_TEXT];

	if (request->key || request->op.rdma.sges || request->len > UINT32_MAX)
		program_cannot(p, "a prefetch of several ranges, or by another key");
	if (!v || p->why[0])
		return;
	program_use(p, PART_ADVISE);
	program_say(p,
		    "advise(IBV_ADVISE_MR_ADVICE_%s, %d, %d, (struct ibv_sge){ "
		    "(uintptr_t)%s, %" PRIu64 ", %s.lkey });",
		    advices[request->argument], request->flag,
		    e->ret_judged ? -e->ret_due : -e->ret,
		    program_place(v, request->offset, place), request->len, v->name);
}
