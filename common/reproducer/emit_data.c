// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* emit_data.c - what lies in memory: filled, checked, changed by the CPU */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "reproducer/program.h"

/* The last arguments of what fills and checks: "65536, SALT0, 1, 0". */
#define WHAT_TEXT 120
static const char *what(struct program *p, const struct pattern *pattern,
			char text[WHAT_TEXT])
{
	const struct side_request *request = &p->entry->request;
	char generation[8] = "ZEROS";

	if (pattern->generation != PATTERN_ZEROS)
		snprintf(generation, sizeof(generation), "%u", pattern->generation);
	snprintf(text, WHAT_TEXT, "%" PRIu64 ", SALT%u, %s, %" PRIu64 "%s", request->len,
		 program_salt(p, pattern->seed), generation, request->pattern_offset,
		 request->pattern_offset > INT64_MAX ? "u" : "");
	return text;
}

/* @call: with or without the file. */
static void say_data(struct program *p, const char *call, bool by_file)
{
	const struct side_request *request = &p->entry->request;
	struct variable *v = program_target(p);
	char place[PLACE_TEXT], text[WHAT_TEXT];

	if (!v)
		return;
	what(p, &request->pattern, text);
	if (by_file)
		program_say(p, "%s_file(&%s, %" PRIu64 ", %s);", call, v->name,
			    request->offset, text);
	else
		program_say(p, "%s(%s, %s);", call,
			    program_place(v, request->offset, place), text);
}

/* The generation and the length of the guards of scenario/operation/scratch.c. */
#define GUARD_IDENTITY 0xfffd
#define GUARD	       64

static bool is_guard(const struct record_entry *e, const struct record_entry *first)
{
	const struct side_request *request = &e->request;

	return request->kind == first->request.kind &&
	       request->target == first->request.target && request->len == GUARD &&
	       request->pattern.generation == GUARD_IDENTITY &&
	       request->pattern_offset == request->offset;
}

/* Both guards of a range at once. */
static bool say_guards(struct program *p, const char *call)
{
	const struct record_entry *e = p->entry;
	struct variable *v = program_target(p);
	uint64_t from = e->request.offset + GUARD;

	if (!v || !p->left || !is_guard(e, e) || !is_guard(e + 1, e))
		return false;
	program_use(p, PART_GUARD);
	program_say(p, "guard(%s, %s, %" PRIu64 ", %" PRIu64 ", SALT%u);", call, v->name,
		    from, e[1].request.offset - from,
		    program_salt(p, e->request.pattern.seed));
	p->taken = 1;
	return true;
}

void emit_store(struct program *p, const struct record_entry *e)
{
	if (say_guards(p, "fill"))
		return;
	program_use(p, PART_FILL);
	say_data(p, "fill", false);
}

void emit_fill(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	program_use(p, v && v->file ? PART_FILL_FILE : PART_FILL);
	say_data(p, "fill", v && v->file);
}

/* The check's own check, which must find data wrong, proves nothing more here. */
static bool is_control(const struct record_entry *e)
{
	return !e->ret_judged;
}

void emit_check_mapping(struct program *p, const struct record_entry *e)
{
	if (is_control(e) || say_guards(p, "check"))
		return;
	program_use(p, PART_CHECK);
	say_data(p, "check", false);
}

void emit_check_file(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);

	if (is_control(e))
		return;
	program_use(p, v && v->file ? PART_CHECK_FILE : PART_CHECK);
	say_data(p, "check", v && v->file);
}

void emit_check_either(struct program *p, const struct record_entry *e)
{
	const struct side_request *request = &e->request;
	struct variable *v = program_target(p);
	char place[PLACE_TEXT];

	if (!v)
		return;
	program_use(p, PART_EITHER);
	program_say(p, "check_either(%s, %" PRIu64 ", SALT%u, %u, %u, %" PRIu64 ");",
		    program_place(v, request->offset, place), request->len,
		    program_salt(p, request->pattern.seed), request->pattern.generation,
		    request->other.generation, request->pattern_offset);
}

/* A word that the scenario has not checked itself depends on more than this program. */
void emit_read_word(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);
	char place[PLACE_TEXT];

	if (!v || !e->number_judged)
		return;
	program_use(p, PART_CHECK_WORD);
	program_say(p, "check_word(%s, %" PRIu64 "u);",
		    program_place(v, e->request.offset, place), e->number_due);
}

void emit_add(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);
	char place[PLACE_TEXT];

	if (!v)
		return;
	program_say(p, "for (int i = 0; i < %u; i++)", e->request.argument);
	program_say(p,
		    "\t__atomic_fetch_add((uint64_t *)(void *)(%s), 1, "
		    "__ATOMIC_SEQ_CST);",
		    program_place(v, e->request.offset, place));
}

void emit_child_begin(struct program *p, const struct record_entry *e)
{
	program_use(p, PART_CHILD);
	program_say(p, "fork_child();");
}

void emit_child_data(struct program *p, const struct record_entry *e)
{
	struct variable *v = program_target(p);
	char place[PLACE_TEXT], text[WHAT_TEXT];
	bool store = e->request.kind == SIDE_CHILD_STORE;

	if (!v || (!store && is_control(e)))
		return;
	program_use(p, PART_ORDER);
	program_say(p, "child((struct order){ %d, %s, %s });", store,
		    program_place(v, e->request.offset, place),
		    what(p, &e->request.pattern, text));
}

void emit_child_end(struct program *p, const struct record_entry *e)
{
	program_say(p, "close(orders[1]);");
}
