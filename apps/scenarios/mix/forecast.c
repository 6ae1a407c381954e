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
 * Some drivers fault a page in with all that the region allows, others with what the access
 * needs: a page that was faulted in to be read may fault again to be written.
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

/*
 * A driver is asked for the first page that is missing and all that follow in the access, or for
 * all that a work request names, and takes those that it has mapped before for faulted in, too.
 * Where packets do not end with pages, one page is asked for by two packets.
 */
void forecast_access(struct part *part, uint64_t offset, uint64_t len, bool writes,
		     enum named named)
{
	struct forecast *f = &part->forecast;
	uint64_t first = offset / PAGE_BYTES, n = pages_spanned(offset, len), mapped = 0;
	bool missing = false;

	for (uint64_t page = first; page < first + n; page++) {
		bool does = faults(f, page, writes);

		mapped += !does && (missing || named != BY_PEER);
		missing |= does;
		fault_in(f, page, writes);
	}
	if (missing)
		f->repeated += mapped;
	if (missing && n > 1 && (named == BY_LIST || offset % PAGE_BYTES))
		f->repeated += n;
}

struct bounds forecast_bounds(const struct part *part)
{
	const struct forecast *f = &part->forecast;

	return BETWEEN(f->pages, f->pages + f->repeated);
}
