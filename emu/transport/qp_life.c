// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp_life.c - queue pairs: added, stopped, failed, freed */
#include "transport/qp_life.h"

#include "base/util.h"
#include "device/device.h"
#include "fault/fault.h"
#include "transport/held_completion.h"
#include "transport/responder.h"
#include "transport/step.h"

#include <stdlib.h>

static void hold(struct qp *qp, int by)
{
	struct object *objects[] = { qp->send_cq ? &qp->send_cq->object : NULL,
				     &qp->receive_cq->object,
				     qp->srq ? &qp->srq->object : NULL };

	for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
		if (objects[i])
			objects[i]->refs += (uint32_t)by;
}

int qp_add(struct device *dev, struct qp *qp)
{
	int ret = objects_add(&dev->qps, &qp->object);

	if (ret)
		return ret;
	hold(qp, 1);
	qp->serial = ++dev->serial;
	return 0;
}

void qp_free(struct device *dev, struct qp *qp)
{
	qp_stop(dev, qp);
	held_completions_post(dev);
	hold(qp, -1);
	objects_remove(&dev->qps, &qp->object);
	ring_free(&qp->ring);
	free(qp);
}

void qps_free(struct device *dev)
{
	struct object *object;
	uint32_t number = 0;

	while ((object = objects_next(&dev->qps, &number)))
		qp_free(dev, (struct qp *)object);
	objects_free(&dev->qps);
}

void qp_stop(struct device *dev, struct qp *qp)
{
	timer_cancel(&dev->timers, &qp->timer);
	fault_orphan(dev, qp);
	message_release(dev, qp);
	responder_abandon(dev, qp);
	qp->message.active = false;
	qp->wait = WAIT_NOTHING;
	qp_move_to(qp, NULL);
}

void qp_fail(struct device *dev, struct qp *qp)
{
	if (qp->state == QP_ERROR || qp->state == QP_RESET || qp->service == SERVICE_DCT)
		return;
	qp->state = QP_ERROR;
	qp->no_flush = qp_inject(dev, qp, INJECT_NO_FLUSH);
	qp_stop(dev, qp);
	qp_schedule(dev, qp);
}
