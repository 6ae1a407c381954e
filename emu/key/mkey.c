// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mkey.c - memory keys: found, decoded, freed */
#include "key/mkey.h"

#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "key/mkey_cache.h"
#include "key/mkey_history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct mkey *mkey_find(struct device *dev, uint32_t key)
{
	struct mkey *mkey = (struct mkey *)objects_get(&dev->mkeys, MKEY_INDEX(key));

	return mkey && mkey->variant == (key & 0xff) ? mkey : NULL;
}

void mkey_decode(struct mkey *mkey)
{
	const uint8_t *c = mkey->context;

	mkey->mode = (enum mkey_mode)(field_get(c, mkc_access_mode_4_2) << 2 |
				      field_get(c, mkc_access_mode_1_0));
	mkey->rights = (field_get(c, mkc_lr) ? RIGHT_LOCAL_READ : 0u) |
		       (field_get(c, mkc_lw) ? RIGHT_LOCAL_WRITE : 0u) |
		       (field_get(c, mkc_rr) ? RIGHT_REMOTE_READ : 0u) |
		       (field_get(c, mkc_rw) ? RIGHT_REMOTE_WRITE : 0u) |
		       (field_get(c, mkc_a) ? RIGHT_ATOMIC : 0u);
	mkey->page_shift = (unsigned int)field_get(c, mkc_log_page_size);
	mkey->start = field_get(c, mkc_start_addr);
	mkey->len = field_get(c, mkc_len);
	mkey->whole = field_get(c, mkc_length64);
	mkey->pd = (uint32_t)field_get(c, mkc_pd);
	mkey->qpn = (uint32_t)field_get(c, mkc_qpn);
	mkey->variant = (uint8_t)field_get(c, mkc_mkey_7_0);
	mkey->free = field_get(c, mkc_free);
	mkey->updatable = field_get(c, mkc_umr_en);
}

void mkey_free(struct device *dev, struct mkey *mkey)
{
	dev->translations -= mkey->octowords * MKEY_OCTOWORD;
	objects_remove(&dev->mkeys, &mkey->object);
	free(mkey->translations);
	mkey_history_forget(dev, mkey);
	mkey_cache_forget(mkey);
	free(mkey);
}

void mkeys_free(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->mkeys, &number)))
		mkey_free(dev, (struct mkey *)object);
	objects_free(&dev->mkeys);
}
