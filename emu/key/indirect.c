// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * indirect.c - memory keys that refer to others: tables, lists, pieces that repeat
 */
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "key/mkey.h"
#include "key/walk.h"

#include <errno.h>

#define KLM_WHOLE      (1ull << 31) /* a length of 0 */
#define CHILD_DISTANCE (1ull << 30)

/* Whether the message's piece began in the entry before this one */
static bool crosses(const struct walk *w, const struct mkey *mkey, uint64_t index,
		    unsigned int depth)
{
	uint64_t begin = w->access->begin - (mkey->whole ? 0 : mkey->start);

	return !depth && index && begin >> mkey->page_shift == index - 1;
}

int walk_table(const struct walk *w, const struct mkey *mkey, uint64_t va, uint64_t len,
	       unsigned int depth)
{
	uint64_t offset = va - (mkey->whole ? 0 : mkey->start);
	uint64_t in_entry = offset & ((1ull << mkey->page_shift) - 1);
	uint64_t index = offset >> mkey->page_shift;
	const uint8_t *entry;
	uint64_t child;

	if (index >= mkey->octowords)
		return -EACCES;
	if (crosses(w, mkey, index, depth) && inject(w->dev, INJECT_BORDER))
		index--;
	entry = mkey->translations + index * MKEY_OCTOWORD;
	len = size_min(len, (1ull << mkey->page_shift) - in_entry);
	child = field_get(entry, klm_va) + in_entry;
	if (inject(w->dev, INJECT_CHILD))
		child += CHILD_DISTANCE;
	return walk_key(w, (uint32_t)field_get(entry, klm_key), child, len, depth + 1,
			true);
}

/*
 * Pieces that repeat: the first one of each, then the next one of each at its stride from
 * the one before, and so on.
 */
static int through_pieces(const struct walk *w, const struct mkey *mkey, uint64_t offset,
			  uint64_t len, unsigned int depth)
{
	const uint8_t *head = mkey->translations, *piece = head + MKEY_OCTOWORD;
	uint64_t round = field_get(head, repeat_block_byte_count);
	uint64_t n = size_min(field_get(head, repeat_block_num_ent), mkey->octowords - 1);
	uint64_t rounds = round ? offset / round : UINT64_MAX, in_round, stride;

	if (rounds >= field_get(head, repeat_block_repeat_count))
		return -EACCES;
	in_round = offset % round;
	for (; n; n--, piece += MKEY_OCTOWORD) {
		uint64_t bytes = field_get(piece, repeat_ent_byte_count);

		if (in_round >= bytes) {
			in_round -= bytes;
			continue;
		}
		stride = field_get(piece, repeat_ent_stride);
		if (rounds && inject(w->dev, INJECT_STRIDE))
			stride = bytes;
		return walk_key(w, (uint32_t)field_get(piece, repeat_ent_memkey),
				field_get(piece, repeat_ent_va) + rounds * stride +
					in_round,
				size_min(len, bytes - in_round), depth + 1, false);
	}
	return -EACCES;
}

/* What a list is rounded up by has no key. */
static bool is_last(const struct mkey *mkey, uint64_t i)
{
	return i + 1 == mkey->octowords ||
	       !field_get(mkey->translations + (i + 1) * MKEY_OCTOWORD, klm_key);
}

int walk_list(const struct walk *w, const struct mkey *mkey, uint64_t va, uint64_t len,
	      unsigned int depth)
{
	uint64_t offset = va - mkey->start;
	bool unbounded = w->dev->inject.active >> INJECT_NO_BOUNDS & 1, swapped;
	bool before = va < mkey->start;

	if (mkey->octowords &&
	    field_get(mkey->translations, repeat_block_op) == MKEY_REPEAT)
		return through_pieces(w, mkey, offset, len, depth);
	/* what a list is rounded up by has no key */
	swapped = mkey->octowords > 1 &&
		  field_get(mkey->translations + MKEY_OCTOWORD, klm_key) &&
		  inject(w->dev, INJECT_LIST_ORDER);
	for (uint64_t i = 0; i < mkey->octowords; i++) {
		const uint8_t *entry =
			mkey->translations + (swapped && i < 2 ? !i : i) * MKEY_OCTOWORD;
		uint64_t bytes = field_get(entry, klm_byte_count);

		bytes = bytes ? bytes : KLM_WHOLE;
		/* with an end that is far away, by injection, the last entry has it;
		 * the first one what lies before it */
		if (offset < bytes || before || (unbounded && is_last(mkey, i)))
			return walk_key(w, (uint32_t)field_get(entry, klm_key),
					field_get(entry, klm_va) + offset,
					offset < bytes ? size_min(len, bytes - offset) :
							 len,
					depth + 1, false);
		offset -= bytes;
	}
	return -EACCES;
}
