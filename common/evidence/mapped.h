/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mapped.h - the pages that the device has, as the kernel's trace tells it
 *
 * One state a page of each of the kernel's regions (struct ib_umem_odp), of which two may
 * lie over the same addresses. A page of which nothing was traced is absent.
 */
#ifndef ODPLAB_EVIDENCE_MAPPED_H
#define ODPLAB_EVIDENCE_MAPPED_H

#include <stdint.h>

/* The state of a page: bits. 0: absent. */
enum {
	MAPPED_READ = 1 << 0,	 /* the device may read it */
	MAPPED_WRITE = 1 << 1,	 /* and write it */
	MAPPED_PERHAPS = 1 << 2, /* unknown: it may be absent, or not */
	/*
	 * a fault brought it that was for another page, and no statement has named it
	 * since
	 */
	MAPPED_ALONG = 1 << 3,
	/* the same of the right to write a page that could be read before */
	MAPPED_WRITE_ALONG = 1 << 4,
	/*
	 * It was there when a fault for it began, which has not returned, and has been
	 * invalidated since: as fault handlers do that change its rights, or copy it. The
	 * rights, shifted.
	 */
	MAPPED_BEFORE_SHIFT = 5,
	MAPPED_BEFORE = (MAPPED_READ | MAPPED_WRITE) << MAPPED_BEFORE_SHIFT,
};

#define MAPPED_BLOCK_PAGES 512
#define MAPPED_BUCKETS	   1024

struct mapped_block {
	struct mapped_block *next;
	uint64_t umem;
	uint64_t base; /* address of its first page */
	uint8_t page[MAPPED_BLOCK_PAGES];
};

struct mapped {
	struct mapped_block *bucket[MAPPED_BUCKETS];
	unsigned int blocks;
	uint8_t unseen; /* the state of pages of which nothing was traced */
};

/* The state of the page at @va. NULL where there is no room for more pages. */
uint8_t *mapped_page(struct mapped *mapped, uint64_t umem, uint64_t va);

/*
 * The pages of the region that lie in the range, in part or whole, become absent. They
 * keep MAPPED_BEFORE.
 */
void mapped_remove(struct mapped *mapped, uint64_t umem, uint64_t from, uint64_t to);

/* Pages that the device waits for go: what it had of them is kept in MAPPED_BEFORE. */
void mapped_keep_before(struct mapped *mapped, uint64_t umem, uint64_t from, uint64_t to);

/* It waits no more. */
void mapped_forget_before(struct mapped *mapped, uint64_t umem, uint64_t from,
			  uint64_t to);

/* What the device had when it asked. @page NULL: that is not kept. */
uint8_t mapped_when_asked(const uint8_t *page);

/* Events were lost: any page may have come or gone. */
void mapped_doubt(struct mapped *mapped);

/* Calls @visit for the known pages of all regions that lie in the range. */
void mapped_visit(struct mapped *mapped, uint64_t from, uint64_t to,
		  void (*visit)(uint8_t *page, void *data), void *data);

/* Forgets all pages. */
void mapped_clear(struct mapped *mapped);

#endif
