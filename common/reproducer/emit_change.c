// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* emit_change.c - what user space does to mappings and their files */
#include <errno.h>
#include <inttypes.h>

#include "base/util.h"
#include "region/advice.h"
#include "region/region_ops.h"
#include "reproducer/program.h"

/* "own0.addr + 4096, 65536" */
#define RANGE_TEXT 96
static const char *range(struct program *p, char text[RANGE_TEXT])
{
	const struct side_request *request = &p->entry->request;
	struct variable *v = program_target(p);
	char place[PLACE_TEXT];

	text[0] = '\0';
	if (v)
		snprintf(text, RANGE_TEXT, "%s, %" PRIu64,
			 program_place(v, request->offset, place), request->len);
	return text;
}

static void say_madvise(struct program *p, const char *advice)
{
	char text[RANGE_TEXT];

	program_say(p, "must(madvise(%s, %s));", range(p, text), advice);
}

static void say_protect(struct program *p, const char *prot)
{
	char text[RANGE_TEXT];

	program_say(p, "must(mprotect(%s, %s));", range(p, text), prot);
}

static void say_map(struct program *p, uint64_t len, const char *prot)
{
	struct variable *v = program_target(p);

	program_use(p, PART_MAP);
	if (v)
		program_say(p, "map(&%s, %" PRIu64 ", %" PRIu64 ", %s);", v->name,
			    p->entry->request.offset, len, prot);
}

#define READ_WRITE "PROT_READ | PROT_WRITE"

void emit_madvise(struct program *p, const struct record_entry *e)
{
	say_madvise(p, "MADV_DONTNEED");
}

void emit_unmap(struct program *p, const struct record_entry *e)
{
	char text[RANGE_TEXT];

	program_say(p, "must(munmap(%s));", range(p, text));
}

void emit_map(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	if (v)
		say_map(p, v->spec.len, e->request.flag ? "PROT_READ" : READ_WRITE);
}

void emit_remap(struct program *p, const struct record_entry *e)
{
	say_map(p, e->request.len, READ_WRITE);
}

void emit_map_other_file(struct program *p, const struct record_entry *e)
{
	struct variable *other = program_variable(p, e->role, e->request.argument);
	struct variable *v = program_target(p);
	char text[RANGE_TEXT];

	if (v && other)
		program_say(p,
			    "must(mmap(%s, " READ_WRITE ", %s.flags | MAP_FIXED, %s.fd, "
			    "%s.begin) == MAP_FAILED);",
			    range(p, text), other->name, other->name, other->name);
}

void emit_protect(struct program *p, const struct record_entry *e)
{
	static const char *const prots[] = {
		[REGION_READ_WRITE] = READ_WRITE,
		[REGION_READ_ONLY] = "PROT_READ",
		[REGION_NO_ACCESS] = "PROT_NONE",
	};

	say_protect(p, prots[e->request.argument]);
}

void emit_truncate(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	if (v)
		program_say(p, "must(ftruncate(%s.fd, %" PRIu64 "));", v->name,
			    v->spec.file_offset + e->request.len);
}

void emit_fallocate(struct program *p, const struct record_entry *e)
{
	static const char *const modes[SIDE_REQUESTS] = {
		[SIDE_TARGET_PUNCH] = "FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE",
		[SIDE_TARGET_ZERO] = "FALLOC_FL_ZERO_RANGE",
		[SIDE_TARGET_ALLOCATE] = "0",
		[SIDE_TARGET_COLLAPSE] = "FALLOC_FL_COLLAPSE_RANGE",
		[SIDE_TARGET_INSERT] = "FALLOC_FL_INSERT_RANGE",
	};
	struct variable *v = program_target(p);

	if (v)
		program_say(p, "must(fallocate(%s.fd, %s, %" PRIu64 ", %" PRIu64 "));",
			    v->name, modes[e->request.kind],
			    v->spec.file_offset + e->request.offset, e->request.len);
}

void emit_sync(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	if (v)
		program_say(p, "must(fdatasync(%s.fd));", v->name);
}

void emit_clone(struct program *p, const struct record_entry *e)
{
	struct variable *source = program_variable(p, e->role, e->request.argument);
	struct variable *v = program_target(p);

	if (v && source) {
		program_use(p, PART_FICLONE);
		program_say(p, "must(ioctl(%s.fd, FICLONE, %s.fd));", v->name,
			    source->name);
	}
}

static void say_page_out(struct program *p)
{
	char text[RANGE_TEXT];

	program_use(p, PART_PAGE_OUT);
	program_say(p, "page_out(%s);", range(p, text));
}

/* Of those that leave the host as it is. */
void emit_advice(struct program *p, const struct record_entry *e)
{
	switch ((enum region_advice)e->request.argument) {
	case REGION_PAGE_OUT:
		/* once for all tries */
		if (e->ret != -EAGAIN)
			say_page_out(p);
		break;
	case REGION_GUARD:
	case REGION_UNGUARD:
	case REGION_FREE:
	case REGION_COLLAPSE:
		if (e->ret == -EAGAIN)
			program_cannot(p, "an advice that was given more than once");
		program_use(p, PART_NUMBERS);
		say_madvise(p, region_advice_name(e->request.argument));
		break;
	default:
		program_cannot(p, "the advice %s",
			       region_advice_name(e->request.argument));
	}
}

void emit_advice_number(struct program *p, const struct record_entry *e)
{
	uint64_t due = e->number_judged ? e->number_due : e->number;
	char text[RANGE_TEXT];

	program_say(p, "if ((madvise(%s, %u) ? errno : 0) != %" PRIu64 ")",
		    range(p, text), e->request.argument, due);
	program_say(p, "\tend(DEFECT, \"madvise: %%s\", strerror(errno));");
}

/* One cycle of those that leave the host as it is: invalidation/invalidate.c. */
void emit_invalidate(struct program *p, const struct record_entry *e)
{
	char text[RANGE_TEXT];

	switch ((enum invalidator)e->request.argument) {
	case BY_DONTNEED:
		say_madvise(p, "MADV_DONTNEED");
		break;
	case BY_FREE:
		say_madvise(p, "MADV_FREE");
		break;
	case BY_PAGEOUT:
		say_page_out(p);
		break;
	case BY_REMAP:
		emit_remap(p, e);
		break;
	case BY_MREMAP:
		program_use(p, PART_MOVE_AWAY);
		program_say(p, "move_away_and_back(%s);", range(p, text));
		break;
	case BY_READ_ONLY:
	case BY_NO_ACCESS:
		say_protect(p, e->request.argument == BY_READ_ONLY ? "PROT_READ" :
								     "PROT_NONE");
		say_protect(p, READ_WRITE);
		break;
	case BY_GUARD:
		program_use(p, PART_NUMBERS);
		say_madvise(p, "MADV_GUARD_INSTALL");
		say_madvise(p, "MADV_GUARD_REMOVE");
		break;
	case BY_FORK:
		program_use(p, PART_WAITPID);
		program_say(p, "if (!fork())");
		program_say(p, "\t_exit(0);");
		program_say(p, "must(wait(NULL) < 0);");
		break;
	default:
		program_cannot(p, "an invalidation by %s",
			       invalidator_name(e->request.argument));
	}
}
