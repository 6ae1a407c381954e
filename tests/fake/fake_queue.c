// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fake_queue.c - the queue pairs of a fake side: what is posted, and what has completed
 */
#include <errno.h>

#include "fake_device.h"

static int open_pair(struct fake_side *side, const struct side_request *request,
		     struct side_reply *reply)
{
	struct fake_pair *pair = &side->pairs[request->pair];
	bool broken = pair->broken && sabotaged(side, QUEUE_PAIR_STAYS_BROKEN);

	*pair = (struct fake_pair){ .spec = request->queue_pair, .broken = broken };
	reply->address.qpn = side->role + 1u + 2 * request->pair;
	return 0;
}

/* As a new one of the same kind. */
static int reset_pair(struct fake_side *side, const struct side_request *request,
		      struct side_reply *reply)
{
	struct fake_pair *pair = &side->pairs[request->pair];
	bool broken = pair->broken && sabotaged(side, RESET_STAYS_BROKEN);
	struct side_request again = *request;
	int ret;

	again.queue_pair = pair->spec;
	ret = open_pair(side, &again, reply);
	pair->broken |= broken;
	return ret;
}

static int connect_pair(struct fake_side *side, const struct side_request *request)
{
	struct fake_pair *pair = &side->pairs[request->pair];

	pair->connected = request->address.qpn == !side->role + 1u + 2 * request->pair;
	return pair->connected ? 0 : -ENOTCONN;
}

/* A receiver that is not ready is asked again when it is. */
static bool is_ready(const struct fake_pair *pair, const struct fake_pair *to,
		     const struct side_op *op)
{
	return pair->broken || pair->spec.rnr_is_final ||
	       !rdma_opcode_is_received(op->rdma.opcode) ||
	       to->arrived < to->receives_posted;
}

static void execute(struct fake_side *side, uint32_t number)
{
	const struct fake_pair *to = &side->env->side[!side->role]->pairs[number];
	struct fake_pair *pair = &side->pairs[number];

	for (; pair->executed != pair->posted; pair->executed++) {
		unsigned int slot = pair->executed % FAKE_DEPTH;

		if (!is_ready(pair, to, &pair->ops[slot]))
			return;
		fake_operation(side, number, &pair->ops[slot], &pair->done[slot]);
	}
}

static int post(struct fake_side *side, const struct side_request *request)
{
	struct fake_pair *pair = &side->pairs[request->pair];

	if (!pair->connected)
		return -ENOTCONN;
	if (request->op.rdma.opcode == RDMA_FETCH_ADD && request->op.rdma.remote_addr % 8)
		return -EINVAL;
	pair->ops[pair->posted++ % FAKE_DEPTH] = request->op;
	execute(side, request->pair);
	return 0;
}

static int post_receive(struct fake_side *side, const struct side_request *request)
{
	struct fake_pair *pair = &side->pairs[request->pair];

	pair->receives[pair->receives_posted++ % FAKE_DEPTH] = request->op;
	execute(side->env->side[!side->role], request->pair);
	return 0;
}

static void collect(struct fake_side *side, struct fake_pair *pair,
		    struct side_reply *reply)
{
	unsigned int copies = sabotaged(side, COLLECTED_TWICE) ? 2 : 1;
	uint64_t id = 0;

	for (; pair->waited != pair->posted; pair->waited++, id++)
		for (unsigned int i = 0;
		     i < copies && reply->completions < SIDE_BATCH &&
		     pair->done[pair->waited % FAKE_DEPTH].status != OP_NO_COMPLETION;
		     i++) {
			reply->batch[reply->completions] =
				pair->done[pair->waited % FAKE_DEPTH];
			reply->batch[reply->completions++].id = id;
		}
}

static void wait_receive(struct fake_pair *pair, struct rdma_completion *completion)
{
	if (pair->receives_waited == pair->arrived)
		completion->status = OP_NO_COMPLETION;
	else
		*completion = pair->received[pair->receives_waited++ % FAKE_DEPTH];
}

static void arm(struct fake_pair *pair, bool solicited_only)
{
	pair->armed = true;
	pair->solicited_only = solicited_only;
	pair->event = false;
}

int fake_queue_pair(struct fake_side *side, const struct side_request *request,
		    struct side_reply *reply)
{
	struct fake_pair *pair = &side->pairs[request->pair];

	switch (request->kind) {
	case SIDE_QP_OPEN:
		return open_pair(side, request, reply);
	case SIDE_QP_RESET:
		return reset_pair(side, request, reply);
	case SIDE_QP_CONNECT:
		return connect_pair(side, request);
	case SIDE_POST:
		return post(side, request);
	case SIDE_WAIT:
		pair->overtaken.target = NULL;
		reply->completion = pair->done[pair->waited++ % FAKE_DEPTH];
		reply->strays = sabotaged(side, COMPLETION_TWICE);
		return 0;
	case SIDE_COLLECT:
		pair->overtaken.target = NULL;
		collect(side, pair, reply);
		return 0;
	case SIDE_POST_RECV:
		return post_receive(side, request);
	case SIDE_WAIT_RECV:
		reply->strays = sabotaged(side, RECEIVE_TWICE);
		wait_receive(pair, &reply->completion);
		return 0;
	case SIDE_ARM:
		arm(pair, request->flag);
		return 0;
	case SIDE_WAIT_EVENT:
		reply->number = pair->event;
		pair->event = false;
		return 0;
	default: /* SIDE_SETTLE */
		reply->strays = sabotaged(side, COMPLETION_TWICE_LATE);
		return 0;
	}
}
