/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* receive.h - receive queues, of a queue pair's own or shared: what is posted there */
#ifndef ODPLAB_EMU_RECEIVE_H
#define ODPLAB_EMU_RECEIVE_H

#include "device/object.h"
#include "queue/ring.h"
#include "queue/sge.h"

#include <stdbool.h>

#define RECEIVE_SGES 32

struct cq;
struct device;

struct receive_queue {
	const struct ring *ring;
	uint64_t doorbell;	 /* address of the record: how many were posted */
	unsigned int log_size;	 /* entries */
	unsigned int log_stride; /* bytes each */
	bool linked;		 /* each entry names the next, as in a shared queue */
	uint16_t consumed, next; /* how many; the next entry of a linked queue */
};

/* A receive that was taken off its queue for a message. */
struct receive {
	uint16_t index; /* of the entry */
	unsigned int n;
	struct sge sges[RECEIVE_SGES];
};

/* A shared receive queue: the RMP of RC and UD, or one of XRC. */
struct srq {
	struct object object;
	struct ring ring;
	struct receive_queue queue;
	uint8_t context[240]; /* rmpc or xrc_srqc */
	bool xrc;
	uint32_t pd, xrcd, user_index;
	struct cq *cq;	/* XRC only */
	uint16_t limit; /* an event when fewer are posted; 0: none */
};

/* 0, -ENOBUFS when nothing is posted, -EFAULT when the entry is out of reach. */
int receive_take(struct device *dev, struct receive_queue *queue,
		 struct receive *receive);

/* How many entries are posted; -EFAULT if the record is out of reach. */
int receive_posted(struct device *dev, const struct receive_queue *queue);

struct srq *srq_get(struct device *dev, uint32_t number);

/* Sends the event if fewer than the limit are posted now. */
void srq_check_limit(struct device *dev, struct srq *srq);
void srq_free(struct device *dev, struct srq *srq);
void srqs_free(struct device *dev);

#endif
