/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fault_count.h - by how many events a device faulted in pages that were missing, in
 * words
 */
#ifndef ODPLAB_EVIDENCE_FAULT_COUNT_H
#define ODPLAB_EVIDENCE_FAULT_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct fault_count {
	uint64_t pages; /* that were missing */
	bool seen;	/* a witness can tell the rest */
	uint64_t events, neighbours, repeats;
};

/*
 * "1 page by 1 event; 16 pages by 2 events with 8 neighbours, 1 repeat", or that no
 * witness can tell, where this holds for one of them.
 */
void fault_counts_print(const struct fault_count *counts, size_t n, FILE *out);

#endif
