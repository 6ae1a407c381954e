/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* fetch.h - work requests: read from the send queue, and understood */
#ifndef ODPLAB_EMU_FETCH_H
#define ODPLAB_EMU_FETCH_H

#include "qp/message.h"

/* How many blocks of the send queue are posted and not taken yet. */
uint16_t message_posted(struct device *dev, const struct qp *qp);

/* Takes the next entry off the send queue. 1, 0 if there is none, MESSAGE_FAILED. */
int message_fetch(struct device *dev, struct qp *qp);

#endif
