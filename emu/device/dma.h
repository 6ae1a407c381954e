/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * dma.h - the guest's memory, as far as the device may reach it
 *
 * The client maps windows of bus addresses, each backed by a file that it shares: a few
 * large ones, or one of each page behind an IOMMU. No access ever leaves a window: what
 * lies outside is refused, and the caller decides what that means for the operation.
 */
#ifndef ODPLAB_EMU_DMA_H
#define ODPLAB_EMU_DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DMA_WINDOWS (1u << 18) /* 1 GiB of small pages behind an IOMMU */
#define DMA_FILES   16

/* A file is mapped once and whole: a process can have few mappings (vm.max_map_count). */
struct dma_file {
	dev_t device; /* to find the NVDIMM's */
	ino_t inode;
	uint8_t *host;
	uint64_t size;
	bool writable;
	unsigned int windows; /* in it; with the last one it is unmapped */
};

struct dma_window {
	uint64_t addr, size;
	uint8_t *host; /* NULL: mapped without a file, out of the device's reach */
	bool writable;
	struct dma_file *file; /* NULL: memory of this process, or none */
};

struct dma {
	void *tree;		 /* of windows, by address: tsearch(3) */
	struct dma_window *last; /* where the last access went */
	struct dma_file files[DMA_FILES];
	unsigned int n, most;  /* windows, now and at most */
	uint64_t maps, unmaps; /* of windows */
	uint64_t refused;      /* accesses */
	uint64_t refused_addr; /* of the last one ... */
	bool refused_new;      /* ... until the client was asked about it */
};

/*
 * Maps @size bytes of @fd (-1: none), which stays the caller's. 0 or -errno with a line.
 */
int dma_map(struct dma *dma, uint64_t addr, uint64_t size, int fd, uint64_t offset,
	    bool writable);

/* Maps memory of this process; for the tests' own guests. */
int dma_map_host(struct dma *dma, uint64_t addr, uint64_t size, void *host);

/*
 * Unmaps the windows in the range, of which there may be none. Returns 0, or -EINVAL and
 * unmaps nothing where the range begins or ends within a window.
 */
int dma_unmap(struct dma *dma, uint64_t addr, uint64_t size);
void dma_unmap_all(struct dma *dma);

/* The window that holds the byte, or NULL; the lowest of those in the range. */
struct dma_window *dma_window(struct dma *dma, uint64_t addr);
struct dma_window *dma_first(struct dma *dma, uint64_t addr, uint64_t size);

/* The file that a byte of this process is in, or NULL. */
const struct dma_file *dma_file(const struct dma *dma, const uint8_t *host);

/*
 * Sets *host to the byte at @addr. Returns how many of the @len bytes follow it there; 0
 * if that byte is out of reach.
 */
uint64_t dma_span(struct dma *dma, uint64_t addr, uint64_t len, bool write,
		  uint8_t **host);

/* The @len bytes at @addr if they lie in one window, else NULL. */
void *dma_at(struct dma *dma, uint64_t addr, uint64_t len, bool write);

#endif
