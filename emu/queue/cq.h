/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* cq.h - completion queues: entries, arming, moderation */
#ifndef ODPLAB_EMU_CQ_H
#define ODPLAB_EMU_CQ_H

#include "device/object.h"
#include "device/timer.h"
#include "queue/ring.h"

#include <stdbool.h>

struct device;
struct eq;

/* The opcode of a completion queue entry */
enum completion_kind {
	COMPLETION_SEND = 0x0,
	COMPLETION_WRITE_IMM = 0x1,
	COMPLETION_RECEIVE = 0x2,
	COMPLETION_RECEIVE_IMM = 0x3,
	COMPLETION_RECEIVE_INVALIDATE = 0x4,
	COMPLETION_RESIZED = 0x5,
	COMPLETION_SEND_ERROR = 0xd,
	COMPLETION_RECEIVE_ERROR = 0xe,
};

/* The syndrome of an error */
enum syndrome {
	SYNDROME_LOCAL_LENGTH = 0x01,
	SYNDROME_LOCAL_OPERATION = 0x02,
	SYNDROME_LOCAL_PROTECTION = 0x04,
	SYNDROME_FLUSHED = 0x05,
	SYNDROME_BIND = 0x06,
	SYNDROME_REMOTE_INVALID = 0x12,
	SYNDROME_REMOTE_ACCESS = 0x13,
	SYNDROME_REMOTE_OPERATION = 0x14,
	SYNDROME_RETRIES = 0x15,
	SYNDROME_RNR_RETRIES = 0x16,
};

struct completion {
	enum completion_kind kind;
	enum syndrome syndrome; /* of an error */
	uint32_t qpn, user_index;
	uint16_t wqe_index;
	uint8_t send_opcode;
	uint32_t byte_count;
	uint32_t immediate; /* or the key that was invalidated, or the P_Key index */
	bool solicited;
	uint16_t source_lid; /* UD */
	uint32_t source;     /* UD: flags and queue pair */
};

/* What the driver waits for */
enum cq_arm { CQ_NOT_ARMED, CQ_ARMED_SOLICITED, CQ_ARMED };

struct cq {
	struct object object;
	struct ring ring;
	uint8_t context[64];
	struct eq *eq;
	uint64_t doorbell; /* address of the record */
	unsigned int log_size, entry_bytes;
	uint32_t producer;
	uint32_t last_solicited; /* the producer after the last solicited completion */
	uint32_t unreported;	 /* completions since the last event */
	enum cq_arm arm;
	bool error;
	uint32_t period_us, max_count; /* moderation */
	struct timer moderation;
};

struct cq *cq_get(struct device *dev, uint32_t number);

/*
 * Puts one entry of 64 bytes into the queue as it is. 0; -EOVERFLOW when there is no
 * room: the queue is in error from now on; -EPIPE when it was before.
 */
int cq_put(struct device *dev, struct cq *cq, uint8_t *entry);

/* Encodes @completion, puts it into the queue and reports it. As cq_put(). */
int cq_post(struct device *dev, struct cq *cq, const struct completion *completion);

/* The doorbell: wants an event for what comes after @consumer. */
void cq_doorbell(struct device *dev, uint32_t number, uint32_t command);
void cq_free(struct device *dev, struct cq *cq);
void cqs_free(struct device *dev);

#endif
