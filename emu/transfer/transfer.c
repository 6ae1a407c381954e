// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* transfer.c - data moves from one scatter list to another */
#include "transfer/transfer.h"

#include "base/clock.h"
#include "base/util.h"
#include "device/device.h"
#include "device/persist.h"
#include "qp/qp.h"
#include "transfer/delayed_dma.h"
#include "transfer/misplace.h"

#include <errno.h>
#include <string.h>

/* What lands at once of data that lands in any order */
#define SCATTER_BYTES 512

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
	side->access.begin = sge->addr;
	if (sge->data) {
		*span = (struct span){
			.host = (uint8_t *)(uintptr_t)sge->data + side->offset, .len = len
		};
		return 0;
	}
	return mkey_translate(dev, &side->access, sge->key, sge->addr + side->offset, len,
			      span, missing);
}

void side_advance(struct side *side, uint64_t len)
{
	side->offset += (uint32_t)len;
}

static void remember(struct device *dev, const struct transfer *transfer,
		     const struct span *to, size_t len)
{
	if (dev->persist.n)
		persist_write(&dev->persist, &dev->dma, transfer->writer, to->host, len);
}

void transfer_write_now(struct device *dev, const struct transfer *transfer,
			const struct span *to, const void *from, size_t len)
{
	remember(dev, transfer, to, len);
	memmove(to->host, from, len);
}

/* In pieces, each at a moment of its own; the completion waits for them all. */
static void scatter(struct device *dev, struct qp *qp, const struct span *to,
		    const uint8_t *from, size_t len)
{
	uint64_t longest = behave_value(dev, BEHAVE_DMA_UNORDERED) * NSEC_PER_USEC;
	struct span piece = *to;

	for (size_t at = 0, n; at < len; at += n, piece.host += n) {
		n = size_min(len - at, SCATTER_BYTES);
		delayed_dma_write_after(dev, &piece, qp, from + at, n,
					rand_below(&dev->behave.rand, longest));
	}
}

void transfer_write(struct device *dev, struct transfer *transfer, const struct span *to,
		    const void *from, size_t len)
{
	struct qp *qp = transfer->qp;
	bool waits = qp_behave(dev, qp, BEHAVE_SLOW_DMA) ||
		     qp_inject(dev, qp, INJECT_EARLY_ACK);

	remember(dev, transfer, to, len);
	if (!waits && qp_behave(dev, qp, BEHAVE_DMA_UNORDERED)) {
		scatter(dev, qp, to, from, len);
		return;
	}
	if (waits || qp_inject(dev, qp, INJECT_EARLY_CQE) ||
	    misplace_late(dev, transfer, len)) {
		delayed_dma_write(dev, to, waits ? qp : NULL, from, len);
		return;
	}
	len = misplace_tear(dev, transfer, to, from, len);
	/* a driver may send a buffer to itself */
	memmove(to->host, from, len);
	if (transfer->to.which != SIDE_LOCAL && qp_inject(dev, qp, INJECT_REPLAYED))
		delayed_dma_write(dev, to, NULL, from, len);
}

/* By injection some bytes are left out, whenever the others land. */
static void write_around(struct device *dev, struct transfer *transfer,
			 const struct span *to, const uint8_t *data, size_t len)
{
	struct span rest = *to;
	size_t at, hole = misplace_hole(dev, transfer, len, &at);

	if (!hole) {
		transfer_write(dev, transfer, to, data, len);
		return;
	}
	if (at)
		transfer_write(dev, transfer, to, data, at);
	at += hole;
	rest.host += at;
	if (at < len)
		transfer_write(dev, transfer, &rest, data + at, len - at);
}

static void copy(struct device *dev, struct transfer *transfer, const struct span *from,
		 struct span *to, size_t len)
{
	static const uint8_t zeros[PAGE_BYTES];
	const uint8_t *data = from->host;

	if (transfer->source_faulted && qp_inject(dev, transfer->qp, INJECT_OLD_READ)) {
		data = from->old ? from->old : zeros;
		len = size_min(len, PAGE_BYTES);
	}
	transfer->source_faulted = false;
	misplace_target(dev, transfer, to);
	write_around(dev, transfer, to, data, len);
	side_advance(&transfer->from, len);
	side_advance(&transfer->to, len);
	transfer->done += len;
	transfer->from.access.resumed = false;
	transfer->to.access.resumed = false;
}

/* As side_locate(), and remembers that the side has faulted. */
static int locate(struct device *dev, struct side *side, uint64_t len, struct span *span,
		  struct missing *missing)
{
	int ret = side_locate(dev, side, len, span, missing);

	if (ret == -EAGAIN)
		side->access.resumed = true;
	return ret;
}

int transfer_run(struct device *dev, struct transfer *transfer, uint64_t *budget,
		 struct missing *missing, enum fault_side *which)
{
	struct span from, to;
	int ret;

	if (!transfer->begun)
		misplace_length(dev, transfer);
	transfer->begun = true;
	while (transfer->done < transfer->len) {
		uint64_t left = transfer->len - transfer->done;

		if (!*budget)
			return -EINPROGRESS;
		*which = transfer->from.which;
		ret = locate(dev, &transfer->from, left, &from, missing);
		if (ret) {
			transfer->source_faulted = ret == -EAGAIN &&
						   *which == SIDE_REMOTE;
			return ret;
		}
		*which = transfer->to.which;
		ret = locate(dev, &transfer->to, left, &to, missing);
		if (ret == -EAGAIN && misplace_dropped(dev, transfer))
			break;
		transfer->target_faulted |= ret == -EAGAIN;
		if (ret)
			return ret;
		left = size_min(size_min(from.len, to.len), size_min(left, *budget));
		copy(dev, transfer, &from, &to, left);
		*budget -= left;
	}
	if (!transfer->settled)
		misplace_after(dev, transfer);
	transfer->settled = true;
	return 0;
}
