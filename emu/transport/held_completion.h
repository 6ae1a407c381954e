/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * held_completion.h - completions that come late, or several at once, in their order
 *
 * The completions of the kernel's own queue pairs are never held.
 */
#ifndef ODPLAB_EMU_HELD_COMPLETION_H
#define ODPLAB_EMU_HELD_COMPLETION_H

#include "queue/cq.h"

struct qp;

/*
 * Holds a completion of @qp where a behaviour asks for that, or one before it is still
 * held. False: it is the caller's to post.
 */
bool held_completion_take(struct device *dev, const struct qp *qp, struct cq *cq,
			  const struct completion *completion);

/* Posts all that are held: a queue is about to be reset, or to vanish. */
void held_completions_post(struct device *dev);
void held_completions_free(struct device *dev);

#endif
