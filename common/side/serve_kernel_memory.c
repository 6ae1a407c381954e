// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_kernel_memory.c - how much memory the kernel of a side's host uses itself */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
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
	static const char *const lines[] = { "VmallocUsed:", "SUnreclaim:" };
	_cleanup_free_ char *text = NULL;
	int ret;

	ret = file_read_all("/proc/meminfo", &text);
	if (ret)
		return log_errno(ret, "/proc/meminfo");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const char *found = strstr(text, lines[i]);
		unsigned long kib;

		if (!found || sscanf(found + strlen(lines[i]), "%lu", &kib) != 1)
			return log_errno(ENODATA, "%s in /proc/meminfo", lines[i]);
		reply->number += KiB(kib);
	}
	return 0;
}
