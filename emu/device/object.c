// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* object.c - things that the driver knows by number */
#include "device/object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 64

void objects_init(struct objects *table, uint32_t first, uint32_t limit)
{
	*table = (struct objects){ .first = first, .limit = limit };
}

static int grow(struct objects *table)
{
	uint32_t size = table->size ? table->size * 2 : FIRST_SIZE;
	struct object **slots;

	if (size > table->limit)
		size = table->limit;
	if (size == table->size)
		return -ENOSPC;
	slots = realloc(table->slots, size * sizeof(struct object *));
	if (!slots)
		return -ENOMEM;
	memset(slots + table->size, 0, (size - table->size) * sizeof(struct object *));
	table->next = table->size;
	table->slots = slots;
	table->size = size;
	return 0;
}

int objects_add(struct objects *table, struct object *object)
{
	/* at most half full, so that a number rests a while before it comes back */
	if (table->count * 2 >= table->size) {
		int ret = grow(table);

		if (ret && (ret == -ENOMEM || table->count == table->size))
			return ret;
	}
	while (table->slots[table->next])
		table->next = (table->next + 1) % table->size;
	table->slots[table->next] = object;
	object->number = table->first + table->next;
	table->next = (table->next + 1) % table->size;
	table->count++;
	return 0;
}

void objects_remove(struct objects *table, struct object *object)
{
	table->slots[object->number - table->first] = NULL;
	table->count--;
}

struct object *objects_get(const struct objects *table, uint32_t number)
{
	uint32_t slot = number - table->first;

	return slot < table->size ? table->slots[slot] : NULL;
}

struct object *objects_next(const struct objects *table, uint32_t *number)
{
	uint32_t slot = *number < table->first ? 0 : *number - table->first;

	for (; slot < table->size; slot++) {
		if (table->slots[slot]) {
			*number = table->first + slot + 1;
			return table->slots[slot];
		}
	}
	return NULL;
}

void objects_free(struct objects *table)
{
	free(table->slots);
	objects_init(table, table->first, table->limit);
}
