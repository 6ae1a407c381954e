/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mkey_history.h - what a memory key's pages were before their invalidation
 *
 * Kept for the injections that go on using it, and only while one of them is on: the
 * translations themselves, and what the pages held when they were invalidated.
 */
#ifndef ODPLAB_EMU_MKEY_HISTORY_H
#define ODPLAB_EMU_MKEY_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

struct device;
struct mkey_history;
struct mkey;

/* Is an injection on that goes on using them? */
bool mkey_history_is_on(const struct device *dev);

/*
 * After an update of the @n translations from @first on, which were @before (8 bytes
 * each): keeps those that were present and lead to another page now, or to none.
 */
void mkey_history_keep(struct device *dev, struct mkey *mkey, uint64_t first, uint64_t n,
		       const uint8_t *before);

/* The translation as it was before its last invalidation; 0: none was kept. */
uint64_t mkey_history_entry(const struct mkey *mkey, uint64_t index);

/* What the page held at its last invalidation; NULL: none was kept. */
const uint8_t *mkey_history_page(const struct mkey *mkey, uint64_t index);

/* The key has another owner now, or none. */
void mkey_history_forget(struct device *dev, struct mkey *mkey);

#endif
