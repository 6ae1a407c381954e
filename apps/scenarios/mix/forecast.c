// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* forecast.c - which pages the device must fault in */
#include "base/util.h"
#include "memory.h"

void forecast_set(struct part *part, uint64_t offset, uint64_t len, enum reach reach)
{
	uint64_t first = offset / PAGE_BYTES, n = pages_spanned(offset, len);

	for (uint64_t page = first; page < first + n; page++)
		part->forecast.page[page] = (unsigned char)reach;
}

static bool faults(const struct forecast *f, uint64_t page, bool writes)
{
	enum reach reach = (enum reach)f->page[page];

	return reach == OUT_OF_REACH || (writes && reach == READABLE);
}

/*
 * Some drivers fault a page in with all that the region allows, others with what the
 * access needs: a page that was faulted in to be read may fault again to be written.
 */
static void fault_in(struct forecast *f, uint64_t page, bool writes)
{
	if (faults(f, page, writes))
		f->pages++;
	else if (writes && f->page[page] == WAS_READ)
		f->repeated++;
	if (writes)
		f->page[page] = REACHED;
	else if (f->page[page] == OUT_OF_REACH)
		f->page[page] = WAS_READ;
}

void forecast_access(struct part *part, uint64_t offset, uint64_t len, bool writes)
{
	uint64_t first = offset / PAGE_BYTES, n = pages_spanned(offset, len);

	for (uint64_t page = first; page < first + n; page++)
		fault_in(&part->forecast, page, writes);
}

struct bounds forecast_bounds(const struct part *part)
{
	const struct forecast *f = &part->forecast;

	return BETWEEN(f->pages, f->pages + f->repeated);
}
