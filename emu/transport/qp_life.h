/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* qp_life.h - queue pairs: added, stopped, failed, freed */
#ifndef ODPLAB_EMU_QP_LIFE_H
#define ODPLAB_EMU_QP_LIFE_H

#include "qp/qp.h"

/* Gives it a number, and counts it at what it refers to. 0, -ENOSPC or -ENOMEM. */
int qp_add(struct device *dev, struct qp *qp);

/* Drops what is under way; a message that faulted is forgotten. */
void qp_stop(struct device *dev, struct qp *qp);

/* Enters the error state: what is posted will be flushed. */
void qp_fail(struct device *dev, struct qp *qp);

void qp_free(struct device *dev, struct qp *qp);
void qps_free(struct device *dev);

#endif
