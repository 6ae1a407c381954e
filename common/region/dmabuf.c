// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dmabuf.c - buffers of the system's dma-buf heap */
#include "region/dmabuf.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"

int dmabuf_new(size_t len)
{
	struct dma_heap_allocation_data buffer = { .len = len,
						   .fd_flags = O_RDWR | O_CLOEXEC };
	_cleanup_fd_ int heap = open(DMABUF_HEAP, O_RDONLY | O_CLOEXEC);

	if (heap < 0 || ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &buffer))
		return -errno;
	return (int)buffer.fd;
}
