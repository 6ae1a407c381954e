// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mkey_commands.c - create, query and destroy memory keys */
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "key/mkey.h"
#include "transfer/delayed_dma.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What one key may hold, and what all may: a guest must not eat the host's memory. */
#define MAX_OCTOWORDS	 (1ull << 24)
#define UPDATE_OCTOWORDS 4
#define MAX_KLMS	 (1ull << 16) /* each access walks them */
#define MAX_TRANSLATIONS (16ull << 30)

static int mkey_init(struct device *dev, struct mkey *mkey, const struct command *cmd)
{
	uint64_t given =
		field_get(cmd->in, create_mkey_in_translations_octword_actual_size);
	const uint8_t *translations = const_block(cmd->in, create_mkey_in_klm_pas_mtt);

	memcpy(mkey->context, const_block(cmd->in, create_mkey_in_memory_key_mkey_entry),
	       MKEY_CONTEXT);
	mkey_decode(mkey);
	/* updates come in units of 64 bytes, also to a key that needs less */
	mkey->octowords =
		round_up(field_get(mkey->context, mkc_translations_octword_size),
			 UPDATE_OCTOWORDS);
	if (mkey->mode > MKEY_KSM || given > mkey->octowords ||
	    given * MKEY_OCTOWORD > cmd->in_len - (uint64_t)(translations - cmd->in))
		return -EINVAL;
	if (mkey->octowords > (mkey->mode == MKEY_KLM ? MAX_KLMS : MAX_OCTOWORDS) ||
	    dev->translations + mkey->octowords * MKEY_OCTOWORD > MAX_TRANSLATIONS)
		return -ENOSPC;
	if (!mkey->octowords)
		return 0;
	mkey->translations = calloc(mkey->octowords, MKEY_OCTOWORD);
	if (!mkey->translations)
		return -ENOMEM;
	memcpy(mkey->translations, translations, given * MKEY_OCTOWORD);
	return 0;
}

static enum command_status create_mkey(struct device *dev, struct command *cmd)
{
	struct mkey *mkey = calloc(1, sizeof(*mkey));
	int ret;

	if (!mkey)
		return STATUS_NO_RESOURCES;
	ret = mkey_init(dev, mkey, cmd);
	if (!ret)
		ret = objects_add(&dev->mkeys, &mkey->object);
	if (ret) {
		free(mkey->translations);
		free(mkey);
		return command_error(ret);
	}
	dev->translations += mkey->octowords * MKEY_OCTOWORD;
	cmd->number = mkey->object.number;
	field_set(cmd->out, create_mkey_out_mkey_index, mkey->object.number);
	return STATUS_OK;
}

static enum command_status destroy_mkey(struct device *dev, struct command *cmd)
{
	uint32_t number = (uint32_t)field_get(cmd->in, destroy_mkey_in_mkey_index);
	struct mkey *mkey = (struct mkey *)objects_get(&dev->mkeys, number);

	if (!mkey)
		return STATUS_BAD_RESOURCE;
	cmd->number = number;
	delayed_dma_forget(dev, mkey);
	mkey_free(dev, mkey);
	return STATUS_OK;
}

static enum command_status query_mkey(struct device *dev, struct command *cmd)
{
	uint32_t number = (uint32_t)field_get(cmd->in, query_mkey_in_mkey_index);
	struct mkey *mkey = (struct mkey *)objects_get(&dev->mkeys, number);
	uint8_t *translations = block(cmd->out, query_mkey_out_bsf0_klm0_pas_mtt0_1);
	size_t room;

	if (!mkey)
		return STATUS_BAD_RESOURCE;
	cmd->number = number;
	memcpy(block(cmd->out, query_mkey_out_memory_key_mkey_entry), mkey->context,
	       MKEY_CONTEXT);
	/* to resolve a page fault under an indirect key, the driver reads these */
	room = cmd->out_len - size_min(cmd->out_len, (size_t)(translations - cmd->out));
	if (mkey->octowords)
		memcpy(translations, mkey->translations,
		       size_min(room, mkey->octowords * MKEY_OCTOWORD));
	return STATUS_OK;
}

const struct command_row mkey_commands[] = {
	COMMAND_ROW(CREATE_MKEY, create_mkey, 272, 16),
	COMMAND_ROW(QUERY_MKEY, query_mkey, 16, 80),
	COMMAND_ROW(DESTROY_MKEY, destroy_mkey, 16, 8),
	{ 0 },
};
