// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* world.c - the memories of a program: which pages can be accessed */
#include "explore/world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"
#include "explore/known.h"
#include "explore/way.h"
#include "rdma/mr.h"
#include "region/region.h"
#include "testcase/step.h"

void world_at(struct world *world, unsigned int i)
{
	char *text = world->texts[i];

	if (i < world->program->n)
		step_text(&world->program->steps[i], text);
	else
		snprintf(text, STEP_TEXT, "look at all");
	test_at(world->t, "program", (int)i + 1, text);
}

bool memory_is_private(const struct memory *m)
{
	return m->opened->kind == REGION_ANON || m->opened->kind == REGION_THP ||
	       m->opened->kind == REGION_FSDAX_PRIVATE;
}

bool memory_is_pinned(const struct memory *m)
{
	return m->opened->mode == MR_PINNED;
}

bool memory_has_file(const struct memory *m)
{
	return !memory_is_private(m);
}

void world_free(struct world *world)
{
	for (size_t i = 0; i < MEMORIES; i++) {
		free(world->memories[i].words);
		free(world->memories[i].pages);
		free(world->memories[i].child_words);
		free(world->memories[i].child_pages);
	}
}

struct memory *world_usable(const struct world *world, struct memory *m)
{
	return m->target && !(known_allowance(world, m) & KNOWN_SPOILT) ? m : NULL;
}

struct memory *world_memory(struct world *world, const struct step *step)
{
	return world_usable(world, &world->memories[step->memory]);
}

struct memory *world_pages(struct world *world, const struct step *step)
{
	struct memory *m = world_memory(world, step);

	if (!m || step->offset % PAGE_BYTES || step->len % PAGE_BYTES || !step->len ||
	    step->len > m->len || step->offset > m->len - step->len)
		return NULL;
	return m;
}

uint16_t world_generation(struct world *world)
{
	return ++world->generation;
}

void pages_set(struct memory *m, uint64_t offset, uint64_t len, enum page page)
{
	for (uint64_t i = offset / PAGE_BYTES; i < (offset + len) / PAGE_BYTES; i++)
		m->pages[i] = (unsigned char)page;
}

bool pages_allow(const struct memory *m, uint64_t offset, uint64_t len, enum page least)
{
	uint64_t n = pages_spanned(offset, len);

	if (offset + len > m->size)
		return false;
	for (uint64_t i = offset / PAGE_BYTES; n--; i++)
		if (m->pages[i] < least)
			return false;
	return true;
}

bool pages_miss(const struct memory *m, uint64_t offset, uint64_t len)
{
	for (uint64_t i = offset / PAGE_BYTES; i < (offset + len) / PAGE_BYTES; i++)
		if (m->pages[i] == PAGE_UNMAPPED)
			return true;
	return false;
}

/*
 * Whether a READ of memory that the region could write and the process cannot is refused
 * depends on the driver: mlx5 asks for all that the region allows, soft-RoCE for what the
 * access needs.
 */
static enum due page_due(const struct world *world, const struct memory *m, uint64_t page,
			 bool writes)
{
	enum due due = MUST_SUCCEED;

	if (page * PAGE_BYTES >= m->size)
		return MUST_FAIL;
	if (memory_is_pinned(m))
		return MUST_SUCCEED;
	if (m->pages[page] <= PAGE_NO_ACCESS)
		return MUST_FAIL;
	if (m->pages[page] == PAGE_READ_ONLY) {
		if (writes)
			return MUST_FAIL;
		if (m->opened->rights == RIGHTS_WRITE)
			due = MAY_FAIL;
	}
	if (world->storm == m && world->storm_way->refuses)
		due = MAY_FAIL;
	if (known_allowance(world, m) & KNOWN_REFUSES)
		due = MAY_FAIL;
	return due;
}

enum due memory_due(const struct world *world, const struct memory *m, uint64_t offset,
		    uint64_t len, bool writes, uint64_t *good)
{
	uint64_t first = offset / PAGE_BYTES, n = pages_spanned(offset, len);
	enum due due = MUST_SUCCEED;

	*good = len;
	for (uint64_t page = first; page < first + n; page++) {
		enum due own = page_due(world, m, page, writes);

		if (own == MUST_FAIL) {
			*good = page == first ? 0 : page * PAGE_BYTES - offset;
			return MUST_FAIL;
		}
		due = own > due ? own : due;
	}
	return due;
}
