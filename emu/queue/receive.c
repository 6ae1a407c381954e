// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* receive.c - receive queues: what is posted there */
#include "queue/receive.h"

#include "device/device.h"
#include "device/layout.h"
#include "queue/cq.h"
#include "queue/eq.h"

#include <errno.h>
#include <stdlib.h>

#define SEGMENT	      16
#define WHOLE_SEGMENT (1u << 31) /* a length of 0 */

int receive_posted(struct device *dev, const struct receive_queue *queue)
{
	const uint8_t *record =
		dma_at(&dev->dma, queue->doorbell, sizeof(uint32_t), false);

	if (!record)
		return -EFAULT;
	return (uint16_t)(load_be32(record) - queue->consumed);
}

static void parse(struct device *dev, struct receive *receive, const uint8_t *entry,
		  unsigned int bytes, unsigned int at)
{
	receive->n = 0;
	for (; at + SEGMENT <= bytes && receive->n < RECEIVE_SGES; at += SEGMENT) {
		const uint8_t *seg = entry + at;
		uint32_t key = (uint32_t)field_get(seg, data_seg_lkey);
		uint32_t len = (uint32_t)field_get(seg, data_seg_byte_count);

		if (key == KEY_TERMINATE)
			break;
		receive->sges[receive->n++] =
			(struct sge){ .addr = field_get(seg, data_seg_addr),
				      .len = len ? len : WHOLE_SEGMENT,
				      .key = key };
	}
	if (receive->n > 2 && receive->sges[2].key != receive->sges[1].key &&
	    inject(dev, INJECT_RECEIVE_KEY))
		receive->sges[2].key = receive->sges[1].key;
}

int receive_take(struct device *dev, struct receive_queue *queue, struct receive *receive)
{
	uint16_t mask = (uint16_t)((1u << queue->log_size) - 1);
	uint16_t slot = (queue->linked ? queue->next : queue->consumed) & mask;
	unsigned int bytes = 1u << queue->log_stride;
	int posted = receive_posted(dev, queue);
	const uint8_t *entry;

	if (posted <= 0)
		return posted ? posted : -ENOBUFS;
	/* more than the queue holds is nonsense */
	if (posted > 1 << queue->log_size)
		return -EFAULT;
	entry = ring_at(&dev->dma, queue->ring, (uint64_t)slot << queue->log_stride,
			bytes);
	if (!entry)
		return -EFAULT;
	parse(dev, receive, entry, bytes, queue->linked ? SEGMENT : 0);
	receive->index = slot;
	if (queue->linked)
		queue->next = (uint16_t)field_get(entry, srq_next_seg_next_wqe_index);
	queue->consumed++;
	return 0;
}

struct srq *srq_get(struct device *dev, uint32_t number)
{
	return (struct srq *)objects_get(&dev->srqs, number);
}

void srq_check_limit(struct device *dev, struct srq *srq)
{
	int posted = receive_posted(dev, &srq->queue);

	if (!srq->limit || posted < 0 || posted >= srq->limit)
		return;
	srq->limit = 0;
	event_post_queue(dev, EVENT_SRQ_LIMIT, srq->object.number);
}

void srq_free(struct device *dev, struct srq *srq)
{
	if (srq->cq)
		srq->cq->object.refs--;
	objects_remove(&dev->srqs, &srq->object);
	ring_free(&srq->ring);
	free(srq);
}

void srqs_free(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->srqs, &number)))
		srq_free(dev, (struct srq *)object);
	objects_free(&dev->srqs);
}
