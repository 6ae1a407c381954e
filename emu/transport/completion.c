// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* completion.c - the completions of queue pairs: counted, and wrong by injection */
#include "transport/completion.h"

#include "device/device.h"
#include "qp/counter.h"
#include "qp/qp.h"
#include "queue/eq.h"
#include "transport/held_completion.h"
#include "transport/qp_life.h"

#include <errno.h>

void completion_overrun(struct device *dev, const struct cq *cq)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->qps, &number))) {
		struct qp *qp = (struct qp *)object;

		if ((qp->send_cq == cq || qp->receive_cq == cq) && qp->state >= QP_RTR &&
		    qp->service != SERVICE_DCT) {
			event_post_queue(dev, EVENT_WQ_FATAL, qp->object.number);
			qp_fail(dev, qp);
		}
	}
}

void completion_post_now(struct device *dev, struct cq *cq,
			 const struct completion *completion)
{
	if (cq_post(dev, cq, completion) == -EOVERFLOW)
		completion_overrun(dev, cq);
}

static void post(struct device *dev, const struct qp *qp, struct cq *cq,
		 const struct completion *completion)
{
	if (!held_completion_take(dev, qp, cq, completion))
		completion_post_now(dev, cq, completion);
}

void completion_post(struct device *dev, struct cq *cq,
		     const struct completion *completion)
{
	const struct qp *qp = qp_get(dev, completion->qpn);
	struct completion wrong = *completion;

	counter_completion(dev, qp, completion);
	if (completion->syndrome != SYNDROME_FLUSHED &&
	    qp_inject(dev, qp, INJECT_LOST_CQE))
		return;
	if (qp_inject(dev, qp, INJECT_OTHER_CQE))
		wrong.wqe_index--;
	if (wrong.byte_count && qp_inject(dev, qp, INJECT_BYTE_COUNT))
		wrong.byte_count--;
	post(dev, qp, cq, &wrong);
	if (qp_inject(dev, qp, INJECT_DUPLICATE_CQE))
		post(dev, qp, cq, &wrong);
}
