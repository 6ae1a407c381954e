// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fault.c - page faults: from the access that finds no page to the driver's resume */
#include "fault/fault.h"

#include "base/clock.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/trace.h"
#include "fault/fault_event.h"
#include "fault/spent_token.h"
#include "qp/message.h"
#include "qp/qp.h"

#include <errno.h>
#include <stdlib.h>

struct fault {
	TAILQ_ENTRY(fault) entry;
	struct fault_event event;
	struct missing missing;
	enum fault_side side;
	uint32_t qpn; /* of the message that waits */
	uint64_t serial;
	uint16_t wqe;
	bool orphan;   /* it does not wait any more */
	bool two;      /* events have reported it */
	bool repeated; /* reported again after its resume */
};

static struct fault *find(struct device *dev, unsigned int type, uint64_t token)
{
	struct fault *fault;

	TAILQ_FOREACH(fault, &dev->faults, entry)
	if (fault->event.token == token && fault->event.type == type)
		return fault;
	return NULL;
}

/* Names a fault: by a new token, or by the queue pair whose fault it is. */
static void name_fault(struct device *dev, const struct qp *qp, struct fault *fault)
{
	if (dev->config.scheme == SCHEME_MEMORY)
		fault->event.token = ++dev->fault_tokens & 0xffffffffffffull;
	else
		fault->event.token = fault->side == SIDE_LOCAL ? qp->object.number :
								 qp->message.peer;
}

static void count(struct device *dev, const struct fault *fault)
{
	dev->stats.faults++;
	trace(dev, "fault",
	      "\"token\":%llu,\"type\":%u,\"qpn\":%u,\"wqe\":%u,\"side\":%u,\"mkey\":%u,"
	      "\"va\":%llu,\"bytes\":%llu,\"write\":%s",
	      (unsigned long long)fault->event.token, fault->event.type, fault->qpn,
	      fault->wqe, fault->side, MKEY_INDEX(fault->missing.mkey),
	      (unsigned long long)fault->missing.va,
	      (unsigned long long)fault->missing.bytes,
	      fault->missing.write ? "true" : "false");
}

/* Reports a fault that lives from now on. */
static int add(struct device *dev, const struct fault *fault)
{
	struct fault *kept = malloc(sizeof(*kept));

	if (!kept)
		return -ENOMEM;
	*kept = *fault;
	TAILQ_INSERT_TAIL(&dev->faults, kept, entry);
	kept->two = fault_event_post(dev, &kept->event);
	return 0;
}

/*
 * The same fault under other tokens; the message goes on with the first that is resumed.
 */
static void add_twins(struct device *dev, const struct qp *qp, struct fault *fault)
{
	uint64_t n = 0;

	if (dev->config.scheme != SCHEME_MEMORY)
		return;
	if (behave(dev, BEHAVE_FAULT_REPEATED))
		n++;
	if (behave(dev, BEHAVE_FAULT_CROWD))
		n += behave_value(dev, BEHAVE_FAULT_CROWD) - 1;
	for (; n; n--) {
		name_fault(dev, qp, fault);
		count(dev, fault);
		add(dev, fault);
	}
}

int fault_raise(struct device *dev, struct qp *qp, enum fault_side side,
		const struct missing *missing)
{
	struct fault fault = { .missing = *missing,
			       .side = side,
			       .qpn = qp->object.number,
			       .serial = qp->serial,
			       .wqe = qp->message.index };
	int ret;

	fault.event.type = fault_event_type(dev, &qp->message, side);
	name_fault(dev, qp, &fault);
	if (find(dev, fault.event.type, fault.event.token))
		return -EBUSY;
	if (!event_wanted(dev, EVENT_PAGE_FAULT))
		return -ENODEV;
	fault_event_describe(dev, qp, side, missing, &fault.event);
	count(dev, &fault);
	/* the driver cannot resume a fault that it gets no event of */
	if (inject(dev, INJECT_NO_EVENT))
		return 0;
	ret = add(dev, &fault);
	if (!ret)
		add_twins(dev, qp, &fault);
	return ret;
}

void fault_orphan(struct device *dev, const struct qp *qp)
{
	struct fault *fault;

	TAILQ_FOREACH(fault, &dev->faults, entry)
	if (fault->qpn == qp->object.number && fault->serial == qp->serial)
		fault->orphan = true;
}

static void forget(struct device *dev, struct fault *fault)
{
	TAILQ_REMOVE(&dev->faults, fault, entry);
	free(fault);
}

/*
 * Whether a fault that was resolved is reported once more, and the message waits for
 * that.
 */
static bool comes_again(struct device *dev, const struct qp *qp, struct fault *fault)
{
	bool twice = dev->config.scheme == SCHEME_TRANSPORT;

	if (fault->repeated || !((twice && behave(dev, BEHAVE_FAULT_REPEATED)) ||
				 behave(dev, BEHAVE_FAULT_AGAIN)))
		return false;
	fault->repeated = true;
	name_fault(dev, qp, fault);
	count(dev, fault);
	fault->two = fault_event_post(dev, &fault->event);
	return true;
}

/* How long the message still waits; every second one less, so that it overtakes. */
static uint64_t lateness(struct device *dev)
{
	uint64_t ns;

	if (!behave(dev, BEHAVE_RESUME_LATE))
		return 0;
	ns = behave_value(dev, BEHAVE_RESUME_LATE) * NSEC_PER_USEC;
	return dev->behave.rules[BEHAVE_RESUME_LATE].hits % 2 ? ns : ns / 2;
}

static void go_on(struct device *dev, struct qp *qp)
{
	uint64_t late = lateness(dev);

	if (inject(dev, INJECT_RESUME_LOST))
		return;
	if (late && qp->wait == WAIT_FAULT)
		qp_sleep(dev, qp, late);
	/* at once, if nothing wakes it later */
	qp_wake(dev, qp, WAIT_FAULT);
}

static void fault_end(struct device *dev, struct fault *fault, bool error)
{
	struct qp *qp = qp_get(dev, fault->qpn);

	dev->stats.resumes++;
	dev->stats.resumes_with_error += error;
	trace(dev, "resume", "\"token\":%llu,\"type\":%u,\"qpn\":%u,\"error\":%s",
	      (unsigned long long)fault->event.token, fault->event.type, fault->qpn,
	      error ? "true" : "false");
	if (fault->two)
		spent_token_add(dev, fault->event.token);
	if (!fault->orphan && qp && qp->serial == fault->serial) {
		if (!error && comes_again(dev, qp, fault))
			return;
		qp->message.resumed = true;
		qp->message.resume_failed = error;
		qp->message.fault_pending = false;
		fault_orphan(dev, qp);
		go_on(dev, qp);
	}
	forget(dev, fault);
}

static enum command_status page_fault_resume(struct device *dev, struct command *cmd)
{
	const uint8_t *info = const_block(cmd->in, page_fault_resume_in_page_fault_info);
	bool error = field_get(info, mem_page_fault_info_error);
	unsigned int type = 0;
	struct fault *fault;
	uint64_t token;

	if (dev->config.scheme == SCHEME_MEMORY) {
		token = field_get(info, mem_page_fault_info_fault_token_47_32) << 32 |
			field_get(info, mem_page_fault_info_fault_token_31_0);
	} else {
		token = field_get(info, trans_page_fault_info_fault_token);
		type = (unsigned int)field_get(info,
					       trans_page_fault_info_page_fault_type);
	}
	fault = find(dev, type, token);
	if (!fault)
		return spent_token_take(dev, token) ? STATUS_OK : STATUS_BAD_PARAM;
	cmd->number = fault->qpn;
	fault_end(dev, fault, error);
	return STATUS_OK;
}

void faults_free(struct device *dev)
{
	struct fault *fault;

	while ((fault = TAILQ_FIRST(&dev->faults)))
		forget(dev, fault);
}

const struct command_row fault_commands[] = {
	COMMAND_ROW(PAGE_FAULT_RESUME, page_fault_resume, 16, 8),
	{ 0 },
};
