// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* residency.c - which pages of a range the CPU's page table has */
#include "mem/residency.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/util.h"

#define PRESENT (1ull << 63)

int residency_count(const void *addr, size_t len, uint64_t *present, unsigned char *map)
{
	_cleanup_fd_ int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t first = (uintptr_t)addr / PAGE_BYTES;
	uint64_t pages = pages_spanned((uintptr_t)addr, len);
	uint64_t entries[512];

	if (fd < 0)
		return log_errno(errno, "/proc/self/pagemap");
	*present = 0;
	if (map)
		memset(map, 0, (pages + 7) / 8);
	for (uint64_t done = 0; done < pages;) {
		size_t n = size_min(ARRAY_SIZE(entries), pages - done);
		ssize_t got = pread(fd, entries, n * sizeof(entries[0]),
				    (off_t)((first + done) * sizeof(entries[0])));

		if (got <= 0)
			return log_errno(got ? errno : ENODATA, "/proc/self/pagemap");
		n = (size_t)got / sizeof(entries[0]);
		for (size_t i = 0; i < n; i++, done++) {
			if (!(entries[i] & PRESENT))
				continue;
			++*present;
			if (map)
				map[done / 8] |= (unsigned char)(1u << (done % 8));
		}
	}
	return 0;
}
