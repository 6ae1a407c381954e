// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* events.c - DP-22: completion events of operations that fault */
#include "scenario/scenario.h"

struct woken {
	enum rdma_opcode opcode;
	enum side_role role; /* which side has asked for the event */
};

static void wake(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *local = initiator_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct woken *woken = row;

	use_queue_pair(t, QUEUE_PAIR(.type = QP_RC, .events = true));
	target_fill_for(t, local, 0, target, 0, KiB(16), GENERATION(1));
	ask_for_event(t, woken->role, EVENT_ANY);
	expect_faults(t, target, EXACTLY(4))
		rdma_transfer(t, woken->opcode, local, 0, target, 0, KiB(16));
	expect_event(t, woken->role);
}

static void wake_by_solicited(struct test *t, const void *row)
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	const struct rdma_qp_spec *spec = row;
	/* the header of a datagram is received at the end of the page before */
	uint64_t pages = spec->type == QP_UD ? 2 : 1, len = KiB(2);

	use_queue_pair(t, *spec);
	target_fill_for(t, local, 0, target, KiB(4), len, GENERATION(1));
	target_fill_for(t, local, len, target, KiB(16), len, GENERATION(2));
	ask_for_event(t, RESPONDER, EVENT_SOLICITED);
	expect_faults(t, target, EXACTLY(pages))
		rdma_transfer(t, RDMA_SEND, local, 0, target, KiB(4), len);
	expect_no_event(t, RESPONDER);
	expect_faults(t, target, EXACTLY(pages))
		rdma_transfer_solicited(t, RDMA_SEND, local, len, target, KiB(16), len);
	expect_event(t, RESPONDER);
	check_mapping(t, target, KiB(4), len, GENERATION(1));
	check_mapping(t, target, KiB(16), len, GENERATION(2));
}

#define WOKEN(...)                  \
	wake, &(const struct woken) \
	{                           \
		__VA_ARGS__         \
	}
#define SOLICITED(...)                                  \
	wake_by_solicited, &(const struct rdma_qp_spec) \
	{                                               \
		.events = true, __VA_ARGS__             \
	}
#define ONLY_SOLICITED                                                                   \
	" solicited SEND into a cold buffer is an event for its receiver, another SEND " \
	"is none"

static const struct scenario events[] = {
	{ "DP-22.send", "a SEND into a cold buffer is an event for its receiver",
	  NEEDS(VERBS, REGION, RC_SEND, RC_RECV), WOKEN(RDMA_SEND, RESPONDER) },
	{ "DP-22.write-imm",
	  "a WRITE with immediate data to cold pages is an event for its receiver",
	  NEEDS(VERBS, REGION, RC_WRITE, RC_RECV),
	  WOKEN(RDMA_WRITE_IMMEDIATE, RESPONDER) },
	{ "DP-22.write", "a WRITE to cold pages is an event for its requester",
	  NEEDS(VERBS, REGION, RC_WRITE), WOKEN(RDMA_WRITE, INITIATOR) },
	{ "DP-22.read", "a READ of cold pages is an event for its requester",
	  NEEDS(VERBS, REGION, RC_READ), WOKEN(RDMA_READ, INITIATOR) },
	{ "DP-22.solicited", "a" ONLY_SOLICITED, NEEDS(VERBS, REGION, RC_RECV),
	  SOLICITED(.type = QP_RC) },
	{ "DP-22.solicited-srq", "on a shared receive queue a" ONLY_SOLICITED,
	  NEEDS(VERBS, REGION, RC_SRQ),
	  SOLICITED(.type = QP_RC, .shared_receive = true) },
	{ "DP-22.solicited-xrc", "on XRC a" ONLY_SOLICITED, NEEDS(VERBS, REGION, XRC_SRQ),
	  SOLICITED(.type = QP_XRC) },
	{ "DP-22.solicited-dc", "on DC a" ONLY_SOLICITED, NEEDS(VERBS, REGION, DC_SRQ),
	  SOLICITED(.type = QP_DC) },
	{ "DP-22.solicited-ud", "on UD a" ONLY_SOLICITED, NEEDS(VERBS, REGION, UD_RECV),
	  SOLICITED(.type = QP_UD) },
};
SCENARIO_FAMILY(events);

SCENARIO("DP-22.failed-receive",
	 "a receive that fails is an event for a receiver that asked for solicited ones",
	 NEEDS(VERBS, REGION, RC_RECV))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	use_queue_pair(t, QUEUE_PAIR(.type = QP_RC, .events = true));
	ask_for_event(t, RESPONDER, EVENT_SOLICITED);
	expect(t, attempt(t, RDMA_SEND, target, .len = KiB(16), .room = KiB(8)),
	       "a SEND longer than its receive succeeded");
	expect_event(t, RESPONDER);
	expect(t, receive_status(t), "its receive succeeded");
}

SCENARIO("DP-22.failed-request",
	 "an operation that fails is an event for a requester that asked for solicited "
	 "ones",
	 NEEDS(VERBS, REGION, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	use_queue_pair(t, QUEUE_PAIR(.type = QP_RC, .events = true));
	ask_for_event(t, INITIATOR, EVENT_SOLICITED);
	expect(t, attempt(t, RDMA_WRITE, target, KiB(128)),
	       "a WRITE beyond the region succeeded");
	expect_event(t, INITIATOR);
}
