// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fault_count.c - by how many events a device faulted in pages that were missing, in
 * words
 */
#include "evidence/fault_count.h"

#include <inttypes.h>

static void add(const char *before, uint64_t n, const char *noun, FILE *out)
{
	fprintf(out, "%s%" PRIu64 " %s%s", before, n, noun, n == 1 ? "" : "s");
}

void fault_counts_print(const struct fault_count *counts, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++)
		if (!counts[i].seen) {
			fputs("no witness can tell events", out);
			return;
		}
	for (size_t i = 0; i < n; i++) {
		add(i ? "; " : "", counts[i].pages, "page", out);
		add(" by ", counts[i].events, "event", out);
		if (counts[i].neighbours)
			add(" with ", counts[i].neighbours, "neighbour", out);
		if (counts[i].repeats)
			add(", ", counts[i].repeats, "repeat", out);
	}
}
