/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mkeys.h - memory keys put into the device without a command, and addresses under them
 */
#ifndef ODPLAB_TESTS_EMU_MKEYS_H
#define ODPLAB_TESTS_EMU_MKEYS_H

#include "guest.h"

#define DOMAIN	    7u
#define MKEYS_START 0x10000ull

/*
 * A key of that content, with the variant 0x42; returns it whole. Its translations have
 * room for more entries than @mkey says: what lies beyond must not be looked at.
 */
uint32_t mkeys_add(struct guest *g, struct mkey mkey);
struct mkey *mkeys_get(struct guest *g, uint32_t key);

/* One for all of the guest's memory, as it is, and a list from MKEYS_START on. */
uint32_t mkeys_leaf(struct guest *g);
uint32_t mkeys_list(struct guest *g, uint64_t octowords);

/* Sets an entry of a table of pages, or of a list or a table of other keys. */
void mkeys_page(struct guest *g, uint32_t key, unsigned int index, uint64_t entry);
void mkeys_child(struct guest *g, uint32_t key, unsigned int index, uint32_t child,
		 uint64_t va, uint32_t bytes);

/* What mkey_translate() makes of a read (or a write) in the domain DOMAIN */
struct mkeys_place {
	int ret;
	struct span span;
	struct missing missing;
};

struct mkeys_place mkeys_read(struct guest *g, uint32_t key, uint64_t va, uint64_t len);
struct mkeys_place mkeys_write(struct guest *g, uint32_t key, uint64_t va, uint64_t len);

/* The address that the place has for the guest */
uint64_t mkeys_address(const struct guest *g, const struct mkeys_place *place);

/* Of @len bytes that are read at @va, the first @bytes must lie at @address. */
void mkeys_lead_to(struct guest *g, uint32_t key, uint64_t va, uint64_t len,
		   uint64_t address, uint64_t bytes);

#endif
