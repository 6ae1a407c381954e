// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* misplace.c - by injection: the bytes that a message moves go astray */
#include "transfer/misplace.h"

#include "base/util.h"
#include "device/device.h"
#include "qp/qp.h"
#include "transfer/delayed_dma.h"
#include "transfer/transfer.h"

#include <string.h>

#define WORD	8
#define HOLE_AT KiB(64) /* in a message */

static bool writes_memory(const struct transfer *transfer)
{
	return transfer->to.which != SIDE_LOCAL;
}

void misplace_length(struct device *dev, struct transfer *transfer)
{
	bool writes = writes_memory(transfer);

	if (transfer->len > WORD &&
	    ((writes && qp_inject(dev, transfer->qp, INJECT_SHORT)) ||
	     (!writes && qp_inject(dev, transfer->qp, INJECT_READ_TAIL))))
		transfer->len -= WORD;
}

void misplace_target(struct device *dev, const struct transfer *transfer, struct span *to)
{
	size_t offset = (uintptr_t)to->host % PAGE_BYTES;

	if (writes_memory(transfer) && !transfer->done && offset &&
	    qp_inject(dev, transfer->qp, INJECT_OFFSET))
		to->host -= offset;
}

size_t misplace_hole(struct device *dev, const struct transfer *transfer, size_t len,
		     size_t *at)
{
	bool resumed = transfer->from.access.resumed || transfer->to.access.resumed;

	*at = 0;
	if (len <= MISPLACE_HOLE)
		return 0;
	if (resumed && qp_inject(dev, transfer->qp, INJECT_SKIP))
		return MISPLACE_HOLE;
	*at = HOLE_AT - transfer->done;
	if (writes_memory(transfer) && transfer->done <= HOLE_AT &&
	    *at + MISPLACE_HOLE <= len && qp_inject(dev, transfer->qp, INJECT_BLOCK))
		return MISPLACE_HOLE;
	*at = 0;
	return 0;
}

bool misplace_late(struct device *dev, const struct transfer *transfer, size_t len)
{
	return transfer->to.which == SIDE_REMOTE && transfer->target_faulted &&
	       transfer->done + len == transfer->len &&
	       qp_inject(dev, transfer->qp, INJECT_LAST_LATE);
}

bool misplace_dropped(struct device *dev, struct transfer *transfer)
{
	if (transfer->len < 2 * PAGE_BYTES ||
	    transfer->len - transfer->done > PAGE_BYTES ||
	    !qp_inject(dev, transfer->qp, INJECT_UNFAULTED))
		return false;
	transfer->done = transfer->len;
	return true;
}

void misplace_pieces(struct device *dev, struct qp *qp)
{
	struct message *m = &qp->message;
	struct sge *sges = m->sges;

	if (m->kind->opcode == OPCODE_UMR || m->n < 2 || sges[0].data || sges[1].data)
		return;
	if (m->n > 2 && !sges[2].data && sges[2].key != sges[1].key &&
	    qp_inject(dev, qp, INJECT_SEND_KEY))
		sges[2].key = sges[1].key;
	if (qp_inject(dev, qp, INJECT_PIECES)) {
		const struct sge first = sges[0];

		sges[0] = sges[1];
		sges[1] = first;
	}
}

/* From the last whole word's half on all lands late: a reader sees that word torn. */
size_t misplace_tear(struct device *dev, const struct transfer *transfer,
		     const struct span *to, const uint8_t *from, size_t len)
{
	size_t end = len - (((uintptr_t)to->host + len) & (WORD - 1));
	size_t now = end - WORD / 2;
	struct span late = *to;

	if (end < WORD || end > len || !qp_inject(dev, transfer->qp, INJECT_TORN))
		return len;
	late.host += now;
	delayed_dma_write(dev, &late, NULL, from + now, len - now);
	return now;
}

/* The first two pages' worth of what was written, as far as each is in one piece */
static bool first_pages(struct device *dev, const struct transfer *transfer,
			struct span *first, struct span *second)
{
	struct side side = transfer->to;
	struct missing missing;

	if (transfer->len < 2 * PAGE_BYTES || side.sges[0].len < 2 * PAGE_BYTES)
		return false;
	side.at = 0;
	side.offset = 0;
	side.access.resumed = true;
	if (side_locate(dev, &side, PAGE_BYTES, first, &missing))
		return false;
	side_advance(&side, PAGE_BYTES);
	return !side_locate(dev, &side, PAGE_BYTES, second, &missing);
}

static void swap_pages(struct device *dev, const struct transfer *transfer)
{
	struct span first, second;
	uint8_t page[PAGE_BYTES];
	size_t n;

	if (!first_pages(dev, transfer, &first, &second) ||
	    !qp_inject(dev, transfer->qp, INJECT_SWAP))
		return;
	n = size_min(first.len, second.len);
	/* what is still to land would undo it */
	delayed_dma_finish(dev, first.host, n);
	delayed_dma_finish(dev, second.host, n);
	memcpy(page, first.host, n);
	memmove(first.host, second.host, n);
	memcpy(second.host, page, n);
}

/*
 * The word after the message: in the page that it ended in, or in the region's next one
 */
static bool word_beyond(struct device *dev, const struct transfer *transfer,
			struct span *to)
{
	struct side side = transfer->to;
	struct sge last = side.sges[side.at];
	struct missing missing;

	side.access.resumed = true;
	last.len = side.offset;
	side.sges = &last;
	side.n = 1;
	side.at = 0;
	side.offset--; /* the last byte, to find its page */
	if (side_locate(dev, &side, 1, to, &missing))
		return false;
	to->host++;
	if ((uintptr_t)to->host % PAGE_BYTES)
		return (uintptr_t)to->host % PAGE_BYTES <= PAGE_BYTES - WORD;
	last.addr += last.len;
	last.len = WORD;
	side.offset = 0;
	return !side_check(dev, &side, WORD) &&
	       !side_locate(dev, &side, WORD, to, &missing) && to->len == WORD;
}

static void write_beyond(struct device *dev, const struct transfer *transfer)
{
	struct span to;

	/* nothing was written of a message that only pretends to have arrived */
	if (transfer->to.offset && word_beyond(dev, transfer, &to) &&
	    qp_inject(dev, transfer->qp, INJECT_BEYOND))
		memset(to.host, 0xee, WORD);
}

void misplace_after(struct device *dev, const struct transfer *transfer)
{
	if (!writes_memory(transfer))
		return;
	if (dev->inject.active >> INJECT_SWAP & 1)
		swap_pages(dev, transfer);
	if (dev->inject.active >> INJECT_BEYOND & 1)
		write_beyond(dev, transfer);
}
