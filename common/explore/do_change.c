// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* do_change.c - what takes pages of a memory away, and what becomes of its data */
#include "base/util.h"
#include "explore/content.h"
#include "explore/do.h"
#include "explore/known.h"
#include "explore/way.h"
#include "scenario/scenario.h"
#include "testcase/test.h"

/* A change of the mapping or the file: when it can be done, and what it does. */
struct change {
	enum request_kind request;
	bool (*applies)(const struct memory *m, const struct step *step);
	void (*model)(struct memory *m, const struct step *step);
};

static bool is_mapped(const struct memory *m, const struct step *step)
{
	return !pages_miss(m, step->offset, step->len);
}

/* Private memory that is given back reads as zeros, or as its file, which holds zeros. */
static void model_evict(struct memory *m, const struct step *step)
{
	if (memory_is_private(m))
		content_zero(m, step->offset, step->len);
}

static bool always(const struct memory *m, const struct step *step)
{
	return true;
}

static void model_remap(struct memory *m, const struct step *step)
{
	model_evict(m, step);
	pages_set(m, step->offset, step->len, PAGE_READ_WRITE);
}

static void model_unmap(struct memory *m, const struct step *step)
{
	model_evict(m, step);
	pages_set(m, step->offset, step->len, PAGE_UNMAPPED);
}

static void model_map(struct memory *m, const struct step *step)
{
	if (memory_is_private(m))
		content_zero(m, 0, m->len);
	pages_set(m, 0, m->len, PAGE_READ_WRITE);
}

static void model_protect(struct memory *m, const struct step *step)
{
	static const enum page pages[] = {
		[REGION_READ_WRITE] = PAGE_READ_WRITE,
		[REGION_READ_ONLY] = PAGE_READ_ONLY,
		[REGION_NO_ACCESS] = PAGE_NO_ACCESS,
	};

	pages_set(m, step->offset, step->len, pages[step->protection]);
}

static bool is_in_file(const struct memory *m, const struct step *step)
{
	return memory_has_file(m) && step->offset + step->len <= m->size;
}

static void model_zero(struct memory *m, const struct step *step)
{
	content_zero(m, step->offset, step->len);
}

static bool can_truncate(const struct memory *m, const struct step *step)
{
	return memory_has_file(m) && !(step->len % PAGE_BYTES) && step->len <= m->len;
}

static void model_truncate(struct memory *m, const struct step *step)
{
	if (step->len < m->size)
		content_zero(m, step->len, m->size - step->len);
	m->size = step->len;
}

/* The filesystems of DAX files know these; tmpfs and memfds do not. */
static bool is_in_dax_file(const struct memory *m, const struct step *step)
{
	return m->opened->kind == REGION_FSDAX && is_in_file(m, step);
}

static bool can_collapse(const struct memory *m, const struct step *step)
{
	return is_in_dax_file(m, step) && step->offset + step->len < m->size;
}

static void model_collapse(struct memory *m, const struct step *step)
{
	uint64_t after = step->offset + step->len;

	content_move(m, step->offset, after, m->size - after);
	m->size -= step->len;
	content_zero(m, m->size, step->len);
}

/* Where the file is shorter than its mapping by so much. */
static bool can_insert(const struct memory *m, const struct step *step)
{
	return m->opened->kind == REGION_FSDAX && step->offset < m->size &&
	       m->size + step->len <= m->len;
}

static void model_insert(struct memory *m, const struct step *step)
{
	content_move(m, step->offset + step->len, step->offset, m->size - step->offset);
	content_zero(m, step->offset, step->len);
	m->size += step->len;
}

static bool has_file(const struct memory *m, const struct step *step)
{
	return memory_has_file(m);
}

static void model_nothing(struct memory *m, const struct step *step)
{
}

static const struct change changes[ACTIONS] = {
	[DO_EVICT] = { SIDE_TARGET_EVICT, is_mapped, model_evict },
	[DO_REMAP] = { SIDE_TARGET_REMAP, always, model_remap },
	[DO_UNMAP] = { SIDE_TARGET_UNMAP, always, model_unmap },
	[DO_MAP] = { SIDE_TARGET_MAP, always, model_map },
	[DO_PROTECT] = { SIDE_TARGET_PROTECT, is_mapped, model_protect },
	[DO_PUNCH] = { SIDE_TARGET_PUNCH, is_in_file, model_zero },
	[DO_ZERO] = { SIDE_TARGET_ZERO, is_in_dax_file, model_zero },
	[DO_TRUNCATE] = { SIDE_TARGET_TRUNCATE, can_truncate, model_truncate },
	[DO_COLLAPSE] = { SIDE_TARGET_COLLAPSE, can_collapse, model_collapse },
	[DO_INSERT] = { SIDE_TARGET_INSERT, can_insert, model_insert },
	[DO_SYNC] = { SIDE_TARGET_SYNC, has_file, model_nothing },
};

/* Of pinned memory the process may lose pages that the device keeps: it is left alone. */
void(do_change)(struct world *world, const struct step *step)
{
	const struct change *change = &changes[step->action];
	bool whole = step->action == DO_MAP || step->action == DO_TRUNCATE ||
		     step->action == DO_SYNC;
	struct memory *m = whole ? world_memory(world, step) : world_pages(world, step);

	if (!m || memory_is_pinned(m) || world->storm == m || !change->applies(m, step))
		return;
	change->model(m, step);
	m->taken = true;
	ASK_TARGET(world->t, m->target, action_name(step->action), change->request,
		   .offset = whole ? 0 : step->offset,
		   .len = step->action == DO_MAP || step->action == DO_SYNC ? 0 :
									      step->len,
		   .argument = step->protection);
}

/* A way needs memory that can be read and written, by its process too. */
static const struct way *way_of(const struct world *world, const struct memory *m,
				const struct step *step, uint64_t offset, uint64_t len)
{
	const struct way *way = &ways[step->way];

	if (way->reclaims && known_allowance(world, m) & KNOWN_CLEAN)
		return NULL;
	if (memory_is_pinned(m) || !(way->kinds & 1u << m->opened->kind) ||
	    needs_lacking(way->needs, world->t->env) ||
	    !pages_allow(m, offset, len, PAGE_READ_WRITE))
		return NULL;
	return way;
}

void(do_invalidate)(struct world *world, const struct step *step)
{
	struct memory *m = world_pages(world, step);
	const struct way *way;

	if (!m || world->storm == m)
		return;
	way = way_of(world, m, step, step->offset, step->len);
	if (!way)
		return;
	if (way->loses)
		content_lose(m, step->offset, step->len);
	m->taken = true;
	(invalidate)(world->t, m->target, step->offset, step->len, way->by);
}

#define STORM_PAUSE_US 100

/* A forked child and a storm that forks would have each other's pages. */
void(do_storm)(struct world *world, const struct step *step)
{
	struct memory *m = world_memory(world, step);
	const struct way *way;

	if (!m || world->storm || world->child)
		return;
	way = way_of(world, m, step, 0, m->len);
	if (!way)
		return;
	world->storm = m;
	world->storm_way = way;
	m->taken = true;
	if (way->loses)
		content_lose(m, 0, m->len);
	storm_begins(world->t, m->target, way->by, STORM_PAUSE_US, world->t->step,
		     world->t->file, world->t->line);
}

void(do_calm)(struct world *world, const struct step *step)
{
	if (!world->storm)
		return;
	storm_ends(world->t, world->t->step, world->t->file, world->t->line);
	world->storm = NULL;
}
