// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* zeros.c - the zero pages, which all processes share */
#include "invalidation/zeros.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/util.h"

static bool all_zeros(const unsigned char *memory, size_t len)
{
	return !memory[0] && !memcmp(memory, memory + 1, len - 1);
}

/* Two huge pages hold one that is aligned. */
bool zeros_intact(void)
{
	unsigned char *memory = mmap(NULL, MiB(4), PROT_READ,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned char *huge;
	bool intact;

	/* out of memory: assume intact */
	if (memory == MAP_FAILED)
		return true;
	huge = (unsigned char *)round_up((uintptr_t)memory, MiB(2));
	/* a kernel without a huge zero page maps the small one 512 times */
	madvise(huge, MiB(2), MADV_HUGEPAGE);
	intact = all_zeros(huge, MiB(2));
	munmap(memory, MiB(4));
	memory = mmap(NULL, PAGE_BYTES, PROT_READ,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return intact;
	intact = intact && all_zeros(memory, PAGE_BYTES);
	munmap(memory, PAGE_BYTES);
	return intact;
}
