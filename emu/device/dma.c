// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dma.c - the guest's memory, as far as the device may reach it */
#include "device/dma.h"

#include "base/log.h"
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* ---- windows ---- */

/* Windows that overlap compare as equal. */
static int compare(const void *a, const void *b)
{
	const struct dma_window *x = a, *y = b;

	if (x->addr + x->size - 1 < y->addr)
		return -1;
	return x->addr > y->addr + y->size - 1;
}

/* Any window that overlaps the range. */
static struct dma_window *find(const struct dma *dma, uint64_t addr, uint64_t size)
{
	struct dma_window range = { .addr = addr, .size = size };
	struct dma_window **at = tfind(&range, &dma->tree, compare);

	return at ? *at : NULL;
}

struct dma_window *dma_first(struct dma *dma, uint64_t addr, uint64_t size)
{
	struct dma_window *first = NULL, *found;

	while (size && (found = find(dma, addr, size))) {
		first = found;
		size = found->addr > addr ? found->addr - addr : 0;
	}
	return first;
}

static int check_range(const struct dma *dma, uint64_t addr, uint64_t size)
{
	if (!size || addr + size < addr)
		return -EINVAL;
	if (dma->n == DMA_WINDOWS)
		return -ENOSPC;
	return find(dma, addr, size) ? -EEXIST : 0;
}

static int insert(struct dma *dma, const struct dma_window *w)
{
	struct dma_window *copy = malloc(sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	*copy = *w;
	if (!tsearch(copy, &dma->tree, compare)) {
		free(copy);
		return -ENOMEM;
	}
	dma->maps++;
	if (++dma->n > dma->most)
		dma->most = dma->n;
	return 0;
}

/* ---- files ---- */

/*
 * A mapping with the right to write serves windows without it; the reverse is another
 * mapping.
 */
static struct dma_file *find_file(struct dma *dma, const struct stat *st, bool writable)
{
	for (unsigned int i = 0; i < DMA_FILES; i++) {
		struct dma_file *file = &dma->files[i];

		if (file->windows && file->device == st->st_dev &&
		    file->inode == st->st_ino && file->size == (uint64_t)st->st_size &&
		    (file->writable || !writable))
			return file;
	}
	return NULL;
}

/* NULL, and *error: -errno. */
static struct dma_file *map_whole(struct dma *dma, int fd, const struct stat *st,
				  bool writable, int *error)
{
	int prot = PROT_READ | (writable ? PROT_WRITE : 0);
	unsigned int i = 0;
	void *host;

	while (i < DMA_FILES && dma->files[i].windows)
		i++;
	*error = -EMFILE;
	if (i == DMA_FILES)
		return NULL;
	host = mmap(NULL, (size_t)st->st_size, prot, MAP_SHARED, fd, 0);
	*error = -errno;
	if (host == MAP_FAILED)
		return NULL;
	dma->files[i] = (struct dma_file){ .device = st->st_dev,
					   .inode = st->st_ino,
					   .host = host,
					   .size = (uint64_t)st->st_size,
					   .writable = writable };
	return &dma->files[i];
}

static void put_file(struct dma_file *file)
{
	if (file && !--file->windows)
		munmap(file->host, file->size);
}

/* A file that is too short would kill the device at the first access beyond its end. */
static int take_file(struct dma *dma, struct dma_window *w, int fd, uint64_t offset)
{
	struct stat st;
	int ret = 0;

	if (fstat(fd, &st))
		return -errno;
	if (offset % PAGE_BYTES || offset + w->size < offset)
		return -EINVAL;
	if (!S_ISREG(st.st_mode) || offset + w->size > (uint64_t)st.st_size)
		return -ENXIO;
	if (w->writable && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDWR)
		return -EACCES;
	w->file = find_file(dma, &st, w->writable);
	if (!w->file)
		w->file = map_whole(dma, fd, &st, w->writable, &ret);
	if (!w->file)
		return ret;
	w->file->windows++;
	w->host = w->file->host + offset;
	return 0;
}

const struct dma_file *dma_file(const struct dma *dma, const uint8_t *host)
{
	for (unsigned int i = 0; i < DMA_FILES; i++) {
		const struct dma_file *file = &dma->files[i];

		if (file->windows && host >= file->host && host < file->host + file->size)
			return file;
	}
	return NULL;
}

/* ---- what the client asks for ---- */

int dma_map(struct dma *dma, uint64_t addr, uint64_t size, int fd, uint64_t offset,
	    bool writable)
{
	struct dma_window w = { .addr = addr, .size = size, .writable = writable };
	int ret = check_range(dma, addr, size);

	if (!ret && fd >= 0)
		ret = take_file(dma, &w, fd, offset);
	if (!ret) {
		ret = insert(dma, &w);
		if (ret)
			put_file(w.file);
	}
	return ret ? log_errno(ret, "DMA map 0x%" PRIx64 "+0x%" PRIx64, addr, size) : 0;
}

int dma_map_host(struct dma *dma, uint64_t addr, uint64_t size, void *host)
{
	struct dma_window w = {
		.addr = addr, .size = size, .host = host, .writable = true
	};
	int ret = check_range(dma, addr, size);

	return ret ? ret : insert(dma, &w);
}

static void remove_window(struct dma *dma, struct dma_window *w)
{
	tdelete(w, &dma->tree, compare);
	if (dma->last == w)
		dma->last = NULL;
	dma->n--;
	dma->unmaps++;
	put_file(w->file);
	free(w);
}

/* Does the byte lie within a window, and not at its beginning? */
static bool cuts(struct dma *dma, uint64_t addr)
{
	const struct dma_window *w = find(dma, addr, 1);

	return w && w->addr != addr;
}

int dma_unmap(struct dma *dma, uint64_t addr, uint64_t size)
{
	struct dma_window *w;

	if (!size || addr + size - 1 < addr || cuts(dma, addr) ||
	    (addr + size && cuts(dma, addr + size)))
		return -EINVAL;
	while ((w = find(dma, addr, size)))
		remove_window(dma, w);
	return 0;
}

void dma_unmap_all(struct dma *dma)
{
	while (dma->tree)
		remove_window(dma, *(struct dma_window **)dma->tree);
}

/* ---- accesses ---- */

struct dma_window *dma_window(struct dma *dma, uint64_t addr)
{
	if (!dma->last || addr - dma->last->addr >= dma->last->size)
		dma->last = find(dma, addr, 1);
	return dma->last;
}

uint64_t dma_span(struct dma *dma, uint64_t addr, uint64_t len, bool write,
		  uint8_t **host)
{
	const struct dma_window *w = dma_window(dma, addr);
	uint64_t left;

	if (!w || !w->host || (write && !w->writable)) {
		dma->refused++;
		dma->refused_addr = addr;
		dma->refused_new = true;
		return 0;
	}
	*host = w->host + (addr - w->addr);
	left = w->size - (addr - w->addr);
	return left < len ? left : len;
}

void *dma_at(struct dma *dma, uint64_t addr, uint64_t len, bool write)
{
	uint8_t *host;

	return dma_span(dma, addr, len, write, &host) == len && len ? host : NULL;
}
