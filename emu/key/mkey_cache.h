/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mkey_cache.h - by behaviour: translations that a device has read ahead and keeps
 *
 * An update of the key drops what it changes, so that the cache never shows; but for the
 * injection that forgets to.
 */
#ifndef ODPLAB_EMU_MKEY_CACHE_H
#define ODPLAB_EMU_MKEY_CACHE_H

#include <stdint.h>

struct device;
struct mkey;
struct mkey_cache;

/* The translation as the device knows it: from the cache, or from the key's table. */
uint64_t mkey_cache_entry(struct device *dev, struct mkey *mkey, uint64_t index);

/* An update has changed @n translations from @first on. */
void mkey_cache_drop(struct device *dev, struct mkey *mkey, uint64_t first, uint64_t n);

/* The key has another owner now, or none. */
void mkey_cache_forget(struct mkey *mkey);

#endif
