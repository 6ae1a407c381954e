/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* dmabuf.h - buffers of the system's dma-buf heap */
#ifndef ODPLAB_REGION_DMABUF_H
#define ODPLAB_REGION_DMABUF_H

#include <stddef.h>

#define DMABUF_HEAP "/dev/dma_heap/system"

/*
 * Returns a file that the caller closes, or -errno without a line. Its mappings are
 * VM_PFNMAP (drivers/dma-buf/heaps/system_heap.c system_heap_mmap()): neither gup nor HMM
 * finds pages there.
 */
int dmabuf_new(size_t len);

#endif
