// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* former.c - what a memory key's pages were before their invalidation */
#include "former.h"

#include "base/util.h"
#include "device.h"
#include "layout.h"
#include "mkey.h"

#include <stdlib.h>
#include <string.h>

/* What the pages kept may take of the host's memory; beyond that none is kept. */
#define MAX_BYTES MiB(64)

struct kept {
	uint64_t entry;
	uint8_t *page; /* NULL: not kept */
};

struct former {
	uint64_t n;
	unsigned int page_shift; /* the key's, which may change */
	struct kept kept[];
};

static struct former *make(const struct mkey *mkey)
{
	uint64_t n = mkey->octowords * MTTS_PER_OCTOWORD;
	struct former *former = calloc(1, sizeof(*former) + n * sizeof(former->kept[0]));

	if (former) {
		former->n = n;
		former->page_shift = mkey->page_shift;
	}
	return former;
}

static void keep_page(struct device *dev, const struct mkey *mkey, struct kept *kept)
{
	uint64_t bytes = 1ull << mkey->page_shift;
	const uint8_t *now =
		dma_at(&dev->dma, kept->entry & ~(uint64_t)MTT_FLAGS, bytes, false);

	if (!now || bytes > MAX_BYTES)
		return;
	if (!kept->page) {
		if (dev->former_bytes + bytes > MAX_BYTES)
			return;
		kept->page = malloc(bytes);
		if (!kept->page)
			return;
		dev->former_bytes += bytes;
	}
	memcpy(kept->page, now, bytes);
}

void former_keep(struct device *dev, struct mkey *mkey, uint64_t first, uint64_t n)
{
	uint64_t wanted = dev->inject.active &
			  (1ull << INJECT_STALE | 1ull << INJECT_OLD_READ);

	if (!wanted || mkey->mode != MKEY_MTT)
		return;
	if (mkey->former && mkey->former->page_shift != mkey->page_shift)
		former_forget(dev, mkey);
	if (!mkey->former)
		mkey->former = make(mkey);
	for (uint64_t i = first; mkey->former && i < first + n; i++) {
		struct kept *kept = &mkey->former->kept[i];
		uint64_t entry = load_be64(mkey->translations + i * sizeof(uint64_t));

		if (!(entry & MTT_READ))
			continue;
		kept->entry = entry;
		if (wanted >> INJECT_OLD_READ & 1)
			keep_page(dev, mkey, kept);
	}
}

uint64_t former_entry(const struct mkey *mkey, uint64_t index)
{
	return mkey->former ? mkey->former->kept[index].entry : 0;
}

const uint8_t *former_page(const struct mkey *mkey, uint64_t index)
{
	const struct former *former = mkey->former;

	return former && former->page_shift == mkey->page_shift ?
		       former->kept[index].page :
		       NULL;
}

void former_forget(struct device *dev, struct mkey *mkey)
{
	if (!mkey->former)
		return;
	for (uint64_t i = 0; i < mkey->former->n; i++) {
		if (!mkey->former->kept[i].page)
			continue;
		dev->former_bytes -= 1ull << mkey->former->page_shift;
		free(mkey->former->kept[i].page);
	}
	free(mkey->former);
	mkey->former = NULL;
}
