/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * world.h - the memories of a program, and what the model knows of them
 *
 * The model follows each step before it is done. It knows of each page whether it can be
 * accessed, and of each word of 8 bytes what it holds, or that it cannot be known.
 */
#ifndef ODPLAB_EXPLORE_WORLD_H
#define ODPLAB_EXPLORE_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/program.h"
#include "region/region_ops.h"

struct test;
struct target;
struct way;

#define WORD_BYTES   sizeof(uint64_t)
#define MEMORY_BYTES (4ull << 20) /* at most */

/* What a word of memory holds. */
struct word {
	enum { WORD_DATA, WORD_NUMBER, WORD_UNKNOWN } kind;
	bool or_zeros; /* that, or zeros */
	/* of data: the memory that it was written for, and its generation */
	unsigned char memory;
	uint16_t generation;
	uint64_t value; /* of data: its offset there; of a number: itself */
};

/* What the process may do with a page, by its mapping. */
enum page { PAGE_UNMAPPED, PAGE_NO_ACCESS, PAGE_READ_ONLY, PAGE_READ_WRITE };

struct memory {
	struct target *target; /* NULL: not open */
	const struct step *opened;
	uint64_t len, size; /* of the mapping; of the file, which can be shorter */
	bool registered;
	bool taken;		  /* pages of it were taken away from the device */
	bool refused_in_part;	  /* an access to several of its pages was refused */
	struct word *words;	  /* len / 8 */
	unsigned char *pages;	  /* enum page, len / 4096 */
	struct word *child_words; /* of the forked child, where it has its own; or NULL */
	unsigned char *child_pages;
	uint64_t child_size;
};

struct world {
	struct test *t;
	const struct program *program;
	/* of each step, and of the look at all: the test keeps pointers to them */
	char texts[PROGRAM_STEPS + 1][STEP_TEXT];
	bool strict; /* no allowance for known defects, see known.h */
	struct memory memories[MEMORIES];
	struct target
		*pond; /* pinned memory of the initiator that READs of all go into */
	uint16_t generation; /* of the last data */
	bool child;
	struct memory *storm; /* the memory that a storm is on, or NULL */
	const struct way *storm_way;
};

/*
 * The test is at the @i-th step, in the file "program" at the line of its number; at its
 * end if there is none.
 */
void world_at(struct world *world, unsigned int i);

/* What the kind of a memory implies. */
bool memory_is_private(const struct memory *m); /* its pages are the process's own */
bool memory_is_pinned(const struct memory *m);
bool memory_has_file(const struct memory *m); /* that others can change, too */

/* Ends it: the memory of the model is freed. */
void world_free(struct world *world);

/*
 * The memory, or that of a step; that of a step whose range is whole pages of it. NULL
 * where it is not open, or a known defect has spoilt it.
 */
struct memory *world_usable(const struct world *world, struct memory *m);
struct memory *world_memory(struct world *world, const struct step *step);
struct memory *world_pages(struct world *world, const struct step *step);

/* Data that was never written before. */
uint16_t world_generation(struct world *world);

void pages_set(struct memory *m, uint64_t offset, uint64_t len, enum page page);

/* Has the process of the memory at least @least on each page of the range? */
bool pages_allow(const struct memory *m, uint64_t offset, uint64_t len, enum page least);

/* Is any page of the range not mapped? */
bool pages_miss(const struct memory *m, uint64_t offset, uint64_t len);

/* How an access by the device must end. */
enum due { MUST_SUCCEED, MAY_FAIL, MUST_FAIL };

/*
 * By the mapping alone. *good: how many bytes, from the first, an access that fails may
 * have reached.
 */
enum due memory_due(const struct world *world, const struct memory *m, uint64_t offset,
		    uint64_t len, bool writes, uint64_t *good);

#endif
