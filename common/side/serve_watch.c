// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_watch.c - what a side's witnesses observe of a target */
#include <errno.h>
#include <stdio.h>

#include "base/log.h"
#include "base/util.h"
#include "region/residency.h"
#include "side/local_internal.h"

static struct watched range_of(const struct local_target *target, unsigned int slot)
{
	return (struct watched){
		.slot = slot,
		.addr = (uintptr_t)target->region.addr + target->mr_offset,
		.len = target->mr_len,
		.unit = target->unit,
		.lkey = target->mr.lkey,
	};
}

static int resident_pages(const struct local_target *target, uint64_t *pages)
{
	return residency_count(target->region.addr + target->mr_offset, target->mr_len,
			       pages, NULL);
}

int serve_watch_begin(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	struct watched range;

	if (request->argument >= WATCH_SLOTS)
		return log_errno(ENOSPC, "watch %u ranges at once",
				 request->argument + 1);
	range = range_of(target, request->argument);
	evidence_begin(&side->env->evidence, &range);
	return resident_pages(target, &side->resident_before[request->argument]);
}

/*
 * What a page table that grew, by nothing but the transfer, says of the faults. A device
 * may fault in what the CPU already has. Where the CPU itself takes the faults it knows
 * those that bring a page in, all of them; but one fault may bring in several pages
 * (a huge page, or what a file has around it), or their number.
 */
static struct bounds faults_that_brought(uint64_t pages, bool cpu_faults)
{
	if (!pages)
		return cpu_faults ? NONE : ANYTHING;
	return cpu_faults ? BETWEEN(1, pages) : AT_LEAST(1);
}

/* The CPU's page table as a witness. */
static int ask_residency(struct local_side *side, const struct local_target *target,
			 unsigned int slot, struct observation *observation)
{
	uint64_t before = side->resident_before[slot], after;
	int ret;

	*observation = (struct observation){ .witness = "residency", .pages = ANYTHING };
	ret = resident_pages(target, &after);
	if (ret)
		return ret;
	observation->available = true;
	observation->pages = faults_that_brought(after > before ? after - before : 0,
						 side->device.cpu_faults);
	snprintf(observation->detail, sizeof(observation->detail),
		 "%" PRIu64 " pages present before, %" PRIu64 " after", before, after);
	return 0;
}

int serve_watch_end(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	struct watched range;

	if (request->argument >= WATCH_SLOTS)
		return -EINVAL;
	range = range_of(target, request->argument);
	reply->observations =
		evidence_end(&side->env->evidence, &range, reply->observation);
	return ask_residency(side, target, request->argument,
			     &reply->observation[reply->observations++]);
}
