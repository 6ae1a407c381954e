/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* util.h - common macros */
#ifndef ODPLAB_BASE_UTIL_H
#define ODPLAB_BASE_UTIL_H

#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define container_of(ptr, type, member) \
	((type *)(void *)((char *)(ptr) - offsetof(type, member)))

#define KiB(n) ((size_t)(n) << 10)
#define MiB(n) ((size_t)(n) << 20)
#define GiB(n) ((size_t)(n) << 30)

/* The unit of every fault and every residency figure: what the CPU and ODP map by. */
#define PAGE_BYTES ((size_t)4096)

static inline size_t size_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline size_t size_max(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* @unit is a power of two */
static inline uint64_t round_down(uint64_t value, uint64_t unit)
{
	return value & ~(unit - 1);
}

static inline uint64_t round_up(uint64_t value, uint64_t unit)
{
	return round_down(value + unit - 1, unit);
}

/* How many pages the @len bytes at @addr touch. */
static inline uint64_t pages_spanned(uint64_t addr, uint64_t len)
{
	if (!len)
		return 0;
	return (round_up(addr + len, PAGE_BYTES) - round_down(addr, PAGE_BYTES)) /
	       PAGE_BYTES;
}

#endif
