/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * dma.h - the guest's memory, as far as the device may reach it
 *
 * The client maps windows of bus addresses, each backed by a file that it shares. No
 * access ever leaves a window: what lies outside is refused, and the caller decides what
 * that means for the operation.
 */
#ifndef ODPLAB_EMU_DMA_H
#define ODPLAB_EMU_DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DMA_WINDOWS 256

struct dma_window {
	uint64_t addr, size;
	uint8_t *host; /* NULL: mapped without a file, out of the device's reach */
	bool writable;
	bool mapped;  /* by us, to be unmapped by us */
	dev_t device; /* the file that backs it, to find the NVDIMM's window */
	ino_t inode;
	uint64_t offset; /* in that file */
};

struct dma {
	struct dma_window windows[DMA_WINDOWS];
	unsigned int n;
	unsigned int last; /* where the last access went */
};

/*
 * Maps @size bytes of @fd (-1: none), which stays the caller's. 0 or -errno with a line.
 */
int dma_map(struct dma *dma, uint64_t addr, uint64_t size, int fd, uint64_t offset,
	    bool writable);

/* Maps memory of this process; for the tests' own guests. */
int dma_map_host(struct dma *dma, uint64_t addr, uint64_t size, void *host);

/* Unmaps the windows within the range. -ENOENT if there is none. */
int dma_unmap(struct dma *dma, uint64_t addr, uint64_t size);
void dma_unmap_all(struct dma *dma);

/* The window that holds the byte, or NULL. */
const struct dma_window *dma_window(struct dma *dma, uint64_t addr);

/*
 * Sets *host to the byte at @addr. Returns how many of the @len bytes follow it there; 0
 * if that byte is out of reach.
 */
uint64_t dma_span(struct dma *dma, uint64_t addr, uint64_t len, bool write,
		  uint8_t **host);

/* The @len bytes at @addr if they lie in one window, else NULL. */
void *dma_at(struct dma *dma, uint64_t addr, uint64_t len, bool write);

#endif
