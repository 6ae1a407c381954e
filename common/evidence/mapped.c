// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mapped.c - the pages that the device has, as the kernel's trace tells it */
#include "evidence/mapped.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"

#define BLOCK_BYTES ((uint64_t)MAPPED_BLOCK_PAGES * PAGE_BYTES)
#define MAX_BLOCKS  65536 /* 128 GiB of regions, of all processes */

static struct mapped_block **bucket_of(struct mapped *mapped, uint64_t umem,
				       uint64_t base)
{
	uint64_t key = (umem >> 6) ^ (base / BLOCK_BYTES);

	return &mapped->bucket[(key * 0x9e3779b97f4a7c15ull) >> 54];
}

static struct mapped_block *find(struct mapped *mapped, uint64_t umem, uint64_t base)
{
	struct mapped_block *block = *bucket_of(mapped, umem, base);

	while (block && (block->umem != umem || block->base != base))
		block = block->next;
	return block;
}

static struct mapped_block *add(struct mapped *mapped, uint64_t umem, uint64_t base)
{
	struct mapped_block **bucket = bucket_of(mapped, umem, base), *block;

	if (mapped->blocks == MAX_BLOCKS)
		return NULL;
	block = malloc(sizeof(*block));
	if (!block)
		return NULL;
	*block = (struct mapped_block){ .next = *bucket, .umem = umem, .base = base };
	memset(block->page, mapped->unseen, sizeof(block->page));
	*bucket = block;
	mapped->blocks++;
	return block;
}

uint8_t *mapped_page(struct mapped *mapped, uint64_t umem, uint64_t va)
{
	uint64_t base = round_down(va, BLOCK_BYTES);
	struct mapped_block *block = find(mapped, umem, base);

	if (!block)
		block = add(mapped, umem, base);
	return block ? &block->page[(va - base) / PAGE_BYTES] : NULL;
}

/* A part of a block, as pages from .first on. */
struct part {
	uint64_t first, n;
};

static struct part overlap(const struct mapped_block *block, uint64_t from, uint64_t to)
{
	uint64_t begin = from > block->base ? round_down(from, PAGE_BYTES) : block->base;
	uint64_t end = size_min(to, block->base + BLOCK_BYTES);

	if (begin >= end)
		return (struct part){ 0 };
	return (struct part){ (begin - block->base) / PAGE_BYTES,
			      pages_spanned(begin, end - begin) };
}

#define EACH_BLOCK(mapped, block)                                              \
	for (size_t i_ = 0; i_ < MAPPED_BUCKETS; i_++)                         \
		for (struct mapped_block *block = (mapped)->bucket[i_]; block; \
		     block = block->next)

static void forget(struct mapped_block *block, uint64_t from, uint64_t to)
{
	struct part part = overlap(block, from, to);

	for (uint64_t i = 0; i < part.n; i++)
		block->page[part.first + i] &= MAPPED_BEFORE;
}

/* A range that is longer may be the whole address space: what is known of it is less. */
#define SHORT_RANGE (16 * BLOCK_BYTES)

void mapped_remove(struct mapped *mapped, uint64_t umem, uint64_t from, uint64_t to)
{
	if (to - from > SHORT_RANGE) {
		EACH_BLOCK(mapped, block)
		if (block->umem == umem)
			forget(block, from, to);
		return;
	}
	for (uint64_t base = round_down(from, BLOCK_BYTES); base < to;
	     base += BLOCK_BYTES) {
		struct mapped_block *block = find(mapped, umem, base);

		/* absent is more than is known of a page that is in doubt */
		if (!block && mapped->unseen)
			block = add(mapped, umem, base);
		if (block)
			forget(block, from, to);
	}
}

void mapped_keep_before(struct mapped *mapped, uint64_t umem, uint64_t from, uint64_t to)
{
	for (uint64_t va = round_down(from, PAGE_BYTES); va < to; va += PAGE_BYTES) {
		uint8_t *page = mapped_page(mapped, umem, va);

		if (page && *page & MAPPED_READ && !(*page & MAPPED_PERHAPS))
			*page |= (uint8_t)((*page & (MAPPED_READ | MAPPED_WRITE))
					   << MAPPED_BEFORE_SHIFT);
	}
}

void mapped_forget_before(struct mapped *mapped, uint64_t umem, uint64_t from,
			  uint64_t to)
{
	for (uint64_t va = from; va < to; va += PAGE_BYTES) {
		uint8_t *page = mapped_page(mapped, umem, va);

		if (page)
			*page &= (uint8_t)~MAPPED_BEFORE;
	}
}

uint8_t mapped_when_asked(const uint8_t *page)
{
	if (!page)
		return MAPPED_PERHAPS;
	return (*page & (uint8_t)~MAPPED_BEFORE) |
	       (*page & MAPPED_BEFORE) >> MAPPED_BEFORE_SHIFT;
}

void mapped_doubt(struct mapped *mapped)
{
	mapped->unseen = MAPPED_PERHAPS;
	EACH_BLOCK(mapped, block)
	for (size_t i = 0; i < MAPPED_BLOCK_PAGES; i++)
		block->page[i] |= MAPPED_PERHAPS;
}

void mapped_visit(struct mapped *mapped, uint64_t from, uint64_t to,
		  void (*visit)(uint8_t *page, void *data), void *data)
{
	EACH_BLOCK(mapped, block)
	{
		struct part part = overlap(block, from, to);

		for (uint64_t i = 0; i < part.n; i++)
			visit(&block->page[part.first + i], data);
	}
}

void mapped_clear(struct mapped *mapped)
{
	for (size_t i = 0; i < MAPPED_BUCKETS; i++)
		while (mapped->bucket[i]) {
			struct mapped_block *block = mapped->bucket[i];

			mapped->bucket[i] = block->next;
			free(block);
		}
	*mapped = (struct mapped){ 0 };
}
