// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * translate.c - from an address under a memory key to the guest's memory
 *
 * A key is physical, or a table of pages (MTT), or refers to other keys: by entries of
 * any size (KLM, memory windows) or of one size (KSM, implicit regions). An entry without
 * the flag that the access needs is a page fault of the leaf that holds it.
 */
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "key/mkey.h"
#include "key/mkey_cache.h"
#include "key/mkey_history.h"
#include "key/walk.h"

#include <errno.h>

#define MAX_DEPTH 4
#define SLACK	  8 /* bytes, by injection */

static struct mkey *find(const struct walk *w, uint32_t key)
{
	struct mkey *mkey = mkey_find(w->dev, key);

	if (!mkey && inject(w->dev, INJECT_FOREIGN_KEY))
		mkey = (struct mkey *)objects_get(&w->dev->mkeys, MKEY_INDEX(key));
	return mkey;
}

static bool in_range(const struct mkey *mkey, uint64_t va, uint64_t len)
{
	return va >= mkey->start && len <= mkey->len &&
	       va - mkey->start <= mkey->len - len;
}

static bool in_bounds(const struct walk *w, const struct mkey *mkey, uint64_t va,
		      uint64_t len)
{
	if (mkey->whole || in_range(mkey, va, len))
		return true;
	if (mkey->mode == MKEY_KLM)
		return inject(w->dev,
			      va < mkey->start ? INJECT_EARLY_BOUNDS : INJECT_NO_BOUNDS);
	/* the last byte aside, no more than the slack is too much */
	return mkey->start % PAGE_BYTES && in_range(mkey, va, 1) &&
	       in_range(mkey, va, len - size_min(len - 1, SLACK)) &&
	       inject(w->dev, INJECT_LOOSE_BOUNDS);
}

/* Where a device ends up whose arithmetic has too few bits, by injection. */
static uint64_t overflown(const struct walk *w, const struct mkey *mkey, uint64_t va,
			  uint64_t len)
{
	uint64_t cut = mkey->start + (uint32_t)(va - mkey->start);

	if (mkey->whole || mkey->mode != MKEY_MTT || in_range(mkey, va, len))
		return va;
	if (in_range(mkey, cut, len) && inject(w->dev, INJECT_ADDRESS_CUT))
		return cut;
	if (va + len <= va && in_range(mkey, mkey->start, len) &&
	    inject(w->dev, INJECT_RANGE_WRAPS))
		return mkey->start;
	return va;
}

/* A key that may not be accessed now, whatever it was before */
static bool unusable(const struct walk *w, const struct mkey *mkey)
{
	return mkey->free && !inject(w->dev, INJECT_FREED_KEY);
}

static int physical(const struct walk *w, uint64_t addr, uint64_t len, struct mkey *leaf)
{
	w->span->leaf = leaf;
	w->span->len =
		dma_span(&w->dev->dma, addr, len, w->access->write, &w->span->host);
	return w->span->len ? 0 : -EACCES;
}

/* What the null key reads and writes, when it is used as a key of its own. */
static int nothing(const struct walk *w, uint64_t len)
{
	w->span->host = w->dev->sink;
	w->span->len = size_min(len, PAGE_BYTES);
	if (!w->access->write)
		memset(w->dev->sink, 0, w->span->len);
	return 0;
}

static int fault(const struct walk *w, uint32_t key, uint64_t va, uint64_t len)
{
	*w->missing = (struct missing){
		.mkey = key, .va = va, .bytes = len, .write = w->access->write
	};
	return -EAGAIN;
}

static uint64_t mtt_entry(const struct walk *w, struct mkey *mkey, uint64_t index)
{
	uint64_t entry = mkey_cache_entry(w->dev, mkey, index);

	if (!(entry & MTT_READ) && mkey_history_entry(mkey, index) &&
	    inject(w->dev, INJECT_STALE))
		entry = mkey_history_entry(mkey, index);
	if ((entry & MTT_READ) && w->access->write && !(entry & MTT_WRITE) &&
	    (inject(w->dev, INJECT_READ_ONLY) ||
	     (w->access->rare && inject(w->dev, INJECT_PERMISSION))))
		entry |= MTT_WRITE;
	return entry;
}

/*
 * How many of @len bytes from @va on lie in one piece, from @entry on. Pages next to each
 * other are taken together, but for injections and behaviours, which act on each.
 */
static uint64_t in_one_piece(const struct walk *w, const struct mkey *mkey, uint64_t va,
			     uint64_t len, uint64_t index, uint64_t entry)
{
	uint64_t page = 1ull << mkey->page_shift, piece = page - (va & (page - 1));

	while (piece < len && !w->dev->inject.active && !w->dev->behave.active &&
	       ++index < mkey->octowords * MTTS_PER_OCTOWORD) {
		entry += page;
		if (load_be64(mkey->translations + index * sizeof(uint64_t)) != entry)
			break;
		piece += page;
	}
	return size_min(len, piece);
}

/*
 * Once for each access: what the driver has just resolved is used as it is. And only
 * where a fault would give no more rights than the page has, as it does after another
 * fault: a prefetch maps for reading, and the driver's handler, which asks for writing,
 * takes such a page away.
 */
static bool may_be_spurious(const struct walk *w, const struct mkey *mkey, uint64_t entry)
{
	return mkey->on_demand && !w->access->resumed &&
	       (entry & MTT_WRITE ||
		!(mkey->rights & (RIGHT_LOCAL_WRITE | RIGHT_REMOTE_WRITE)));
}

static int through_pages(const struct walk *w, struct mkey *mkey, uint64_t va,
			 uint64_t len)
{
	uint64_t page = 1ull << mkey->page_shift;
	uint64_t index = (va >> mkey->page_shift) - (mkey->start >> mkey->page_shift);
	uint32_t key = mkey->object.number << 8 | mkey->variant;
	uint64_t entry;

	if (index >= mkey->octowords * MTTS_PER_OCTOWORD)
		return -EACCES;
	entry = mtt_entry(w, mkey, index);
	if (!(entry & MTT_READ) || (w->access->write && !(entry & MTT_WRITE)))
		return fault(w, key, va, len);
	if (mkey->on_demand && inject(w->dev, INJECT_ENDLESS))
		return fault(w, key, va, len);
	if (may_be_spurious(w, mkey, entry) && behave(w->dev, BEHAVE_FAULT_SPURIOUS))
		return fault(w, key, va, len);
	len = in_one_piece(w, mkey, va, len, index, entry);
	w->span->old = mkey_history_page(mkey, index);
	if (w->span->old)
		w->span->old += va & (page - 1);
	return physical(w, (entry & ~(uint64_t)MTT_FLAGS) + (va & (page - 1)), len, mkey);
}

static bool may_be_listed(const struct walk *w, const struct mkey *mkey)
{
	enum right right = w->access->write ? RIGHT_LOCAL_WRITE : RIGHT_LOCAL_READ;

	return mkey->pd == w->access->pd && mkey->rights & right;
}

int walk_key(const struct walk *w, uint32_t key, uint64_t va, uint64_t len,
	     unsigned int depth, bool in_table)
{
	struct mkey *mkey;

	if (key == KEY_RESERVED && w->access->physical && !depth)
		return physical(w, va, len, NULL);
	/* in the table of an implicit region the null key means "nothing here yet" */
	if (key == KEY_NULL)
		return in_table ? fault(w, key, va, len) : nothing(w, len);
	mkey = find(w, key);
	if (!mkey || unusable(w, mkey) || depth > MAX_DEPTH)
		return -EACCES;
	va = overflown(w, mkey, va, len);
	if (!in_bounds(w, mkey, va, len))
		return -EACCES;
	/* a user's list may name any key, an implicit region's table is the driver's */
	if (depth && !in_table && !may_be_listed(w, mkey))
		return -EACCES;
	switch (mkey->mode) {
	case MKEY_PHYSICAL:
		return physical(w, va, len, mkey);
	case MKEY_MTT:
		return through_pages(w, mkey, va, len);
	case MKEY_KLM:
		return walk_list(w, mkey, va, len, depth);
	case MKEY_KSM:
		return walk_table(w, mkey, va, len, depth);
	}
	return -EACCES;
}

int mkey_translate(struct device *dev, const struct access *access, uint32_t key,
		   uint64_t va, uint64_t len, struct span *span, struct missing *missing)
{
	struct walk w = {
		.dev = dev, .access = access, .span = span, .missing = missing
	};

	*span = (struct span){ 0 };
	return walk_key(&w, key, va, len, 0, false);
}

int mkey_check(struct device *dev, const struct access *access, uint32_t key, uint64_t va,
	       uint64_t len)
{
	struct walk w = { .dev = dev, .access = access };
	const struct mkey *mkey;

	if (key == KEY_NULL)
		return 0;
	if (key == KEY_RESERVED)
		return access->physical ? 0 : -EACCES;
	mkey = find(&w, key);
	if (!mkey || unusable(&w, mkey) ||
	    (mkey->rights & access->right) != access->right)
		return -EACCES;
	if (mkey->pd != access->pd && !inject(dev, INJECT_FOREIGN_KEY))
		return -EACCES;
	if (mkey->qpn != MKEY_ANY_QP && mkey->qpn != access->qpn)
		return -EACCES;
	va = overflown(&w, mkey, va, len);
	return in_bounds(&w, mkey, va, len) ? 0 : -EACCES;
}
