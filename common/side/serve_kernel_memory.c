// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_kernel_memory.c - how much memory the kernel of a side's host uses itself */
#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "side/local_internal.h"

/*
 * Lists of pages are vmalloc()ed once they are long, and kmalloc()ed while they are not.
 * Caches that the kernel can shrink at will are left out.
 */
int serve_kernel_memory(struct local_side *side, struct local_target *target,
			const struct side_request *request, struct side_reply *reply)
{
	static const char *const keys[] = { "VmallocUsed", "SUnreclaim" };
	uint64_t bytes;
	int ret;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		ret = file_read_kib("/proc/meminfo", keys[i], &bytes);
		if (ret)
			return log_errno(ret, "%s in /proc/meminfo", keys[i]);
		reply->number += bytes;
	}
	return 0;
}
