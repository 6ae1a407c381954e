// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* residency.c - which pages of a range the CPU's page table has */
#include "region/residency.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/util.h"

#define PRESENT (1ull << 63)
#define FRAME	((1ull << 55) - 1)
#define BATCH	512

typedef void page_fn(uint64_t page, uint64_t entry, void *arg);

/* Calls @each for each page of the range, counted from its first. */
static int walk(const void *addr, size_t len, page_fn *each, void *arg)
{
	_cleanup_fd_ int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t first = (uintptr_t)addr / PAGE_BYTES;
	uint64_t pages = pages_spanned((uintptr_t)addr, len);
	uint64_t entries[BATCH];

	if (fd < 0)
		return log_errno(errno, "/proc/self/pagemap");
	for (uint64_t done = 0; done < pages;) {
		size_t n = size_min(BATCH, pages - done);
		ssize_t got = pread(fd, entries, n * sizeof(entries[0]),
				    (off_t)((first + done) * sizeof(entries[0])));

		if (got < (ssize_t)sizeof(entries[0]))
			return log_errno(got < 0 ? errno : ENODATA, "/proc/self/pagemap");
		n = (size_t)got / sizeof(entries[0]);
		for (size_t i = 0; i < n; i++, done++)
			each(done, entries[i], arg);
	}
	return 0;
}

struct count {
	uint64_t present;
	unsigned char *map;
};

static void count(uint64_t page, uint64_t entry, void *arg)
{
	struct count *count = arg;

	if (!(entry & PRESENT))
		return;
	count->present++;
	if (count->map)
		count->map[page / 8] |= (unsigned char)(1u << (page % 8));
}

int residency_count(const void *addr, size_t len, uint64_t *present, unsigned char *map)
{
	struct count found = { .map = map };
	int ret;

	if (map)
		memset(map, 0, (pages_spanned((uintptr_t)addr, len) + 7) / 8);
	ret = walk(addr, len, count, &found);
	*present = found.present;
	return ret;
}

static void note_frame(uint64_t page, uint64_t entry, void *arg)
{
	((uint64_t *)arg)[page] = entry & PRESENT ? entry & FRAME : 0;
}

int residency_frames(const void *addr, size_t len, uint64_t *frames)
{
	return walk(addr, len, note_frame, frames);
}
