// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* transfer.c - data moves from one scatter list to another */
#include "transfer.h"

#include "base/util.h"
#include "device.h"
#include "persist.h"
#include "qp.h"

#include <errno.h>
#include <string.h>

#define WORD 8

uint64_t sges_bytes(const struct sge *sges, unsigned int n)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < n; i++)
		bytes += sges[i].len;
	return bytes;
}

int side_check(struct device *dev, const struct side *side, uint64_t len)
{
	for (unsigned int i = 0; i < side->n && len; i++) {
		const struct sge *sge = &side->sges[i];
		uint64_t n = size_min(len, sge->len);

		if (!sge->data && n &&
		    mkey_check(dev, &side->access, sge->key, sge->addr, n))
			return -EACCES;
		len -= n;
	}
	return 0;
}

int side_locate(struct device *dev, struct side *side, uint64_t len, struct span *span,
		struct missing *missing)
{
	const struct sge *sge;

	while (side->at < side->n && side->offset == side->sges[side->at].len) {
		side->at++;
		side->offset = 0;
	}
	if (side->at == side->n)
		return -EACCES;
	sge = &side->sges[side->at];
	len = size_min(len, sge->len - side->offset);
	if (sge->data) {
		span->host = (uint8_t *)(uintptr_t)sge->data + side->offset;
		span->len = len;
		span->leaf = NULL;
		return 0;
	}
	return mkey_translate(dev, &side->access, sge->key, sge->addr + side->offset, len,
			      span, missing);
}

void side_advance(struct side *side, uint64_t len)
{
	side->offset += (uint32_t)len;
}

/* Half of the last whole word lands late: the reader of that word sees it torn. */
static size_t tear(struct device *dev, const struct span *to, const uint8_t *from,
		   size_t len)
{
	size_t end = len - (((uintptr_t)to->host + len) & (WORD - 1));

	if (end < WORD || end > len)
		return len;
	late_write(dev, to->leaf, NULL, to->host + end - WORD / 2, from + end - WORD / 2,
		   WORD / 2);
	return end - WORD / 2;
}

void transfer_write(struct device *dev, struct transfer *transfer, const struct span *to,
		    const void *from, size_t len)
{
	bool wait_for_it = inject(dev, INJECT_SLOW_DMA) || inject(dev, INJECT_EARLY_ACK);

	if (dev->persist.on)
		persist_write(&dev->persist, &dev->dma, transfer->writer, to->host, len);
	if (wait_for_it || inject(dev, INJECT_EARLY_CQE)) {
		late_write(dev, to->leaf, wait_for_it ? transfer->qp : NULL, to->host,
			   from, len);
		return;
	}
	if (inject(dev, INJECT_TORN))
		len = tear(dev, to, from, len);
	memcpy(to->host, from, len);
}

static bool writes_memory(const struct transfer *transfer)
{
	return transfer->to.who != SIDE_LOCAL;
}

/* Defects in where the bytes of a message go; all stay within the page at hand. */
static void misplace(struct device *dev, const struct transfer *transfer, struct span *to)
{
	if (!transfer->done && inject(dev, INJECT_OFFSET))
		to->host -= (uintptr_t)to->host % PAGE_BYTES;
}

static void write_beyond(const struct span *to, size_t len)
{
	static const uint8_t junk[WORD] = {
		0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee
	};

	if (((uintptr_t)to->host + len) % PAGE_BYTES <= PAGE_BYTES - WORD &&
	    ((uintptr_t)to->host + len) % PAGE_BYTES)
		memcpy(to->host + len, junk, WORD);
}

/* Exchanges the first two pages of what was written, as far as they are in one piece. */
static void swap_pages(struct device *dev, const struct transfer *transfer)
{
	struct side side = transfer->to;
	struct span first, second;
	struct missing missing;
	uint8_t page[PAGE_BYTES];
	size_t n;

	if (transfer->len < 2 * PAGE_BYTES || side.sges[0].len < 2 * PAGE_BYTES)
		return;
	side.at = 0;
	side.offset = 0;
	if (side_locate(dev, &side, PAGE_BYTES, &first, &missing))
		return;
	side_advance(&side, PAGE_BYTES);
	if (side_locate(dev, &side, PAGE_BYTES, &second, &missing))
		return;
	n = size_min(first.len, second.len);
	memcpy(page, first.host, n);
	memcpy(first.host, second.host, n);
	memcpy(second.host, page, n);
}

static void copy(struct device *dev, struct transfer *transfer, const struct span *from,
		 struct span *to, size_t len)
{
	static const uint8_t zeros[PAGE_BYTES];
	const uint8_t *data = from->host;

	if (transfer->source_faulted && inject(dev, INJECT_OLD_READ)) {
		data = zeros;
		len = size_min(len, PAGE_BYTES);
	}
	transfer->source_faulted = false;
	if (writes_memory(transfer))
		misplace(dev, transfer, to);
	transfer_write(dev, transfer, to, data, len);
	side_advance(&transfer->from, len);
	side_advance(&transfer->to, len);
	transfer->done += len;
	if (transfer->done == transfer->len && writes_memory(transfer) &&
	    inject(dev, INJECT_BEYOND))
		write_beyond(to, len);
}

int transfer_run(struct device *dev, struct transfer *transfer, uint64_t *budget,
		 struct missing *missing, enum fault_side *who)
{
	struct span from, to;
	int ret;

	if (!transfer->done && transfer->len > WORD && writes_memory(transfer) &&
	    inject(dev, INJECT_SHORT))
		transfer->len -= WORD;
	while (transfer->done < transfer->len) {
		uint64_t left = transfer->len - transfer->done;

		if (!*budget)
			return -EINPROGRESS;
		*who = transfer->from.who;
		ret = side_locate(dev, &transfer->from, left, &from, missing);
		if (ret) {
			transfer->source_faulted = ret == -EAGAIN && *who == SIDE_REMOTE;
			return ret;
		}
		*who = transfer->to.who;
		ret = side_locate(dev, &transfer->to, left, &to, missing);
		if (ret)
			return ret;
		left = size_min(size_min(from.len, to.len), size_min(left, *budget));
		copy(dev, transfer, &from, &to, left);
		*budget -= left;
	}
	if (!transfer->settled && writes_memory(transfer) && inject(dev, INJECT_SWAP))
		swap_pages(dev, transfer);
	transfer->settled = true;
	return 0;
}
