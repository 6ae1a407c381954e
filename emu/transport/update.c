// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * update.c - work requests that update memory keys (UMR)
 *
 * The driver maps and invalidates pages with these, enables and frees keys, and users
 * bind memory windows. An update completes only when no DMA that was translated by what
 * it replaces is under way.
 */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/trace.h"
#include "key/mkey_cache.h"
#include "key/mkey_history.h"
#include "qp/message.h"
#include "qp/qp.h"
#include "transfer/transfer.h"
#include "transport/step.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define UMR_AT		  16 /* bytes into the entry: the control segment's end */
#define CONTEXT_AT	  64
#define DATA_AT		  128
#define UPDATE_UNIT	  64 /* bytes that a bus moves at once */
#define FLAG_INLINE	  (1u << 7)
#define FLAG_MUST_BE_USED (1u << 6)
#define FLAG_MUST_BE_FREE (1u << 5)
#define FLAG_OFFSET	  (1u << 4)
#define FLAG_MUST_BE_MINE (1u << 3)

/* Which bit of the request's mask lets which field of the key be set */
static const struct {
	unsigned int bit;
	const struct field *field;
} maskable[] = {
	{ 0, &mkc_length64 },
	{ 0, &mkc_len },
	{ 1, &mkc_log_page_size },
	{ 6, &mkc_start_addr },
	{ 7, &mkc_pd },
	{ 8, &mkc_en_rinval },
	{ 13, &mkc_mkey_7_0 },
	{ 14, &mkc_qpn },
	{ 17, &mkc_lr },
	{ 18, &mkc_lw },
	{ 19, &mkc_rr },
	{ 20, &mkc_rw },
	{ 21, &mkc_a },
	{ 25, &mkc_relaxed_ordering_write },
	{ 29, &mkc_free },
	{ 42, &mkc_log_page_size }, /* its sixth bit */
	{ 47, &mkc_relaxed_ordering_read },
};

struct update {
	struct mkey *mkey;
	const uint8_t *context; /* new values */
	uint64_t mask;
	unsigned int flags;
	uint64_t offset, octowords; /* of the translations */
};

static void decode(struct device *dev, const struct message *m, struct update *u)
{
	const uint8_t *umr = m->entry + UMR_AT;

	u->flags = (unsigned int)field_get(umr, umr_ctrl_seg_flags);
	u->mask = field_get(umr, umr_ctrl_seg_mkey_mask);
	u->octowords = field_get(umr, umr_ctrl_seg_xlt_octowords);
	if (u->flags & FLAG_OFFSET)
		u->offset = field_get(umr, umr_ctrl_seg_xlt_offset_47_16) << 16 |
			    field_get(umr, umr_ctrl_seg_xlt_offset_15_0);
	u->context = m->entry + CONTEXT_AT;
	u->mkey = (struct mkey *)objects_get(&dev->mkeys, MKEY_INDEX(m->immediate));
}

/* A user may only touch keys of its own protection domain that are meant for it. */
static bool allowed(const struct qp *qp, const struct update *u)
{
	const struct mkey *mkey = u->mkey;

	if (!mkey || !mkey->updatable)
		return false;
	if (qp->service != SERVICE_UMR && mkey->pd != qp->pd)
		return false;
	if ((u->flags & FLAG_MUST_BE_FREE && !mkey->free) ||
	    (u->flags & FLAG_MUST_BE_USED && mkey->free) ||
	    (u->flags & FLAG_MUST_BE_MINE && mkey->qpn != MKEY_ANY_QP &&
	     mkey->qpn != qp->object.number))
		return false;
	return u->offset <= mkey->octowords &&
	       u->octowords <= mkey->octowords - u->offset;
}

/* What a window refers to must be the user's, and must allow at least as much. */
static bool window_allowed(struct device *dev, const struct qp *qp,
			   const struct update *u, const uint8_t *klms, uint64_t bytes)
{
	struct access access = { .pd = qp->pd, .qpn = qp->object.number };

	access.right = RIGHT_LOCAL_READ;
	if (field_get(u->context, mkc_rw) || field_get(u->context, mkc_a))
		access.right |= RIGHT_LOCAL_WRITE;
	/* pieces that repeat may lie anywhere: each is checked when it is used */
	if (bytes && field_get(klms, repeat_block_op) == MKEY_REPEAT)
		return true;
	for (uint64_t at = 0; at < bytes; at += MKEY_OCTOWORD) {
		uint32_t key = (uint32_t)field_get(klms + at, klm_key);
		uint64_t len = field_get(klms + at, klm_byte_count);

		if (len &&
		    (key == KEY_RESERVED ||
		     mkey_check(dev, &access, key, field_get(klms + at, klm_va), len)))
			return false;
	}
	return true;
}

/*
 * Copies the translations into the key. The source may fault as any local buffer; then
 * all is copied again.
 */
static int load_translations(struct device *dev, struct qp *qp, const struct update *u)
{
	const struct message *m = &qp->message;
	struct side from = {
		.sges = m->sges,
		.n = m->n,
		.access = { .pd = qp->pd,
			    .qpn = qp->object.number,
			    .right = RIGHT_LOCAL_READ,
			    .physical = qp->physical_keys || qp->service == SERVICE_UMR },
	};
	uint8_t *to = u->mkey->translations + u->offset * MKEY_OCTOWORD;
	uint64_t left = size_min(u->octowords * MKEY_OCTOWORD, m->length);
	struct missing missing;
	struct span span;

	if (side_check(dev, &from, left))
		return message_fail(qp, SYNDROME_LOCAL_PROTECTION);
	while (left) {
		int ret = side_locate(dev, &from, left, &span, &missing);

		if (ret == -EAGAIN)
			return message_fault(dev, qp, SIDE_LOCAL, &missing);
		if (ret)
			return message_fail(qp, SYNDROME_LOCAL_PROTECTION);
		memcpy(to, span.host, span.len);
		to += span.len;
		left -= span.len;
		side_advance(&from, span.len);
	}
	return 0;
}

static int load_inline(struct device *dev, struct qp *qp, const struct update *u)
{
	const struct message *m = &qp->message;
	uint64_t bytes = u->octowords * MKEY_OCTOWORD;

	if (bytes > m->bytes - DATA_AT)
		return message_fail(qp, SYNDROME_LOCAL_OPERATION);
	if (u->mkey->mode == MKEY_KLM && qp->service != SERVICE_UMR &&
	    !window_allowed(dev, qp, u, m->entry + DATA_AT, bytes))
		return message_fail(qp, SYNDROME_BIND);
	memcpy(u->mkey->translations + u->offset * MKEY_OCTOWORD, m->entry + DATA_AT,
	       bytes);
	return 0;
}

static void set_context(const struct update *u)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(maskable); i++)
		if (u->mask >> maskable[i].bit & 1)
			field_set(u->mkey->context, *maskable[i].field,
				  field_get(u->context, *maskable[i].field));
	mkey_decode(u->mkey);
}

static unsigned int present(const struct update *u)
{
	const uint8_t *entry = u->mkey->translations + u->offset * MKEY_OCTOWORD;
	unsigned int n = 0;

	if (u->mkey->mode == MKEY_MTT)
		for (uint64_t i = 0; i < u->octowords * MTTS_PER_OCTOWORD; i++)
			n += load_be64(entry + i * sizeof(uint64_t)) & MTT_READ;
	return n;
}

static int load(struct device *dev, struct qp *qp, const struct update *u)
{
	return u->flags & FLAG_INLINE ? load_inline(dev, qp, u) :
					load_translations(dev, qp, u);
}

/*
 * The same, and what injections make of it: the tail or all of what is new is lost, what
 * was there before is kept.
 */
static int load_and_lose(struct device *dev, struct qp *qp, const struct update *u,
			 bool loses)
{
	uint8_t *at = u->mkey->translations + u->offset * MKEY_OCTOWORD;
	uint64_t bytes = u->octowords * MKEY_OCTOWORD;
	_cleanup_free_ uint8_t *before = malloc(bytes);
	int ret;

	if (!before)
		return load(dev, qp, u);
	memcpy(before, at, bytes);
	ret = load(dev, qp, u);
	if (ret)
		return ret;
	mkey_history_keep(dev, u->mkey, u->offset * MTTS_PER_OCTOWORD,
			  u->octowords * MTTS_PER_OCTOWORD, before);
	if (loses && present(u) && inject(dev, INJECT_UPDATE_LOST))
		memcpy(at, before, bytes);
	if (loses && bytes > UPDATE_UNIT && inject(dev, INJECT_UPDATE_TAIL))
		memcpy(at + bytes - UPDATE_UNIT, before + bytes - UPDATE_UNIT,
		       UPDATE_UNIT);
	return 0;
}

static int replace(struct device *dev, struct qp *qp, const struct update *u)
{
	/* pages that come and go while the key is in use are on demand */
	bool on_demand = !u->mkey->free && !u->mask;
	bool loses = on_demand && dev->inject.active & (1ull << INJECT_UPDATE_LOST |
							1ull << INJECT_UPDATE_TAIL);

	u->mkey->on_demand |= on_demand;
	return loses || mkey_history_is_on(dev) ? load_and_lose(dev, qp, u, loses) :
						  load(dev, qp, u);
}

int step_update(struct device *dev, struct qp *qp, uint64_t *budget)
{
	struct update u = { 0 };
	int ret;

	if (!qp->message.started && behave(dev, BEHAVE_UPDATE_SLOW)) {
		qp->message.started = true;
		qp_sleep(dev, qp, behave_value(dev, BEHAVE_UPDATE_SLOW) * NSEC_PER_USEC);
		return MESSAGE_PARKED;
	}
	decode(dev, &qp->message, &u);
	if (!allowed(qp, &u))
		return message_fail(qp, SYNDROME_BIND);
	if (u.mkey->delayed_writes && !inject(dev, INJECT_EARLY_ACK)) {
		qp->wait = WAIT_DELAYED_DMA;
		return MESSAGE_PARKED;
	}
	ret = u.octowords ? replace(dev, qp, &u) : 0;
	if (ret)
		return ret;
	mkey_cache_drop(dev, u.mkey, u.offset * MTTS_PER_OCTOWORD,
			u.octowords * MTTS_PER_OCTOWORD);
	set_context(&u);
	if (u.mkey->free) {
		/* the driver gives a free key to another region, which may be pinned */
		u.mkey->on_demand = false;
		mkey_history_forget(dev, u.mkey);
		mkey_cache_forget(u.mkey);
	}
	dev->stats.updates++;
	trace(dev, "update",
	      "\"mkey\":%u,\"first\":%llu,\"entries\":%llu,\"present\":%u,\"free\":%s",
	      u.mkey->object.number, (unsigned long long)u.offset * 2,
	      (unsigned long long)u.octowords * 2, dev->config.trace ? present(&u) : 0,
	      u.mkey->free ? "true" : "false");
	return 0;
}
