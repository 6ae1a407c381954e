/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * step.h - the steps of a message, one function an opcode, and what they share
 *
 * A step returns 0 when its message is done, MESSAGE_PARKED or MESSAGE_FAILED.
 */
#ifndef ODPLAB_EMU_STEP_H
#define ODPLAB_EMU_STEP_H

#include "qp/message.h"

/* Opcode rows' steps */
int step_nop(struct device *dev, struct qp *qp, uint64_t *budget);
int step_send(struct device *dev, struct qp *qp, uint64_t *budget);
int step_datagram(struct device *dev, struct qp *qp, uint64_t *budget);
int step_write(struct device *dev, struct qp *qp, uint64_t *budget);
int step_read(struct device *dev, struct qp *qp, uint64_t *budget);
int step_atomic(struct device *dev, struct qp *qp, uint64_t *budget);
int step_update(struct device *dev, struct qp *qp, uint64_t *budget);

/* Fails the message: it completes with that syndrome, and its queue pair is in error. */
int message_fail(struct qp *qp, enum syndrome syndrome);

/* All is checked: its data goes from @from to @to, in the name of @writer (a number). */
void message_start(struct qp *qp, const struct side *from, const struct side *to,
		   uint32_t writer);

/* Runs the message's transfer; parks, or fails both sides as the transport does. */
int message_transfer(struct device *dev, struct qp *qp, uint64_t *budget);

/* Parks the message until the fault is resumed. */
int message_fault(struct device *dev, struct qp *qp, enum fault_side side,
		  const struct missing *missing);

/* The fault that parked it could not be resolved. */
int message_unresolved(struct device *dev, struct qp *qp);

/* Gives back, or ends, the receive that the message has taken. */
void message_release(struct device *dev, struct qp *qp);

#endif
