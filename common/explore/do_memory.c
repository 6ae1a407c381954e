// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* do_memory.c - memories are opened, written by the CPU, registered, prefetched */
#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "env/room.h"
#include "explore/content.h"
#include "explore/do.h"
#include "scenario/scenario.h"
#include "testcase/test.h"

static bool can_be_opened(const struct world *world, const struct step *step)
{
	enum region_kind kind = (enum region_kind)step->kind;
	char why[256];

	if (world->memories[step->memory].target || !step->len ||
	    step->len % PAGE_BYTES || step->len > MEMORY_BYTES)
		return false;
	/* a file on DAX cannot be pinned, and the rest of its kind is as anonymous */
	if (step->mode == MR_PINNED && kind != REGION_ANON && kind != REGION_MEMFD)
		return false;
	return env_has_place(world->t->env, kind, why, sizeof(why));
}

void(do_open)(struct world *world, const struct step *step)
{
	struct memory *m = &world->memories[step->memory];
	struct target_spec spec = {
		.kind = (enum region_kind)step->kind,
		.mode = (enum mr_mode)step->mode,
		.len = step->len,
		.access = step->rights == RIGHTS_READ ? MR_READ_ONLY : MR_READ_WRITE,
	};

	if (!can_be_opened(world, step))
		return;
	m->words = calloc(step->len / WORD_BYTES, sizeof(*m->words));
	m->pages = calloc(step->len / PAGE_BYTES, sizeof(*m->pages));
	if (!m->words || !m->pages)
		test_fail(world->t, "no memory for the model");
	m->opened = step;
	m->len = m->size = step->len;
	m->registered = true;
	content_zero(m, 0, m->len);
	pages_set(m, 0, m->len, PAGE_READ_WRITE);
	m->target = step->role == RESPONDER ? (responder_target)(world->t, spec) :
					      (initiator_target)(world->t, spec);
}

/* A range of words, in the memory. */
static struct memory *words_of(struct world *world, const struct step *step)
{
	struct memory *m = world_memory(world, step);

	if (!m || !step->len || step->len > m->len || step->offset > m->len - step->len)
		return NULL;
	return m;
}

/* Through the file, which private memory of a file does not see. */
void(do_fill)(struct world *world, const struct step *step)
{
	struct memory *m = words_of(world, step);
	uint16_t generation;

	if (!m || world->storm == m || !memory_has_file(m) ||
	    step->offset + step->len > m->size)
		return;
	generation = world_generation(world);
	content_put(world, m, step->offset, step->len, generation);
	(target_fill)(world->t, m->target, step->offset, step->len, generation);
}

void(do_store)(struct world *world, const struct step *step)
{
	struct memory *m = words_of(world, step);
	uint16_t generation;

	if (!m || world->storm == m ||
	    !pages_allow(m, step->offset, step->len, PAGE_READ_WRITE))
		return;
	generation = world_generation(world);
	content_put(world, m, step->offset, step->len, generation);
	(target_store)(world->t, m->target, step->offset, step->len, generation);
}

void(do_look)(struct world *world, const struct step *step)
{
	struct memory *m = world_memory(world, step);

	if (!m)
		return;
	look_at(world, m);
}

/*
 * An implicit region is not deregistered: a page fault of it that is reported twice may
 * be served yet (test_let_faults_end()).
 */
void(do_deregister)(struct world *world, const struct step *step)
{
	struct memory *m = world_memory(world, step);

	if (!m || !m->registered || m->opened->mode != MR_ODP || world->storm == m)
		return;
	m->registered = false;
	(target_deregister)(world->t, m->target);
}

void(do_register)(struct world *world, const struct step *step)
{
	struct memory *m = world_memory(world, step);

	if (!m || m->registered || !pages_allow(m, 0, m->len, PAGE_READ_WRITE))
		return;
	m->registered = true;
	(target_register)(world->t, m->target);
}

/*
 * Must a prefetch succeed? It asks for what its advice says. NO_FAULT takes what is
 * resident. soft-RoCE demands local write of the key for every advice (PF-08).
 */
static enum due prefetch_due(const struct world *world, const struct memory *m,
			     const struct step *step)
{
	bool writes = step->advice == MR_PREFETCH_WRITE;
	uint64_t good;
	enum due due = memory_due(world, m, step->offset, step->len, writes, &good);

	if (m->opened->rights == RIGHTS_READ && due == MUST_SUCCEED)
		return writes ? MUST_FAIL : MAY_FAIL;
	return step->advice == MR_PREFETCH_NO_FAULT ? MAY_FAIL : due;
}

void(do_prefetch)(struct world *world, const struct step *step)
{
	struct memory *m = words_of(world, step);
	enum due due;
	int error;

	if (!m || !m->registered || memory_is_pinned(m) || world->t->env->prefetch)
		return;
	due = prefetch_due(world, m, step);
	error = (advise_errno)(world->t,
			       (struct advice){ m->target, step->offset, step->len,
						(enum mr_advice)step->advice });
	m->refused_in_part |= error && step->len > PAGE_BYTES;
	if (error && due == MUST_SUCCEED)
		test_fail_errno(world->t, error, "the prefetch is refused");
	if (!error && due == MUST_FAIL)
		test_fail(world->t, "the prefetch of memory that cannot be accessed "
				    "succeeds");
}
