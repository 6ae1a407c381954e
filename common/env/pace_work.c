// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pace_work.c - a piece of work that shows how fast the host is */
#include <sys/mman.h>

#include "base/clock.h"
#include "base/util.h"
#include "env/pace.h"

/* Longer than a scheduler lets one process run where others wait. */
#define LONG_ENOUGH_NS (20 * NSEC_PER_MSEC)

#define PAGES	       64

/* Page faults of the CPU: what the kernel does for those of a device, too. */
static bool work(void)
{
	volatile unsigned char *pages = mmap(NULL, PAGES * PAGE_BYTES,
					     PROT_READ | PROT_WRITE,
					     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return false;
	for (uint64_t i = 0; i < PAGES; i++)
		pages[i * PAGE_BYTES] = 1;
	return !munmap((void *)(uintptr_t)pages, PAGES * PAGE_BYTES);
}

uint64_t pace_work_ns(void)
{
	uint64_t begin = clock_ns(), times = 0, took;

	do {
		if (!work())
			return 0;
		times++;
		took = clock_ns() - begin;
	} while (took < LONG_ENOUGH_NS);
	return took / times;
}
