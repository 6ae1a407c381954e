/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * transfer.h - data moves from one scatter list to another
 *
 * Either side may fault at any byte; the transfer keeps its place, and goes on from there
 * when the fault is resolved. Data is copied once, page by page, under the translation
 * that holds at that moment.
 */
#ifndef ODPLAB_EMU_TRANSFER_H
#define ODPLAB_EMU_TRANSFER_H

#include "key/mkey.h"
#include "qp/message.h"
#include "queue/sge.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;
struct qp;

uint64_t sges_bytes(const struct sge *sges, unsigned int n);

/* Whether the side may touch all of its first @len bytes, mapped or not. 0 or -EACCES. */
int side_check(struct device *dev, const struct side *side, uint64_t len);

/*
 * The next bytes of the side, at most @len. 0, -EAGAIN (a fault), -EACCES, as
 * mkey_translate().
 */
int side_locate(struct device *dev, struct side *side, uint64_t len, struct span *span,
		struct missing *missing);
void side_advance(struct side *side, uint64_t len);

/*
 * Copies until done or until *budget bytes are spent. 0 when done; -EINPROGRESS when out
 * of budget; -EAGAIN on a fault, -EACCES: *which is the side at which it happened.
 */
int transfer_run(struct device *dev, struct transfer *transfer, uint64_t *budget,
		 struct missing *missing, enum fault_side *which);

/*
 * Writes to the guest, at once: what an atomic does, as the next one must see it. With
 * transfer_write() it lands later or in parts where an injection asks for that.
 */
void transfer_write_now(struct device *dev, const struct transfer *transfer,
			const struct span *to, const void *from, size_t len);
void transfer_write(struct device *dev, struct transfer *transfer, const struct span *to,
		    const void *from, size_t len);

#endif
