// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pmem_lib.c - libpmem */
#include <libpmem.h>

#include "region/pmem.h"

#define TEXT(x)	 #x
#define VALUE(x) TEXT(x)

const char *pmem_library(void)
{
	return "libpmem " VALUE(PMEM_MAJOR_VERSION) "." VALUE(PMEM_MINOR_VERSION);
}

void pmem_persist_range(const void *addr, size_t len)
{
	pmem_persist(addr, len);
}
