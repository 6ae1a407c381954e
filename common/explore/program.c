// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* program.c - the text of a program */
#include "explore/program.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/units.h"
#include "base/util.h"
#include "explore/way.h"
#include "rdma/mr.h"
#include "region/region.h"

static const struct {
	const char *name, *fields;
} actions[] = {
#define ACTION(name_, text, weight, fields_, function) [DO_##name_] = { text, fields_ },
#include "explore/actions.def"
#undef ACTION
};

const char *action_name(enum action action)
{
	return actions[action].name;
}

const char *action_fields(enum action action)
{
	return actions[action].fields;
}

bool action_is_operation(enum action action)
{
	return action >= DO_WRITE;
}

enum form { MEMORY, BYTES, CHOICE };

static const char *const role_names[] = { "initiator", "responder", NULL };
static const char *const rights_names[] = { "writable", "read-only", NULL };
static const char *const protection_names[] = { "read-write", "read-only", "no-access",
						NULL };
static const char *const advice_names[] = { "for-reading", "for-writing", "no-fault",
					    NULL };

/* The letters of actions.def. */
static const struct field {
	char letter;
	enum form form;
	size_t at;
	const char *const *names; /* of a choice */
	const char *what;
} fields[] = {
	{ 'S', MEMORY, offsetof(struct step, memory), NULL, "a memory (a to h)" },
	{ 'T', MEMORY, offsetof(struct step, local), NULL, "local memory (a to h)" },
	{ 'O', BYTES, offsetof(struct step, offset), NULL, "an offset" },
	{ 'L', BYTES, offsetof(struct step, len), NULL, "a length" },
	{ 'U', BYTES, offsetof(struct step, local_offset), NULL, "a local offset" },
	{ 'R', CHOICE, offsetof(struct step, role), role_names, "a side" },
	{ 'K', CHOICE, offsetof(struct step, kind), region_kind_names,
	  "a kind of region" },
	{ 'M', CHOICE, offsetof(struct step, mode), mr_mode_names,
	  "a kind of registration" },
	{ 'A', CHOICE, offsetof(struct step, rights), rights_names, "rights" },
	{ 'P', CHOICE, offsetof(struct step, protection), protection_names,
	  "a protection" },
	{ 'V', CHOICE, offsetof(struct step, advice), advice_names, "an advice" },
	{ 'I', CHOICE, offsetof(struct step, way), way_names, "a way to invalidate" },
};

static const struct field *field_of(char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].letter == letter)
			return &fields[i];
	abort();
}

static void *member(const struct step *step, const struct field *field)
{
	return (char *)(uintptr_t)step + field->at;
}

static void write_field(FILE *out, const struct step *step, const struct field *field)
{
	const void *value = member(step, field);

	switch (field->form) {
	case MEMORY:
		fprintf(out, " %c", 'a' + (char)*(const unsigned int *)value);
		break;
	case BYTES:
		fprintf(out, " %" PRIu64, *(const uint64_t *)value);
		break;
	case CHOICE:
		fprintf(out, " %s", field->names[*(const unsigned int *)value]);
		break;
	}
}

const char *step_text(const struct step *step, char text[STEP_TEXT])
{
	FILE *out = fmemopen(text, STEP_TEXT, "w");

	*text = '\0';
	if (!out)
		return text;
	fprintf(out, "%s%s", step->together ? "with " : "", action_name(step->action));
	for (const char *letter = action_fields(step->action); *letter; letter++)
		write_field(out, step, field_of(*letter));
	fclose(out);
	return text;
}

void program_write(const struct program *program, FILE *out)
{
	char text[STEP_TEXT];

	fprintf(out, "# seed %" PRIu64 "\n", program->seed);
	for (unsigned int i = 0; i < program->n; i++)
		fprintf(out, "%s\n", step_text(&program->steps[i], text));
}

static int read_field(struct step *step, const struct field *field, const char *word)
{
	void *value = member(step, field);

	switch (field->form) {
	case MEMORY:
		if (word[0] < 'a' || word[0] >= 'a' + MEMORIES || word[1])
			return -EINVAL;
		*(unsigned int *)value = (unsigned int)(word[0] - 'a');
		return 0;
	case BYTES:
		if (units_parse_size(word, value) || *(uint64_t *)value % 8)
			return -EINVAL;
		return 0;
	case CHOICE:
		for (unsigned int i = 0; field->names[i]; i++)
			if (!strcmp(field->names[i], word)) {
				*(unsigned int *)value = i;
				return 0;
			}
		return -EINVAL;
	}
	return -EINVAL;
}

static int action_of(const char *word, enum action *action)
{
	for (size_t i = 0; word && i < ACTIONS; i++)
		if (!strcmp(actions[i].name, word)) {
			*action = (enum action)i;
			return 0;
		}
	return -EINVAL;
}

/* @where: "FILE:LINE", for the message. */
static int read_step(struct step *step, char *line, const char *where)
{
	char *word = strtok(line, " \t\n");

	*step = (struct step){ 0 };
	if (word && !strcmp(word, "with")) {
		step->together = true;
		word = strtok(NULL, " \t\n");
	}
	if (action_of(word, &step->action) ||
	    (step->together && !action_is_operation(step->action)))
		return log_errno(EINVAL, "%s: '%s' is no %s", where, word ? word : "",
				 step->together ? "operation" : "step");
	for (const char *letter = action_fields(step->action); *letter; letter++) {
		const struct field *field = field_of(*letter);

		word = strtok(NULL, " \t\n");
		if (!word || read_field(step, field, word))
			return log_errno(EINVAL, "%s: '%s' is not %s", where,
					 word ? word : "", field->what);
	}
	word = strtok(NULL, " \t\n");
	return word ? log_errno(EINVAL, "%s: '%s' is too much", where, word) : 0;
}

int program_read(struct program *program, FILE *in, const char *name)
{
	char line[256], where[512];
	unsigned int number = 0;
	int ret = 0;

	*program = (struct program){ 0 };
	while (!ret && fgets(line, sizeof(line), in)) {
		snprintf(where, sizeof(where), "%s:%u", name, ++number);
		if (sscanf(line, "# seed %" SCNu64, &program->seed) == 1 ||
		    line[strspn(line, " \t\n")] == '\0' || *line == '#')
			continue;
		if (program->n == PROGRAM_STEPS)
			return log_errno(E2BIG, "%s: more than %u steps", where,
					 PROGRAM_STEPS);
		ret = read_step(&program->steps[program->n], line, where);
		program->n++;
	}
	return ret;
}
