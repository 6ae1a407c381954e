/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * program.h - a program of odp_explore: steps on memories that are named by a letter
 *
 * A program is plain data. Its text has a line for each step:
 *
 *	open a responder fsdax on-demand writable 65536
 *	open b initiator anon pinned writable 65536
 *	write a 4096 8192 b 0
 *	evict a 4096 4096
 *	with read a 0 65536 b 0
 *
 * Any list of steps is a program: a step that cannot be done where it stands, as one on a
 * memory that is not open, does nothing. So a program from which steps are taken away is
 * one, too.
 */
#ifndef ODPLAB_EXPLORE_PROGRAM_H
#define ODPLAB_EXPLORE_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PROGRAM_STEPS 128
#define MEMORIES      8 /* "a" to "h" */

enum action {
#define ACTION(name, text, weight, fields, function) DO_##name,
#include "explore/actions.def"
#undef ACTION
	ACTIONS
};

enum rights { RIGHTS_WRITE, RIGHTS_READ };

struct step {
	enum action action;
	bool together; /* an operation that is posted before the one above it is waited for */
	/* those that the action has; offsets and lengths in bytes, multiples of 8 */
	unsigned int memory, local; /* indices; an operation's memory of the initiator */
	uint64_t offset, len, local_offset;
	unsigned int role;	 /* enum side_role */
	unsigned int kind;	 /* enum region_kind */
	unsigned int mode;	 /* enum mr_mode */
	unsigned int rights;	 /* enum rights: of the registration */
	unsigned int protection; /* enum region_protection */
	unsigned int advice;	 /* enum mr_advice */
	unsigned int way;	 /* index of explore/way.h */
};

struct program {
	uint64_t seed; /* of its data */
	struct step steps[PROGRAM_STEPS];
	unsigned int n;
};

/* "fetch-add"; its letters of actions.def */
const char *action_name(enum action action);
const char *action_fields(enum action action);

/* Is it an operation of the initiator? */
bool action_is_operation(enum action action);

#define STEP_TEXT 128

/* The line of a step. Returns @text. */
const char *step_text(const struct step *step, char text[STEP_TEXT]);

void program_write(const struct program *program, FILE *out);

/*
 * Reads one; empty lines and those that begin with '#' are comments. Returns 0, or
 * -EINVAL or -E2BIG after one line that names @name, the line and what is wrong.
 */
int program_read(struct program *program, FILE *in, const char *name);

#endif
