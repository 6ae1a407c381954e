// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_count.c - what the kernel's trace says of one watched range */
#include "evidence/trace_count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/util.h"

void trace_count_begin(struct trace_count *count, const struct watched *range)
{
	*count = (struct trace_count){ .range = *range };
}

void trace_count_free(struct trace_count *count)
{
	free(count->brought);
	*count = (struct trace_count){ 0 };
}

static uint64_t unit_of(const struct trace_count *count)
{
	return count->range.unit ? count->range.unit : PAGE_BYTES;
}

/* In whole translations, and within the range. */
static struct trace_range clip(const struct trace_count *count, uint64_t from,
			       uint64_t to)
{
	uint64_t end = count->range.addr + count->range.len;

	if (from >= to)
		return (struct trace_range){ 0 };
	from = round_down(from, unit_of(count));
	to = round_up(to, unit_of(count));
	return (struct trace_range){ .from = from > count->range.addr ? from :
									count->range.addr,
				     .to = to < end ? to : end };
}

uint64_t trace_count_within(const struct trace_count *count, uint64_t from, uint64_t to)
{
	struct trace_range range = clip(count, from, to);

	return range.from < range.to ? pages_spanned(range.from, range.to - range.from) :
				       0;
}

void trace_count_name(struct trace_count *count, uint64_t from, uint64_t to, bool writes)
{
	struct trace_range range = clip(count, from, to);
	struct trace_name *last = count->names ? &count->name[count->names - 1] : NULL;

	if (range.from >= range.to)
		return;
	if (last && range.from >= last->from && range.from <= last->to &&
	    last->writes == writes) {
		last->to = range.to > last->to ? range.to : last->to;
		return;
	}
	if (count->names == TRACE_NAMES)
		count->anywhere = true;
	else
		count->name[count->names++] =
			(struct trace_name){ range.from, range.to, writes };
}

static bool is_named(const struct trace_count *count, uint64_t page, bool to_write)
{
	if (count->anywhere || !count->names)
		return true;
	for (unsigned int i = 0; i < count->names; i++) {
		const struct trace_name *name = &count->name[i];

		if (page < name->to && page + PAGE_BYTES > name->from &&
		    name->writes >= to_write)
			return true;
	}
	return false;
}

/* Where the next piece goes. NULL where there is no memory for it. */
static struct trace_range *next_place(struct trace_count *count)
{
	size_t size = count->size ? 2 * count->size : 64;
	struct trace_range *more;

	if (count->n == count->size) {
		more = realloc(count->brought, size * sizeof(*more));
		if (!more)
			return NULL;
		count->brought = more;
		count->size = size;
	}
	return count->brought + count->n;
}

void trace_count_brought(struct trace_count *count, uint64_t page, enum brought how)
{
	struct trace_range *last = count->n ? &count->brought[count->n - 1] : NULL;
	struct trace_range *next;

	if (last && last->to == page && last->how == how) {
		last->to += PAGE_BYTES;
		return;
	}
	next = next_place(count);
	if (!next) {
		count->lost = true;
		return;
	}
	*next = (struct trace_range){ page, page + PAGE_BYTES, how };
	count->n++;
}

static void mark_along(uint8_t *page, void *data)
{
	const struct trace_range *run = data;

	if (run->how == BROUGHT_TO_WRITE)
		*page |= *page & MAPPED_WRITE ? MAPPED_WRITE_ALONG : 0;
	else
		*page |= *page & MAPPED_READ ? MAPPED_ALONG : 0;
}

/* By address; of one page that which is certain goes first. */
static int compare_pages(const void *a, const void *b)
{
	const struct trace_range *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (int)x->how - (int)y->how;
}

static uint64_t pages_of(const struct trace_range *range)
{
	return (range->to - range->from) / PAGE_BYTES;
}

/*
 * All that was brought, page by page, in the order of addresses. NULL where there is no
 * room.
 */
static struct trace_range *sorted_pages(const struct trace_count *count, size_t *n)
{
	struct trace_range *pages;

	*n = 0;
	for (size_t i = 0; i < count->n; i++)
		*n += pages_of(&count->brought[i]);
	pages = calloc(*n + 1, sizeof(*pages));
	if (!pages)
		return NULL;
	*n = 0;
	for (size_t i = 0; i < count->n; i++)
		for (uint64_t k = 0; k < pages_of(&count->brought[i]); k++) {
			pages[*n] = count->brought[i];
			pages[(*n)++].from += k * PAGE_BYTES;
		}
	qsort(pages, *n, sizeof(*pages), compare_pages);
	return pages;
}

/*
 * Neighbours next to each other are marked together, as to find them looks at all
 * regions.
 */
static void mark_neighbours(struct mapped *mapped, struct trace_range *run,
			    const struct trace_range *page)
{
	bool joins = page->from == run->to && page->how == run->how;

	if (!joins && run->from < run->to)
		mapped_visit(mapped, run->from, run->to, mark_along, run);
	if (!joins)
		*run = *page;
	run->to = page->from + PAGE_BYTES;
}

/*
 * A named page that was read before is not needed again; the right to write it came
 * along.
 */
static void add_neighbour(struct trace_count *count, const struct trace_range *page)
{
	bool needless = page->how == BROUGHT_TO_WRITE &&
			is_named(count, page->from, false);

	if (needless || page->how == BROUGHT_BACK)
		count->repeats++;
	else
		count->neighbours++;
}

/* @again: it was counted already. */
static void add_named(struct trace_count *count, const struct trace_range *page,
		      bool again)
{
	if (page->how == BROUGHT_BACK) {
		count->returned++;
	} else if (!again) {
		count->pages++;
		count->perhaps += page->how == BROUGHT_PERHAPS;
	} else {
		count->returned += page->how != BROUGHT_PERHAPS;
	}
}

static void sort(struct trace_count *count, struct mapped *mapped)
{
	static const struct trace_range last = { .from = UINT64_MAX };
	size_t n;
	_cleanup_free_ struct trace_range *pages = sorted_pages(count, &n);
	struct trace_range run = { 0 };

	count->lost |= !pages;
	for (size_t i = 0; pages && i < n; i++) {
		const struct trace_range *page = &pages[i];
		bool again = i && page->from == pages[i - 1].from;

		if (is_named(count, page->from, page->how == BROUGHT_TO_WRITE)) {
			add_named(count, page, again);
			continue;
		}
		add_neighbour(count, page);
		if (!again || page->how == BROUGHT_TO_WRITE || page->how == BROUGHT_BACK)
			mark_neighbours(mapped, &run, page);
	}
	mark_neighbours(mapped, &run, &last);
}

/* What an earlier fault took along, of what is named now. */
struct taken {
	bool to_write;
	uint64_t *along;
};

/* Named now: a fault that would bring it again is one of its own. */
static void take_along(uint8_t *page, void *data)
{
	const struct taken *taken = data;
	bool along = *page & MAPPED_ALONG && *page & MAPPED_READ;
	bool to_write = taken->to_write && *page & MAPPED_WRITE_ALONG &&
			*page & MAPPED_WRITE;

	*taken->along += along || to_write;
	*page &= (uint8_t)~(MAPPED_ALONG | (to_write ? MAPPED_WRITE_ALONG : 0));
}

static void take_range(struct trace_count *count, struct mapped *mapped,
		       struct trace_name name)
{
	struct taken taken = { name.writes, &count->along };

	mapped_visit(mapped, name.from, name.to, take_along, &taken);
}

void trace_count_settle(struct trace_count *count, struct mapped *mapped)
{
	const struct watched *range = &count->range;

	if (count->anywhere || !count->names)
		take_range(count, mapped,
			   (struct trace_name){ range->addr, range->addr + range->len,
						true });
	for (unsigned int i = 0; !count->anywhere && i < count->names; i++)
		take_range(count, mapped, count->name[i]);
	sort(count, mapped);
}

struct bounds trace_count_pages(const struct trace_count *count)
{
	uint64_t least = count->pages - count->perhaps;

	if (count->lost)
		return AT_LEAST(least);
	return BETWEEN(least, count->pages + count->pending);
}

/* Adds ", @count @what" where there is something to count. */
static void add_count(char *out, size_t size, uint64_t count, const char *what)
{
	size_t n = strlen(out);

	if (count)
		snprintf(out + n, size - n, ", %" PRIu64 " %s", count, what);
}

static void add_events(char *out, size_t size, uint64_t events)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, " by %" PRIu64 " events", events);
}

static void add_text(char *out, size_t size, const char *text)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, "%s", text);
}

void trace_count_text(const struct trace_count *count, char *out, size_t size)
{
	char refused[96];

	snprintf(out, size, "%" PRIu64 " pages faulted in", count->pages);
	if (count->events > 1)
		add_events(out, size, count->events);
	snprintf(refused, sizeof(refused), "faults refused (%s)",
		 strerror(count->refusal));
	add_count(out, size, count->perhaps, "of them perhaps present before");
	add_count(out, size, count->returned, "faulted in again");
	add_count(out, size, count->along, "brought along by an earlier fault");
	add_count(out, size, count->neighbours, "neighbours brought along");
	add_count(out, size, count->repeats, "asked for again");
	add_count(out, size, count->refused, refused);
	add_count(out, size, count->pending, "pages of faults still in progress");
	add_count(out, size, count->remote_dax, "remote DAX faults");
	add_count(out, size, count->snapshots, "snapshots");
	add_count(out, size, count->invalidations, "invalidations");
	if (count->lost)
		add_text(out, size, ", and more: the trace has lost events");
}
