/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* completion.h - the completions of queue pairs: counted, and wrong by injection */
#ifndef ODPLAB_EMU_COMPLETION_H
#define ODPLAB_EMU_COMPLETION_H

#include "queue/cq.h"

/*
 * Posts what ended at a queue pair, later where a behaviour asks for that. If @cq
 * overruns, the queue pairs that use it fail.
 */
void completion_post(struct device *dev, struct cq *cq,
		     const struct completion *completion);

/* Puts it into the queue as it is. */
void completion_post_now(struct device *dev, struct cq *cq,
			 const struct completion *completion);

/* @cq has overrun: every connected queue pair that completes there fails. */
void completion_overrun(struct device *dev, const struct cq *cq);

#endif
