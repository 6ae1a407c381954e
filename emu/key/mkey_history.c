// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mkey_history.c - what a memory key's pages were before their invalidation */
#include "key/mkey_history.h"

#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "key/mkey.h"

#include <stdlib.h>
#include <string.h>

/* What the pages kept may take of the host's memory; beyond that none is kept. */
#define MAX_BYTES MiB(64)

struct kept {
	uint64_t entry;
	uint8_t *page; /* NULL: not kept */
};

struct mkey_history {
	uint64_t n;
	unsigned int page_shift; /* the key's, which may change */
	struct kept kept[];
};

static struct mkey_history *make(const struct mkey *mkey)
{
	uint64_t n = mkey->octowords * MTTS_PER_OCTOWORD;
	struct mkey_history *history =
		calloc(1, sizeof(*history) + n * sizeof(history->kept[0]));

	if (history) {
		history->n = n;
		history->page_shift = mkey->page_shift;
	}
	return history;
}

static void keep_page(struct device *dev, const struct mkey *mkey, struct kept *kept)
{
	uint64_t bytes = 1ull << mkey->page_shift;
	const uint8_t *now =
		dma_at(&dev->dma, kept->entry & ~(uint64_t)MTT_FLAGS, bytes, false);

	if (!now)
		return;
	if (!kept->page) {
		if (dev->history_bytes + bytes > MAX_BYTES)
			return;
		kept->page = malloc(bytes);
		if (!kept->page)
			return;
		dev->history_bytes += bytes;
	}
	memcpy(kept->page, now, bytes);
}

#define USERS (1ull << INJECT_STALE | 1ull << INJECT_OLD_READ)

bool mkey_history_is_on(const struct device *dev)
{
	return dev->inject.active & USERS;
}

/* A page that is mapped once more, as a fault that came again makes it, is no other. */
static bool is_taken(uint64_t before, uint64_t after)
{
	bool stays = after & MTT_READ && (before ^ after) <= MTT_FLAGS;

	return before & MTT_READ && !stays;
}

void mkey_history_keep(struct device *dev, struct mkey *mkey, uint64_t first, uint64_t n,
		       const uint8_t *before)
{
	if (!mkey_history_is_on(dev) || mkey->mode != MKEY_MTT)
		return;
	if (mkey->history && mkey->history->page_shift != mkey->page_shift)
		mkey_history_forget(dev, mkey);
	if (!mkey->history)
		mkey->history = make(mkey);
	for (uint64_t i = 0; mkey->history && i < n; i++) {
		struct kept *kept = &mkey->history->kept[first + i];
		const uint8_t *after =
			mkey->translations + (first + i) * sizeof(uint64_t);
		uint64_t entry = load_be64(before + i * sizeof(uint64_t));

		if (!is_taken(entry, load_be64(after)))
			continue;
		kept->entry = entry;
		if (dev->inject.active >> INJECT_OLD_READ & 1)
			keep_page(dev, mkey, kept);
	}
}

uint64_t mkey_history_entry(const struct mkey *mkey, uint64_t index)
{
	return mkey->history ? mkey->history->kept[index].entry : 0;
}

const uint8_t *mkey_history_page(const struct mkey *mkey, uint64_t index)
{
	const struct mkey_history *history = mkey->history;

	return history && history->page_shift == mkey->page_shift ?
		       history->kept[index].page :
		       NULL;
}

void mkey_history_forget(struct device *dev, struct mkey *mkey)
{
	if (!mkey->history)
		return;
	for (uint64_t i = 0; i < mkey->history->n; i++) {
		if (!mkey->history->kept[i].page)
			continue;
		dev->history_bytes -= 1ull << mkey->history->page_shift;
		free(mkey->history->kept[i].page);
	}
	free(mkey->history);
	mkey->history = NULL;
}
