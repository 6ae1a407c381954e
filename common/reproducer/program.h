/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* program.h - a program while it is written, for the files of this folder */
#ifndef ODPLAB_REPRODUCER_PROGRAM_H
#define ODPLAB_REPRODUCER_PROGRAM_H

#include <stdio.h>

#include "reproducer/part.h"
#include "reproducer/reproducer.h"

#define PROGRAM_TARGETS 64 /* of a scenario; ids of a side are below it */
#define PROGRAM_WINDOWS 8
#define PROGRAM_SEEDS	64

/* A target of the scenario: a struct memory of the program. */
struct variable {
	char name[16]; /* "own0", "peer0" */
	enum side_role role;
	uint32_t id;
	struct target_spec spec;
	struct target_info info;
	bool file; /* it has one */
};

struct program {
	FILE *body; /* of main() */
	const struct record_entry *entry;
	unsigned int left;  /* entries after it */
	unsigned int taken; /* of these, by what was written for this one */
	const char *step;
	bool uses[PARTS];
	struct variable variable[PROGRAM_TARGETS];
	unsigned int variables, of_role[SIDE_ROLES];
	struct {
		uint32_t key;
		const struct variable *variable;
	} window[PROGRAM_WINDOWS];
	unsigned int windows;
	uint64_t seed[PROGRAM_SEEDS];
	unsigned int seeds;
	struct rdma_qp_spec queue_pair;
	/* what its queue pairs must have */
	unsigned int pairs, sges, inline_bytes;
	uint32_t odp_operations; /* enum odp_operation, on RC */
	bool odp, implicit;
	const char *directory;	  /* what argv[2] must be, or NULL */
	char why[REPRODUCER_WHY]; /* there can be no program; "": so far there can */
};

/* Writes a line of main(), after the step where that is a new one. */
void program_say(struct program *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* There can be no program. The first reason is kept. */
void program_cannot(struct program *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void program_use(struct program *p, enum part part);

/* The variable of the target @id of a side, the newest; NULL after program_cannot(). */
struct variable *program_variable(struct program *p, enum side_role role, uint32_t id);
/* Of the entry's request. */
struct variable *program_target(struct program *p);

/* Does an offset from a target lead to no place near it? */
bool program_is_far(uint64_t offset);

/* "own0.addr + 64"; of a far place its address. */
#define PLACE_TEXT 64
const char *program_place(const struct variable *v, uint64_t offset,
			  char text[PLACE_TEXT]);

/* "peer0.rkey", "window0->rkey", or, of a key that nothing has, "(peer0.rkey ^ 255)" */
#define KEY_TEXT 32
void program_key(struct program *p, uint32_t key, char text[KEY_TEXT]);

/* What an operation is aimed at. */
struct aim {
	const struct variable *variable;
	uint64_t offset; /* from the start of its mapping */
	char key[KEY_TEXT];
	bool own_key; /* of the variable itself */
};

/*
 * At the target that has the key, unless only another one has the address. Returns false
 * after program_cannot().
 */
bool program_aim(struct program *p, const struct rdma_op *op, struct aim *aim);

/* Writes the registration that the variable's .spec asks for. @due: its errno. */
void program_register(struct program *p, const struct variable *v, int due);

/* How the operation must end: "IBV_WC_SUCCESS". */
#define STATUS_TEXT 40
const char *program_status(struct program *p, const struct record_entry *e,
			   char text[STATUS_TEXT]);

/* The number of what @seed stands for: "SALT0". */
unsigned int program_salt(struct program *p, uint64_t seed);

/* Writes what one kind of request does. */
typedef void emit_fn(struct program *p, const struct record_entry *e);

emit_fn emit_target_open, emit_target_register, emit_target_close, emit_close_file,
	emit_deregister, emit_reregister, emit_advise;
emit_fn emit_fill, emit_store, emit_check_mapping, emit_check_file, emit_check_either,
	emit_read_word, emit_add, emit_child_begin, emit_child_data, emit_child_end;
emit_fn emit_madvise, emit_unmap, emit_map, emit_remap, emit_protect, emit_truncate,
	emit_fallocate, emit_sync, emit_clone, emit_map_other_file, emit_advice,
	emit_advice_number, emit_invalidate;
emit_fn emit_qp_open, emit_qp_connect, emit_post, emit_wait, emit_collect, emit_post_recv,
	emit_wait_recv, emit_window_bind, emit_window_invalidate;

/* The program whose main() has @body. The caller frees it; NULL: no memory. */
char *program_text(const struct program *p, const struct reproducer_facts *facts,
		   const char *body);

/* Does the program, as it is written, find the entry wrong? */
bool entry_is_wrong(const struct record_entry *e);

#endif
