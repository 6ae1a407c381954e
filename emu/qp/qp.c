// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp.c - queue pairs: found, and asleep until there is work for them */
#include "qp/qp.h"

#include "base/clock.h"
#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"

struct qp *qp_get(struct device *dev, uint32_t number)
{
	return (struct qp *)objects_get(&dev->qps, number);
}

struct qp *qp_find(struct device *dev, struct command *cmd)
{
	struct qp *qp;

	cmd->number = (uint32_t)field_get(cmd->in, destroy_qp_in_qpn);
	qp = qp_get(dev, cmd->number);
	return qp && qp->service != SERVICE_DCT ? qp : NULL;
}

void qp_move_to(struct qp *qp, struct qp_list *list)
{
	if (qp->list == list)
		return;
	if (qp->list)
		TAILQ_REMOVE(qp->list, qp, entry);
	qp->list = list;
	if (list)
		TAILQ_INSERT_TAIL(list, qp, entry);
}

void qp_schedule(struct device *dev, struct qp *qp)
{
	if (qp->wait == WAIT_NOTHING)
		qp_move_to(qp, &dev->ready);
}

void qp_wake(struct device *dev, struct qp *qp, enum qp_wait wait)
{
	if (qp->wait != wait)
		return;
	qp->wait = WAIT_NOTHING;
	qp_schedule(dev, qp);
}

static void wake_up(struct device *dev, struct timer *timer)
{
	qp_wake(dev, container_of(timer, struct qp, timer), WAIT_TIMER);
}

void qp_sleep(struct device *dev, struct qp *qp, uint64_t delay)
{
	qp->timer.fire = wake_up;
	/* out of memory: try again at once */
	if (!timer_arm(&dev->timers, &qp->timer, clock_ns() + delay))
		qp->wait = WAIT_TIMER;
}

void qp_doorbell(struct device *dev, uint32_t number)
{
	struct qp *qp = qp_get(dev, number);

	if (qp && qp->has_send)
		qp_schedule(dev, qp);
}
