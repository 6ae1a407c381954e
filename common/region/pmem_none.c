// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pmem_none.c - stand-in where libpmem is missing */
#include "region/pmem.h"

#include <stdint.h>

#include "base/util.h"

#define CACHE_LINE 64

const char *pmem_library(void)
{
	return "built without libpmem";
}

#if defined(__x86_64__)
static void flush_line(const void *line)
{
	__builtin_ia32_clflush(line);
}
#elif defined(__aarch64__)
static void flush_line(const void *line)
{
	__asm__ volatile("dc cvac, %0" : : "r"(line) : "memory");
}
#else
#error "no cache flush known for this processor: build with libpmem"
#endif

void pmem_persist_range(const void *addr, size_t len)
{
	const char *end = (const char *)addr + len;

	for (const char *line = (const char *)round_down((uintptr_t)addr, CACHE_LINE);
	     line < end; line += CACHE_LINE)
		flush_line(line);
	__sync_synchronize();
}
