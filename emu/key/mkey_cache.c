// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mkey_cache.c - by behaviour: translations that a device has read ahead and keeps */
#include "key/mkey_cache.h"

#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "key/mkey.h"

#include <stdlib.h>

#define AHEAD 8 /* translations that are read at once, as a bus reads 64 bytes */

struct mkey_cache {
	uint64_t n;
	bool stale;	    /* by injection it holds what it should have dropped */
	uint64_t entries[]; /* 0: not known */
};

static uint64_t table_entry(const struct mkey *mkey, uint64_t index)
{
	return load_be64(mkey->translations + index * sizeof(uint64_t));
}

static struct mkey_cache *make(const struct mkey *mkey)
{
	uint64_t n = mkey->octowords * MTTS_PER_OCTOWORD;
	struct mkey_cache *cache =
		calloc(1, sizeof(*cache) + n * sizeof(cache->entries[0]));

	if (cache)
		cache->n = n;
	return cache;
}

static void read_ahead(struct mkey *mkey, uint64_t index)
{
	struct mkey_cache *cache = mkey->cache;
	uint64_t first = round_down(index, AHEAD);

	for (uint64_t i = first; i < size_min(first + AHEAD, cache->n); i++)
		if (table_entry(mkey, i) & MTT_READ)
			cache->entries[i] = table_entry(mkey, i);
}

uint64_t mkey_cache_entry(struct device *dev, struct mkey *mkey, uint64_t index)
{
	bool kept = dev->inject.active >> INJECT_CACHE & 1;

	if (!behave(dev, BEHAVE_TRANSLATION_CACHED) && !kept)
		return table_entry(mkey, index);
	if (mkey->cache && mkey->cache->stale && !kept)
		mkey_cache_forget(mkey);
	if (!mkey->cache)
		mkey->cache = make(mkey);
	if (!mkey->cache)
		return table_entry(mkey, index);
	if (!mkey->cache->entries[index])
		read_ahead(mkey, index);
	return mkey->cache->entries[index] ? mkey->cache->entries[index] :
					     table_entry(mkey, index);
}

void mkey_cache_drop(struct device *dev, struct mkey *mkey, uint64_t first, uint64_t n)
{
	if (!mkey->cache)
		return;
	if (n > 1 && inject(dev, INJECT_CACHE)) {
		mkey->cache->stale = true;
		n = 1;
	}
	for (uint64_t i = first; i < size_min(first + n, mkey->cache->n); i++)
		mkey->cache->entries[i] = 0;
}

void mkey_cache_forget(struct mkey *mkey)
{
	free(mkey->cache);
	mkey->cache = NULL;
}
