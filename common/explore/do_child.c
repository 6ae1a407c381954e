// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* do_child.c - a forked child of the responder, with its own copy of private memory */
#include <stdlib.h>
#include <string.h>

#include "explore/content.h"
#include "explore/do.h"
#include "scenario/scenario.h"
#include "testcase/test.h"

static void *copy(struct world *world, const void *from, uint64_t size)
{
	void *to = malloc(size);

	if (!to)
		test_fail(world->t, "no memory for the model");
	return memcpy(to, from, size);
}

/* What the child has of a memory: its page table, and of private memory its own data. */
static void give_to_child(struct world *world, struct memory *m)
{
	/* private pages are to be copied, and are taken from the device */
	m->taken = true;
	m->child_pages = copy(world, m->pages, m->len / PAGE_BYTES);
	if (memory_is_private(m))
		m->child_words =
			copy(world, m->words, m->len / WORD_BYTES * sizeof(*m->words));
}

static void forget_child(struct memory *m)
{
	free(m->child_pages);
	free(m->child_words);
	m->child_pages = NULL;
	m->child_words = NULL;
}

void(do_fork)(struct world *world, const struct step *step)
{
	if (world->child || world->storm)
		return;
	world->child = true;
	for (size_t i = 0; i < MEMORIES; i++)
		if (world->memories[i].target &&
		    world->memories[i].opened->role == RESPONDER)
			give_to_child(world, &world->memories[i]);
	(fork_child)(world->t);
}

/* The memory as the child has it. */
static struct memory as_child(const struct memory *m)
{
	struct memory child = *m;

	child.pages = m->child_pages;
	if (m->child_words)
		child.words = m->child_words;
	return child;
}

void(do_child_store)(struct world *world, const struct step *step)
{
	struct memory *m = world_memory(world, step);
	struct memory child;
	uint16_t generation;

	if (!world->child || !m || !m->child_pages || world->storm == m || !step->len ||
	    step->len > m->len || step->offset > m->len - step->len)
		return;
	child = as_child(m);
	if (!pages_allow(&child, step->offset, step->len, PAGE_READ_WRITE))
		return;
	generation = world_generation(world);
	for (uint64_t at = step->offset; at < step->offset + step->len; at += WORD_BYTES)
		child.words[at / WORD_BYTES] = (struct word){
			.memory = (unsigned char)step->memory,
			.generation = generation,
			.value = at,
		};
	(child_stores)(world->t, m->target, step->offset, step->len, generation);
}

void(do_child_look)(struct world *world, const struct step *step)
{
	struct memory *m = world_memory(world, step);
	struct memory child;

	if (!world->child || !m || !m->child_pages || world->storm == m)
		return;
	child = as_child(m);
	for (uint64_t at = 0; at < m->len; at += PAGE_BYTES)
		if (pages_allow(&child, at, PAGE_BYTES, PAGE_READ_ONLY))
			content_check(world,
				      &(struct glance){
					      .target = m->target,
					      .check = SIDE_CHILD_CHECK,
					      .at = at,
					      .words = &child.words[at / WORD_BYTES],
					      .n = PAGE_BYTES / WORD_BYTES,
					      .where = " in the child",
				      });
}

void(do_child_end)(struct world *world, const struct step *step)
{
	if (!world->child)
		return;
	world->child = false;
	for (size_t i = 0; i < MEMORIES; i++)
		forget_child(&world->memories[i]);
	(child_ends)(world->t);
}
