/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* walk.h - from key to key down to memory; for translate.c and indirect.c only */
#ifndef ODPLAB_EMU_WALK_H
#define ODPLAB_EMU_WALK_H

#include "key/mkey.h"

struct walk {
	struct device *dev;
	const struct access *access;
	struct span *span;
	struct missing *missing;
};

/*
 * All of these find the first of @len bytes at @va as mkey_translate() does. @depth: keys
 * on the way so far. @in_table: the key comes from an implicit region's table.
 */
int walk_key(const struct walk *w, uint32_t key, uint64_t va, uint64_t len,
	     unsigned int depth, bool in_table);

/* Entries of one size (KSM), or of any size or repeating (KLM) */
int walk_table(const struct walk *w, const struct mkey *mkey, uint64_t va, uint64_t len,
	       unsigned int depth);
int walk_list(const struct walk *w, const struct mkey *mkey, uint64_t va, uint64_t len,
	      unsigned int depth);

#endif
