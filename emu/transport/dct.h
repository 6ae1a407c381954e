/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* dct.h - targets of dynamic connections */
#ifndef ODPLAB_EMU_DCT_H
#define ODPLAB_EMU_DCT_H

#include "qp/qp.h"

/* Whether a message of @qp that brings that access key may reach the target. */
bool dct_admits(struct device *dev, struct qp *dct, const struct qp *qp, uint64_t key);

#endif
