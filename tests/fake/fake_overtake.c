// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_overtake.c - a sabotage: a READ overtakes the last page of a WRITE that faulted */
#include <string.h>

#include "base/util.h"
#include "fake_device.h"

void fake_overtake_remember(struct fake_pair *pair, struct fake_target *target,
			    uint64_t offset, uint64_t len)
{
	uint64_t last = round_down(offset + len - 1, PAGE_BYTES);
	uint64_t from = size_max(offset, last);

	pair->overtaken = (struct fake_overtaken){ target, from, offset + len - from };
	region_read(&target->region, from, pair->overtaken.data, pair->overtaken.len);
}

void fake_overtake(const struct fake_pair *pair, const struct fake_target *target,
		   uint64_t offset, uint64_t len, unsigned char *data)
{
	const struct fake_overtaken *old = &pair->overtaken;
	uint64_t from = size_max(offset, old->offset);
	uint64_t to = size_min(offset + len, old->offset + old->len);

	if (old->target == target && from < to)
		memcpy(data + from - offset, old->data + from - old->offset, to - from);
}
