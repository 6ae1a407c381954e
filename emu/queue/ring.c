// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ring.c - a buffer in the guest's memory, scattered over pages */
#include "queue/ring.h"

#include "device/layout.h"

#include <errno.h>
#include <stdlib.h>

#define PAGE_SHIFT 12

int ring_init(struct ring *ring, const struct ring_place *place)
{
	unsigned int shift = place->log_page + PAGE_SHIFT;
	uint64_t offset = (uint64_t)place->offset << (shift - 6);
	uint64_t n = (offset + place->bytes + (1ull << shift) - 1) >> shift;

	if (n > place->pas_bytes / sizeof(uint64_t))
		return -EINVAL;
	*ring = (struct ring){ .bytes = place->bytes,
			       .offset = offset,
			       .page_shift = shift,
			       .n = (unsigned int)n };
	ring->pages = calloc(n ? n : 1, sizeof(uint64_t));
	if (!ring->pages)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++)
		ring->pages[i] = load_be64(place->pas + i * sizeof(uint64_t));
	return 0;
}

void ring_free(struct ring *ring)
{
	free(ring->pages);
	ring->pages = NULL;
	ring->bytes = 0;
}

void *ring_at(struct dma *dma, const struct ring *ring, uint64_t offset, uint64_t len)
{
	uint64_t in_page;

	if (offset > ring->bytes || len > ring->bytes - offset)
		return NULL;
	offset += ring->offset;
	in_page = offset & ((1ull << ring->page_shift) - 1);
	if (len > (1ull << ring->page_shift) - in_page)
		return NULL;
	return dma_at(dma, ring->pages[offset >> ring->page_shift] + in_page, len, true);
}
