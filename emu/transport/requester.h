/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* requester.h - the two ends of a message that a queue pair has under way */
#ifndef ODPLAB_EMU_REQUESTER_H
#define ODPLAB_EMU_REQUESTER_H

#include "transfer/transfer.h"

/* The queue pair's own buffers, and what the message names at the peer */
struct side requester_local(struct qp *qp, enum right right);
struct side requester_remote(struct device *dev, struct qp *qp, const struct qp *peer,
			     enum right right);

/*
 * Whether both may be touched for @len bytes. 0, or MESSAGE_FAILED; the peer gets a
 * refusal of its own.
 */
int requester_check(struct device *dev, struct qp *qp, struct qp *peer,
		    const struct side *local, const struct side *remote, uint64_t len);

#endif
