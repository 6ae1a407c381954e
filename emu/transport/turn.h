/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* turn.h - queue pairs at work: turns, completions, flushing */
#ifndef ODPLAB_EMU_TURN_H
#define ODPLAB_EMU_TURN_H

#include "qp/qp.h"

/* Whether anything is posted to its send queue that it may take now. */
bool qp_has_work(struct device *dev, const struct qp *qp);

/* A turn: some work, then others. Returns true if it has more to do at once. */
bool qp_turn(struct device *dev, struct qp *qp);

#endif
