// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* program.c - a program while it is written */
#include "reproducer/program.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"

/* The assignment that names the step, where it has a statement. */
static void say_step(struct program *p)
{
	const char *step = p->entry->step;

	if (step == p->step)
		return;
	p->step = step;
	fputs("\tnow = \"", p->body);
	for (; *step; step++)
		fprintf(p->body, *step == '"' || *step == '\\' ? "\\%c" : "%c", *step);
	fputs("\";\n", p->body);
}

void program_say(struct program *p, const char *format, ...)
{
	va_list args;

	say_step(p);
	fputc('\t', p->body);
	va_start(args, format);
	vfprintf(p->body, format, args);
	va_end(args);
	fputc('\n', p->body);
}

void program_cannot(struct program *p, const char *format, ...)
{
	va_list args;

	if (p->why[0])
		return;
	va_start(args, format);
	vsnprintf(p->why, sizeof(p->why), format, args);
	va_end(args);
}

void program_use(struct program *p, enum part part)
{
#define NEED(part)		1ull << PART_##part
#define PART(NAME, name, needs) needs,
	static const uint64_t needed[PARTS] = {
#include "reproducer/parts.def"
	};
#undef PART
#undef NEED

	if (p->uses[part])
		return;
	p->uses[part] = true;
	for (unsigned int i = 0; i < PARTS; i++)
		if (needed[part] >> i & 1)
			program_use(p, (enum part)i);
}

struct variable *program_variable(struct program *p, enum side_role role, uint32_t id)
{
	for (unsigned int i = p->variables; i-- > 0;)
		if (p->variable[i].role == role && p->variable[i].id == id)
			return &p->variable[i];
	program_cannot(p, "a target that was not made by %s",
		       record_request_name(SIDE_TARGET_OPEN));
	return NULL;
}

struct variable *program_target(struct program *p)
{
	return program_variable(p, p->entry->role, p->entry->request.target);
}

/* Far more than any region and what is beside it: the address itself is meant. */
#define FAR (1ull << 40)

bool program_is_far(uint64_t offset)
{
	return offset >= FAR && -offset >= FAR;
}

const char *program_place(const struct variable *v, uint64_t offset,
			  char text[PLACE_TEXT])
{
	int64_t from = (int64_t)offset;

	if (program_is_far(offset))
		snprintf(text, PLACE_TEXT, "(unsigned char *)0x%" PRIx64,
			 v->info.local_addr - v->spec.mr_offset + offset);
	else if (from)
		snprintf(text, PLACE_TEXT, "%s.addr %c %" PRIu64, v->name,
			 from < 0 ? '-' : '+', from < 0 ? -offset : offset);
	else
		snprintf(text, PLACE_TEXT, "%s.addr", v->name);
	return text;
}

unsigned int program_salt(struct program *p, uint64_t seed)
{
	unsigned int i = 0;

	while (i < p->seeds && p->seed[i] != seed)
		i++;
	if (i == PROGRAM_SEEDS) {
		program_cannot(p, "data of more than %u seeds", PROGRAM_SEEDS);
		return 0;
	}
	p->seed[i] = seed;
	if (i == p->seeds)
		p->seeds++;
	return i;
}
