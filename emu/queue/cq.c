// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* cq.c - completion queues: entries, arming, moderation */
#include "queue/cq.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/trace.h"
#include "queue/eq.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CQE_BYTES     64
#define NUMBER_MASK   0xffffffu
#define ARM_SOLICITED (1u << 24)
#define ERROR_OVERRUN 1

struct cq *cq_get(struct device *dev, uint32_t number)
{
	return (struct cq *)objects_get(&dev->cqs, number);
}

static void report(struct device *dev, struct cq *cq)
{
	uint8_t data[EVENT_DATA_BYTES] = { 0 };

	timer_cancel(&dev->timers, &cq->moderation);
	cq->arm = CQ_NOT_ARMED;
	cq->unreported = 0;
	field_set(data, eqe_comp_cqn, cq->object.number);
	eq_push(dev, cq->eq, EVENT_COMPLETION, 0, data);
}

static void moderation_over(struct device *dev, struct timer *timer)
{
	struct cq *cq = container_of(timer, struct cq, moderation);

	if (cq->arm != CQ_NOT_ARMED)
		report(dev, cq);
}

/* Reports at once, or waits for more completions or for the period to pass. */
static void report_moderated(struct device *dev, struct cq *cq)
{
	if (cq->max_count <= 1 || cq->unreported >= cq->max_count || !cq->period_us) {
		report(dev, cq);
		return;
	}
	cq->moderation.fire = moderation_over;
	if (!cq->moderation.place &&
	    timer_arm(&dev->timers, &cq->moderation,
		      clock_ns() + cq->period_us * NSEC_PER_USEC))
		report(dev, cq);
}

/* A queue that overran is dead. */
static int overrun(struct device *dev, struct cq *cq)
{
	uint8_t data[EVENT_DATA_BYTES] = { 0 };

	cq->error = true;
	log_info("completion queue %u overran", cq->object.number);
	field_set(data, eqe_cq_err_cqn, cq->object.number);
	field_set(data, eqe_cq_err_syndrome, ERROR_OVERRUN);
	event_post(dev, EVENT_CQ_ERROR, 0, data);
	return -EOVERFLOW;
}

static bool has_room(struct device *dev, const struct cq *cq)
{
	const uint8_t *record = dma_at(&dev->dma, cq->doorbell, sizeof(uint32_t), false);

	if (field_get(cq->context, cqc_oi))
		return true;
	return record &&
	       ((cq->producer - load_be32(record)) & NUMBER_MASK) < 1u << cq->log_size;
}

int cq_put(struct device *dev, struct cq *cq, uint8_t *entry)
{
	uint64_t slot = cq->producer & ((1u << cq->log_size) - 1);
	uint8_t *cqe;

	if (cq->error)
		return -EPIPE;
	/* of an entry of 128 bytes, the second half is what one of 64 would be */
	cqe = ring_at(&dev->dma, &cq->ring, (slot + 1) * cq->entry_bytes - CQE_BYTES,
		      CQE_BYTES);
	if (!cqe || !has_room(dev, cq))
		return overrun(dev, cq);
	field_set(entry, cqe_owner, cq->producer >> cq->log_size & 1);
	memcpy(cqe, entry, CQE_BYTES - 1);
	/* the owner bit goes last: from here on the driver may read the entry */
	__atomic_store_n(&cqe[CQE_BYTES - 1], entry[CQE_BYTES - 1], __ATOMIC_RELEASE);
	cq->producer++;
	return 0;
}

/*
 * The vendor's own code that goes with a syndrome. There is no public list: these are
 * what logs of ConnectX cards show most often; 0 where none is known.
 */
static const uint8_t vendor_codes[] = {
	[SYNDROME_LOCAL_PROTECTION] = 0x51, [SYNDROME_FLUSHED] = 0xf9,
	[SYNDROME_REMOTE_INVALID] = 0x8a,   [SYNDROME_REMOTE_ACCESS] = 0x88,
	[SYNDROME_RETRIES] = 0x81,	    [SYNDROME_RNR_RETRIES] = 0x87,
};

static void encode(const struct device *dev, const struct completion *c, uint8_t *entry)
{
	memset(entry, 0, CQE_BYTES);
	field_set(entry, cqe_opcode, c->kind);
	field_set(entry, cqe_srqn_uidx, c->user_index);
	field_set(entry, cqe_sop_drop_qpn, (uint32_t)c->send_opcode << 24 | c->qpn);
	field_set(entry, cqe_wqe_counter, c->wqe_index);
	if (c->kind == COMPLETION_SEND_ERROR || c->kind == COMPLETION_RECEIVE_ERROR) {
		field_set(entry, cqe_syndrome, c->syndrome);
		field_set(entry, cqe_vendor_err_synd, vendor_codes[c->syndrome]);
		return;
	}
	field_set(entry, cqe_byte_cnt, c->byte_count);
	field_set(entry, cqe_imm_inval_pkey, c->immediate);
	field_set(entry, cqe_slid, c->source_lid);
	field_set(entry, cqe_flags_rqpn, c->source);
	field_set(entry, cqe_timestamp, clock_ns() - dev->born);
	field_set(entry, cqe_solicited, c->solicited);
}

int cq_post(struct device *dev, struct cq *cq, const struct completion *c)
{
	bool error = c->kind == COMPLETION_SEND_ERROR ||
		     c->kind == COMPLETION_RECEIVE_ERROR;
	uint8_t entry[CQE_BYTES];
	int ret;

	encode(dev, c, entry);
	ret = cq_put(dev, cq, entry);
	if (ret)
		return ret;
	dev->stats.completions++;
	cq->unreported++;
	if (c->solicited || error)
		cq->last_solicited = cq->producer;
	trace(dev, "completion",
	      "\"cqn\":%u,\"qpn\":%u,\"kind\":%u,\"wqe\":%u,\"bytes\":%u,\"syndrome\":%u",
	      cq->object.number, c->qpn, c->kind, c->wqe_index, c->byte_count,
	      c->syndrome);
	if (cq->arm == CQ_ARMED ||
	    (cq->arm == CQ_ARMED_SOLICITED && (c->solicited || error)))
		report_moderated(dev, cq);
	return 0;
}

void cq_doorbell(struct device *dev, uint32_t number, uint32_t command)
{
	struct cq *cq = cq_get(dev, number & NUMBER_MASK);
	bool solicited = command & ARM_SOLICITED;
	uint32_t last, pending;

	if (!cq)
		return;
	last = solicited ? cq->last_solicited : cq->producer;
	pending = (last - command) & NUMBER_MASK;
	cq->arm = solicited ? CQ_ARMED_SOLICITED : CQ_ARMED;
	/*
	 * what the driver has not seen yet lies before the producer, at most a queue back
	 */
	if (pending && pending <= 1u << cq->log_size)
		report_moderated(dev, cq);
}

void cq_free(struct device *dev, struct cq *cq)
{
	timer_cancel(&dev->timers, &cq->moderation);
	objects_remove(&dev->cqs, &cq->object);
	cq->eq->object.refs--;
	ring_free(&cq->ring);
	free(cq);
}

void cqs_free(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->cqs, &number)))
		cq_free(dev, (struct cq *)object);
	objects_free(&dev->cqs);
}
