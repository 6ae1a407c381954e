/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* pmem.h - libpmem, or its stand-in */
#ifndef ODPLAB_REGION_PMEM_H
#define ODPLAB_REGION_PMEM_H

#include <stddef.h>

/* "libpmem 1.1", or why there is none */
const char *pmem_library(void);

/*
 * Flushes CPU caches over the range and waits: on a MAP_SYNC mapping the data
 * is then persistent.
 */
void pmem_persist_range(const void *addr, size_t len);

#endif
