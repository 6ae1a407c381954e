/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * object.h - things that the driver knows by number
 *
 * Each kind has a table of its own. Numbers are given out round robin, so that a number
 * which the driver still uses by mistake does not name a new object at once. An object
 * that others refer to cannot be destroyed.
 */
#ifndef ODPLAB_EMU_OBJECT_H
#define ODPLAB_EMU_OBJECT_H

#include <stdint.h>

struct object {
	uint32_t number;
	uint32_t refs; /* other objects that point here */
};

struct objects {
	struct object **slots;
	uint32_t size;	/* slots allocated */
	uint32_t first; /* the smallest number */
	uint32_t limit; /* how many there may be */
	uint32_t next;	/* where to look for a free slot */
	uint32_t count;
};

void objects_init(struct objects *table, uint32_t first, uint32_t limit);

/* Gives the object a number. 0, -ENOSPC or -ENOMEM. */
int objects_add(struct objects *table, struct object *object);
void objects_remove(struct objects *table, struct object *object);

/* The object of that number, or NULL. */
struct object *objects_get(const struct objects *table, uint32_t number);

/* The first object at or after *number, which is set to one after it; NULL at the end. */
struct object *objects_next(const struct objects *table, uint32_t *number);

/* Frees the table, not the objects. */
void objects_free(struct objects *table);

#endif
