// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mkeys.c - memory keys put into the device without a command, and addresses under them
 */
#include "mkeys.h"

#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#define VARIANT	  0x42
#define OCTOWORDS 16 /* allocated for each */

uint32_t mkeys_add(struct guest *g, struct mkey mkey)
{
	struct mkey *added = malloc(sizeof(*added));

	assert_non_null(added);
	mkey.variant = VARIANT;
	mkey.pd = mkey.pd ? mkey.pd : DOMAIN;
	mkey.qpn = mkey.qpn ? mkey.qpn : MKEY_ANY_QP;
	mkey.translations = calloc(OCTOWORDS, MKEY_OCTOWORD);
	assert_non_null(mkey.translations);
	*added = mkey;
	assert_int_equal(objects_add(&g->dev->mkeys, &added->object), 0);
	g->dev->translations += mkey.octowords * MKEY_OCTOWORD;
	return added->object.number << 8 | VARIANT;
}

struct mkey *mkeys_get(struct guest *g, uint32_t key)
{
	struct mkey *mkey = mkey_find(g->dev, key);

	assert_non_null(mkey);
	return mkey;
}

uint32_t mkeys_leaf(struct guest *g)
{
	return mkeys_add(g,
			 (struct mkey){ .mode = MKEY_PHYSICAL,
					.whole = true,
					.rights = RIGHT_LOCAL_READ | RIGHT_LOCAL_WRITE });
}

uint32_t mkeys_list(struct guest *g, uint64_t octowords)
{
	return mkeys_add(g, (struct mkey){ .mode = MKEY_KLM,
					   .start = MKEYS_START,
					   .len = 1ull << 40,
					   .rights = RIGHT_LOCAL_READ | RIGHT_LOCAL_WRITE,
					   .octowords = octowords });
}

void mkeys_page(struct guest *g, uint32_t key, unsigned int index, uint64_t entry)
{
	store_be64(mkeys_get(g, key)->translations + index * sizeof(uint64_t), entry);
}

void mkeys_child(struct guest *g, uint32_t key, unsigned int index, uint32_t child,
		 uint64_t va, uint32_t bytes)
{
	uint8_t *entry = mkeys_get(g, key)->translations + index * MKEY_OCTOWORD;

	field_set(entry, klm_byte_count, bytes);
	field_set(entry, klm_key, child);
	field_set(entry, klm_va, va);
}

static struct mkeys_place translate(struct guest *g, uint32_t key, uint64_t va,
				    uint64_t len, bool write)
{
	const struct access access = { .pd = DOMAIN, .write = write };
	struct mkeys_place place;

	memset(&place, 0xff, sizeof(place));
	place.ret = mkey_translate(g->dev, &access, key, va, len, &place.span,
				   &place.missing);
	return place;
}

struct mkeys_place mkeys_read(struct guest *g, uint32_t key, uint64_t va, uint64_t len)
{
	return translate(g, key, va, len, false);
}

struct mkeys_place mkeys_write(struct guest *g, uint32_t key, uint64_t va, uint64_t len)
{
	return translate(g, key, va, len, true);
}

uint64_t mkeys_address(const struct guest *g, const struct mkeys_place *place)
{
	assert_int_equal(place->ret, 0);
	return GUEST_BASE + (uint64_t)(place->span.host - g->memory);
}

void mkeys_lead_to(struct guest *g, uint32_t key, uint64_t va, uint64_t len,
		   uint64_t address, uint64_t bytes)
{
	struct mkeys_place place = mkeys_read(g, key, va, len);

	assert_int_equal(mkeys_address(g, &place), address);
	assert_int_equal(place.span.len, bytes);
}
