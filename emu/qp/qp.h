/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* qp.h - queue pairs: state, send queue, receive queue, and the message under way */
#ifndef ODPLAB_EMU_QP_H
#define ODPLAB_EMU_QP_H

#include "device/command.h"
#include "device/object.h"
#include "device/timer.h"
#include "qp/message.h"
#include "queue/cq.h"
#include "queue/receive.h"
#include "queue/ring.h"

#include <sys/queue.h>

enum qp_state {
	QP_RESET,
	QP_INIT,
	QP_RTR,
	QP_RTS,
	QP_SQ_ERROR,
	QP_SQ_DRAINED,
	QP_ERROR,
};

enum qp_service {
	SERVICE_RC = 0x0,
	SERVICE_UD = 0x2,
	SERVICE_XRC = 0x3,
	SERVICE_DCI = 0x5,  /* initiator of dynamic connections */
	SERVICE_SMI = 0x7,  /* QP0 */
	SERVICE_GSI = 0x8,  /* QP1 */
	SERVICE_UMR = 0xc,  /* the driver's own, for updates of memory keys */
	SERVICE_DCT = 0x1f, /* their target: no queue pair to the driver, but one here */
};

enum qp_receive_type { RECEIVE_OWN = 0, RECEIVE_SHARED = 1, RECEIVE_NONE = 3 };

/* What keeps a queue pair from its next step */
enum qp_wait { WAIT_NOTHING, WAIT_FAULT, WAIT_TIMER, WAIT_DELAYED_DMA };

#define QP_CONTEXT 232

struct qp {
	struct object object;
	TAILQ_ENTRY(qp) entry; /* in dev->ready or dev->flushing */
	struct qp_list *list;  /* the one that it is in, or NULL */
	uint64_t serial;       /* unlike the number never used again */
	enum qp_state state;
	enum qp_service service;
	uint8_t context[QP_CONTEXT];
	struct ring ring; /* receive queue, then send queue */

	uint64_t send_offset; /* of the send queue in the ring */
	uint64_t doorbell;    /* address of the record */
	unsigned int send_log;
	bool has_send, physical_keys;
	uint16_t send_consumed, send_posted; /* in blocks of 64 bytes */
	struct cq *send_cq, *receive_cq;
	uint32_t pd, user_index, xrcd;

	struct receive_queue receive; /* of its own */
	struct srq *srq;

	struct message message; /* the one under way */
	enum qp_wait wait;
	struct timer timer;
	unsigned int delayed_writes; /* of the message, under way */
	bool last_receive_reported;  /* the event of a shared receive queue */
	bool no_flush;		     /* by injection */
	uint32_t immediate_before;   /* that the last message brought; for one */

	/* of a target of dynamic connections: */
	uint8_t target[64]; /* dctc */
	uint32_t violations;
	bool reports_violation; /* the next one, by an event */
};

/* The driver's own queue pairs: for its memory keys, for management. */
static inline bool qp_of_kernel(const struct qp *qp)
{
	return qp->physical_keys || qp->service == SERVICE_UMR ||
	       qp->service == SERVICE_GSI || qp->service == SERVICE_SMI;
}

/* Whose messages are acknowledged, and sent again until they are. */
static inline bool qp_is_reliable(const struct qp *qp)
{
	return qp->service == SERVICE_RC || qp->service == SERVICE_XRC ||
	       qp->service == SERVICE_DCI;
}

/*
 * As behave() and inject(), for users' queue pairs only: what the driver lives on is left
 * alone.
 */
#define qp_behave(dev, qp, behaviour)                                    \
	((dev)->behave.active >> (behaviour) & 1 && !qp_of_kernel(qp) && \
	 rules_occasion(dev, &(dev)->behave, behaviour))
#define qp_inject(dev, qp, injection)                                    \
	((dev)->inject.active >> (injection) & 1 && !qp_of_kernel(qp) && \
	 rules_occasion(dev, &(dev)->inject, injection))

struct qp *qp_get(struct device *dev, uint32_t number);

/* The queue pair that a command names; NULL if there is none. */
struct qp *qp_find(struct device *dev, struct command *cmd);

/* Has a turn soon. */
void qp_schedule(struct device *dev, struct qp *qp);

/* Waits until @due, then has a turn. */
void qp_sleep(struct device *dev, struct qp *qp, uint64_t delay);

/* The wait of that kind is over. */
void qp_wake(struct device *dev, struct qp *qp, enum qp_wait wait);

/* The doorbell. */
void qp_doorbell(struct device *dev, uint32_t number);

/* Leaves the list that it is in, and goes to the end of @list, which may be NULL. */
void qp_move_to(struct qp *qp, struct qp_list *list);

#endif
