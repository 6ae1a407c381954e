// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_watch.c - what a side's witnesses observe of a target */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
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
	struct residency_watch *watch;
	struct watched range;

	if (request->argument >= WATCH_SLOTS)
		return log_errno(ENOSPC, "watch %u ranges at once",
				 request->argument + 1);
	range = range_of(target, request->argument);
	evidence_begin(&side->env->evidence, &range);
	watch = &side->residency[request->argument];
	*watch = (struct residency_watch){ 0 };
	return resident_pages(target, &watch->before);
}

int serve_watch_name(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply)
{
	unsigned char *addr = target->region.addr + request->offset;
	struct residency_watch *watch;

	if (request->argument >= WATCH_SLOTS ||
	    side->residency[request->argument].names == WATCH_NAMES)
		return -EINVAL;
	evidence_name(&side->env->evidence, request->argument, (uintptr_t)addr,
		      (uintptr_t)addr + request->len, request->flag);
	watch = &side->residency[request->argument];
	watch->name[watch->names].offset = request->offset;
	watch->name[watch->names].len = request->len;
	return residency_count(addr, request->len, &watch->name[watch->names++].before,
			       NULL);
}

static bool is_present(const unsigned char *map, uint64_t page)
{
	return map[page / 8] >> page % 8 & 1;
}

int local_note_absent(struct local_side *side, const unsigned char *addr, uint64_t len)
{
	uint64_t pages = pages_spanned((uintptr_t)addr, len), present, begin = 0;
	uint64_t base = round_down((uintptr_t)addr, PAGE_BYTES);
	_cleanup_free_ unsigned char *map = calloc(1, pages / 8 + 1);
	int ret;

	if (!map)
		return log_errno(ENOMEM, "a bit for each of %" PRIu64 " pages", pages);
	ret = residency_count(addr, len, &present, map);
	for (uint64_t page = 0; !ret && page <= pages; page++) {
		if (page < pages && !is_present(map, page))
			continue;
		if (begin < page)
			evidence_absent(&side->env->evidence, base + begin * PAGE_BYTES,
					base + page * PAGE_BYTES);
		begin = page + 1;
	}
	return ret;
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

/* Has a page appeared that an operation names? A device may have taken along others. */
static int named_appeared(const struct residency_watch *watch,
			  const struct local_target *target, bool *appeared)
{
	*appeared = !watch->names;
	for (unsigned int i = 0; i < watch->names && !*appeared; i++) {
		uint64_t after;
		int ret = residency_count(target->region.addr + watch->name[i].offset,
					  watch->name[i].len, &after, NULL);

		if (ret)
			return ret;
		*appeared = after > watch->name[i].before;
	}
	return 0;
}

/* The CPU's page table as a witness. */
static int ask_residency(struct local_side *side, const struct local_target *target,
			 const struct residency_watch *watch,
			 struct observation *observation)
{
	uint64_t before = watch->before, after, pages;
	bool named = true;
	int ret;

	*observation = (struct observation){ .witness = "residency", .pages = ANYTHING };
	ret = resident_pages(target, &after);
	if (!ret && !side->device.cpu_faults)
		ret = named_appeared(watch, target, &named);
	if (ret)
		return ret;
	pages = after > before ? after - before : 0;
	observation->available = true;
	observation->some = pages;
	observation->pages =
		faults_that_brought(named ? pages : 0, side->device.cpu_faults);
	snprintf(observation->detail, sizeof(observation->detail),
		 "%" PRIu64 " pages present before, %" PRIu64 " after%s", before, after,
		 pages && !named ? ", none of them named" : "");
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
	return ask_residency(side, target, &side->residency[request->argument],
			     &reply->observation[reply->observations++]);
}
