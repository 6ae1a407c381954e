/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * misplace.h - by injection: the bytes that a message moves go astray
 *
 * All of it stays within what the device may reach. The kernel's own queue pairs are
 * spared: their messages keep the driver alive.
 */
#ifndef ODPLAB_EMU_MISPLACE_H
#define ODPLAB_EMU_MISPLACE_H

#include "transfer/transfer.h"

/* Before the first byte: the message may lose its tail. */
void misplace_length(struct device *dev, struct transfer *transfer);

/* Before bytes go to @to, which may move within its page. */
void misplace_target(struct device *dev, const struct transfer *transfer,
		     struct span *to);

/* After the last byte: what was written may change places, or be followed by more. */
void misplace_after(struct device *dev, const struct transfer *transfer);

/*
 * How many of the @len bytes from the transfer's place on are not to be written, from *at
 * on: at most MISPLACE_HOLE.
 */
#define MISPLACE_HOLE 64
size_t misplace_hole(struct device *dev, const struct transfer *transfer, size_t len,
		     size_t *at);

/* Whether the next @len bytes land late, although nothing waits for them. */
bool misplace_late(struct device *dev, const struct transfer *transfer, size_t len);

/*
 * Whether the rest is dropped, as the page for it is missing; the transfer is done then.
 */
bool misplace_dropped(struct device *dev, struct transfer *transfer);

/* A work request was read: its pieces may change places or keys. */
void misplace_pieces(struct device *dev, struct qp *qp);

/*
 * How many of @len bytes to write now: the others, from a torn word's half on, land late.
 */
size_t misplace_tear(struct device *dev, const struct transfer *transfer,
		     const struct span *to, const uint8_t *from, size_t len);

#endif
