// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dma.c - the guest's memory, as far as the device may reach it */
#include "device/dma.h"

#include "base/log.h"
#include "base/util.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static bool overlaps(const struct dma_window *w, uint64_t addr, uint64_t size)
{
	return addr < w->addr + w->size && w->addr < addr + size;
}

static int check_range(const struct dma *dma, uint64_t addr, uint64_t size)
{
	if (!size || addr + size < addr)
		return -EINVAL;
	if (dma->n == DMA_WINDOWS)
		return -ENOSPC;
	for (unsigned int i = 0; i < dma->n; i++)
		if (overlaps(&dma->windows[i], addr, size))
			return -EEXIST;
	return 0;
}

/* A file that is too short would kill the device at the first access beyond its end. */
static int map_file(struct dma_window *w, int fd, uint64_t offset)
{
	int prot = PROT_READ | (w->writable ? PROT_WRITE : 0);
	struct stat st;
	void *host;

	if (fstat(fd, &st))
		return -errno;
	if (offset % PAGE_BYTES || offset + w->size < offset)
		return -EINVAL;
	if (!S_ISREG(st.st_mode) || offset + w->size > (uint64_t)st.st_size)
		return -ENXIO;
	host = mmap(NULL, w->size, prot, MAP_SHARED, fd, (off_t)offset);
	if (host == MAP_FAILED)
		return -errno;
	w->host = host;
	w->mapped = true;
	w->device = st.st_dev;
	w->inode = st.st_ino;
	w->offset = offset;
	return 0;
}

int dma_map(struct dma *dma, uint64_t addr, uint64_t size, int fd, uint64_t offset,
	    bool writable)
{
	struct dma_window w = { .addr = addr, .size = size, .writable = writable };
	int ret = check_range(dma, addr, size);

	if (!ret && fd >= 0)
		ret = map_file(&w, fd, offset);
	if (ret)
		return log_errno(ret, "DMA map 0x%" PRIx64 "+0x%" PRIx64, addr, size);
	dma->windows[dma->n++] = w;
	return 0;
}

int dma_map_host(struct dma *dma, uint64_t addr, uint64_t size, void *host)
{
	int ret = check_range(dma, addr, size);

	if (ret)
		return ret;
	dma->windows[dma->n++] = (struct dma_window){
		.addr = addr, .size = size, .host = host, .writable = true
	};
	return 0;
}

static void remove_window(struct dma *dma, unsigned int i)
{
	if (dma->windows[i].mapped)
		munmap(dma->windows[i].host, dma->windows[i].size);
	dma->windows[i] = dma->windows[--dma->n];
	dma->last = 0;
}

int dma_unmap(struct dma *dma, uint64_t addr, uint64_t size)
{
	unsigned int before = dma->n;

	for (unsigned int i = dma->n; i-- > 0;) {
		const struct dma_window *w = &dma->windows[i];

		if (w->addr >= addr && w->addr - addr < size &&
		    w->size <= size - (w->addr - addr))
			remove_window(dma, i);
	}
	return dma->n == before ? -ENOENT : 0;
}

void dma_unmap_all(struct dma *dma)
{
	while (dma->n)
		remove_window(dma, dma->n - 1);
}

const struct dma_window *dma_window(struct dma *dma, uint64_t addr)
{
	for (unsigned int tried = 0, i = dma->last; tried < dma->n; tried++) {
		const struct dma_window *w = &dma->windows[i];

		if (addr - w->addr < w->size) {
			dma->last = i;
			return w;
		}
		i = i + 1 < dma->n ? i + 1 : 0;
	}
	return NULL;
}

uint64_t dma_span(struct dma *dma, uint64_t addr, uint64_t len, bool write,
		  uint8_t **host)
{
	const struct dma_window *w = dma_window(dma, addr);
	uint64_t left;

	if (!w || !w->host || (write && !w->writable))
		return 0;
	*host = w->host + (addr - w->addr);
	left = w->size - (addr - w->addr);
	return left < len ? left : len;
}

void *dma_at(struct dma *dma, uint64_t addr, uint64_t len, bool write)
{
	uint8_t *host;

	return dma_span(dma, addr, len, write, &host) == len && len ? host : NULL;
}
