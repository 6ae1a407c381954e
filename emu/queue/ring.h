/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ring.h - a buffer in the guest's memory, scattered over pages: queues live in these */
#ifndef ODPLAB_EMU_RING_H
#define ODPLAB_EMU_RING_H

#include "device/dma.h"

struct ring {
	uint64_t *pages;
	uint64_t bytes;	 /* usable, from the offset on */
	uint64_t offset; /* where the buffer begins in its first page */
	unsigned int page_shift;
	unsigned int n; /* pages */
};

/* A buffer as a command describes it. */
struct ring_place {
	const uint8_t *pas;    /* big-endian page addresses */
	uint64_t pas_bytes;    /* that are there */
	unsigned int log_page; /* in units of 4 KiB */
	unsigned int offset;   /* in 64ths of a page */
	uint64_t bytes;	       /* that the queue needs */
};

/* 0, -EINVAL if the page list is too short, -ENOMEM. */
int ring_init(struct ring *ring, const struct ring_place *place);
void ring_free(struct ring *ring);

/* The @len bytes at @offset if they lie within one page, in reach; else NULL. */
void *ring_at(struct dma *dma, const struct ring *ring, uint64_t offset, uint64_t len);

#endif
