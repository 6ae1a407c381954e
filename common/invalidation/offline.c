// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* offline.c - soft-offlines page frames, and releases those that are out of use */
#include "invalidation/offline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "region/advice.h"
#include "region/residency.h"

#define UNPOISON "/sys/kernel/debug/hwpoison/unpoison-pfn"

bool offline_undoable(void)
{
	return !geteuid() && !access(UNPOISON, W_OK);
}

static int put_to_use(uint64_t frame)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, frame);
	return file_write(UNPOISON, text);
}

void offline_release(uint64_t frame)
{
	int ret;

	if (!frame || !offline_undoable())
		return;
	ret = put_to_use(frame);
	if (ret)
		log_warning("page frame %" PRIu64 " is out of use until reboot: %s",
			    frame, strerror(-ret));
}

int offline_move(struct region *region, uint64_t offset)
{
	const unsigned char *page = region->addr + offset;
	uint64_t before, after;
	int ret = residency_frames(page, PAGE_BYTES, &before);

	if (ret)
		return ret;
	if (!before)
		return -EAGAIN;
	ret = region_advise(region, offset, PAGE_BYTES, REGION_SOFT_OFFLINE);
	if (ret)
		return ret;
	ret = residency_frames(page, PAGE_BYTES, &after);
	if (ret)
		return ret;
	/* the page may have been migrated before: then another frame is offline */
	if (after == before)
		return -EAGAIN;
	ret = put_to_use(before);
	return ret ? log_errno(ret, UNPOISON " of frame %" PRIu64, before) : 0;
}
