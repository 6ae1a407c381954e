// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* emit_target.c - memory of the program: mapped, and closed */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "reproducer/program.h"

/* How each kind of region is mapped: region/region_kinds.c. */
static const struct {
	const char *file; /* NULL: none */
	const char *flags;
	const char *directory; /* what it must be */
} kinds[REGION_KINDS] = {
	[REGION_ANON] = { NULL, "MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE", NULL },
	[REGION_THP] = { NULL, "MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE", NULL },
	[REGION_HUGETLB_2M] = { NULL, "MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB", NULL },
	[REGION_MEMFD] = { "memfd_create(\"memory\", 0)", "MAP_SHARED", NULL },
	[REGION_TMPFS] = { "open(\"/dev/shm\", O_TMPFILE | O_RDWR, 0600)", "MAP_SHARED",
			   NULL },
	[REGION_FILE] = { "open(directory, O_TMPFILE | O_RDWR, 0600)", "MAP_SHARED",
			  "on a filesystem with a page cache" },
	[REGION_FSDAX] = { "open(directory, O_TMPFILE | O_RDWR, 0600)", "MAP_SHARED",
			   "on a DAX filesystem" },
	[REGION_FSDAX_PRIVATE] = { "open(directory, O_TMPFILE | O_RDWR, 0600)",
				   "MAP_PRIVATE", "on a DAX filesystem" },
};

static bool can_be_mapped(struct program *p, const struct target_spec *spec)
{
	if ((unsigned int)spec->kind >= REGION_KINDS || !kinds[spec->kind].flags)
		program_cannot(p, "memory of the kind %s", region_kind_names[spec->kind]);
	else if (spec->kept || spec->top_bits || spec->dmabuf || spec->other_pd ||
		 spec->unreserved || spec->mr_empty)
		program_cannot(p, "a target of a special kind");
	else if (kinds[spec->kind].directory && p->directory &&
		 strcmp(p->directory, kinds[spec->kind].directory) != 0)
		program_cannot(p, "files on two filesystems");
	return !p->why[0];
}

static void say_memory(struct program *p, const struct variable *v)
{
	const struct target_spec *spec = &v->spec;
	const char *flags = v->info.map_sync ? "MAP_SHARED_VALIDATE | MAP_SYNC" :
					       kinds[spec->kind].flags;
	uint64_t unit = spec->kind == REGION_HUGETLB_2M || spec->kind == REGION_THP ?
				MiB(2) :
				PAGE_BYTES;
	uint64_t len = round_up(spec->len, unit);

	if (kinds[spec->kind].directory)
		p->directory = kinds[spec->kind].directory;
	program_use(p, PART_MEMORY);
	if (v->file) {
		program_say(p, "fd = %s;", kinds[spec->kind].file);
		program_say(p, "must(fd < 0 || ftruncate(fd, %" PRIu64 "));",
			    spec->file_offset + len);
		program_say(p, "%s = memory(%" PRIu64 ", fd, %" PRIu64 ", %s);", v->name,
			    len, spec->file_offset, flags);
	} else {
		program_say(p, "%s = memory(%" PRIu64 ", -1, 0, %s);", v->name, len,
			    flags);
	}
	if (spec->hole)
		program_say(p, "must(munmap(%s.addr, %" PRIu64 "));", v->name, len);
	if (spec->read_only)
		program_say(p, "must(mprotect(%s.addr, %" PRIu64 ", PROT_READ));",
			    v->name, len);
	if (spec->kind == REGION_THP)
		program_say(p, "must(madvise(%s.addr, %" PRIu64 ", MADV_HUGEPAGE));",
			    v->name, len);
}

static struct variable *new_variable(struct program *p, const struct record_entry *e)
{
	static const char *const names[SIDE_ROLES] = { "own", "peer" };
	struct variable *v = &p->variable[p->variables];

	if (p->variables == PROGRAM_TARGETS) {
		program_cannot(p, "more than %u targets", PROGRAM_TARGETS);
		return NULL;
	}
	p->variables++;
	*v = (struct variable){
		.role = e->role,
		.id = e->target.id,
		.spec = e->request.spec,
		.info = e->target,
		.file = kinds[e->request.spec.kind].file,
	};
	snprintf(v->name, sizeof(v->name), "%s%u", names[e->role], p->of_role[e->role]++);
	return v;
}

void emit_target_open(struct program *p, const struct record_entry *e)
{
	const struct target_spec *spec = &e->request.spec;
	struct variable *v, *other = NULL;

	if (!can_be_mapped(p, spec))
		return;
	if (spec->same_memory)
		other = program_variable(p, e->role, spec->same_memory - 1);
	if (spec->lender)
		other = program_variable(p, e->role, spec->lender - 1);
	v = new_variable(p, e);
	if (p->why[0])
		return;
	if (spec->same_memory)
		program_say(p, "%s = %s;", v->name, other->name);
	else
		say_memory(p, v);
	if (spec->lender)
		program_say(p, "%s.lkey = %s.lkey, %s.rkey = %s.rkey;", v->name,
			    other->name, v->name, other->name);
	else if (!spec->unregistered)
		program_register(p, v, 0);
}

void emit_target_close(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	if (!v)
		return;
	if (!v->spec.unregistered && !v->spec.lender)
		program_say(p, "must(ibv_dereg_mr(%s.mr));", v->name);
	if (!v->spec.same_memory)
		program_say(p, "must(munmap(%s.addr, %" PRIu64 "));", v->name,
			    v->spec.len);
	if (!v->spec.same_memory && v->file)
		program_say(p, "close(%s.fd);", v->name);
	v->id = UINT32_MAX;
}

void emit_close_file(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	if (v)
		program_say(p, "close(%s.fd);", v->name);
}
