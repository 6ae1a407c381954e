/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * delayed_dma.h - DMA writes that are still under way when the device goes on
 *
 * The model copies data at once, as a rule. Injections and behaviours ask for writes that
 * land later, as they do on a real bus. Such a write is counted at the memory key through
 * which it was translated, so that an update of that key waits for it, and at its queue
 * pair, so that the completion does.
 */
#ifndef ODPLAB_EMU_DELAYED_DMA_H
#define ODPLAB_EMU_DELAYED_DMA_H

#include <stddef.h>
#include <stdint.h>

struct device;
struct mkey;
struct qp;
struct span;

/*
 * Long enough for a driver to get an answer meanwhile, and for a user to read the data.
 */
#define DMA_DELAY_NS 20000000ull

/*
 * Writes @len bytes to @to after DMA_DELAY_NS. The key that @to was translated by and
 * @qp (either may be NULL) wait for it. Writes at once when out of memory.
 */
void delayed_dma_write(struct device *dev, const struct span *to, struct qp *qp,
		       const void *from, size_t len);

/* The same after @delay nanoseconds. */
void delayed_dma_write_after(struct device *dev, const struct span *to, struct qp *qp,
			     const void *from, size_t len, uint64_t delay);

/* The key is about to vanish: its writes still land, as they do on a card. */
void delayed_dma_forget(struct device *dev, const struct mkey *mkey);

/* Memory is about to be out of reach: the writes to it land now, or all of them. */
void delayed_dma_finish(struct device *dev, const uint8_t *host, uint64_t len);
void delayed_dma_finish_all(struct device *dev);

#endif
