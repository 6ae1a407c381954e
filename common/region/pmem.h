/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* pmem.h - libpmem, or what stands in where it is missing */
#ifndef ODPLAB_REGION_PMEM_H
#define ODPLAB_REGION_PMEM_H

#include <stdbool.h>
#include <stddef.h>

/* "libpmem 1.1", or why there is none */
const char *pmem_library(void);

/*
 * libpmem's own word on whether user space alone can make the range persistent; false
 * without it.
 */
bool pmem_is_persistent(const void *addr, size_t len);

/*
 * Flushes CPU caches over the range and waits: on a MAP_SYNC mapping the data is then
 * persistent.
 */
void pmem_persist_range(const void *addr, size_t len);

#endif
