/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * replay.h - by behaviour: messages that are sent again, after a fault or a loss
 *
 * A responder may answer a fault with an RNR NAK, and a requester may drop a response
 * that it has no page for. The fault is reported and resumed all the same, meanwhile. A
 * request may be lost on its way.
 */
#ifndef ODPLAB_EMU_REPLAY_H
#define ODPLAB_EMU_REPLAY_H

#include "fault/fault.h"

#include <stdbool.h>

/*
 * @qp's message has faulted. True: it begins anew after a while, or has failed, by *ret.
 * False: it is the caller's to wait for the resume.
 */
bool replay_fault(struct device *dev, struct qp *qp, enum fault_side side, int *ret);

/*
 * @qp's message goes out to @peer. True: it is lost, and begins anew after a while. A
 * message is lost once.
 */
bool replay_lost(struct device *dev, struct qp *qp, struct qp *peer);

#endif
