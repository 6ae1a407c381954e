// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_register.c - steps about registrations that are there already: ended, shared, advised */
#include <errno.h>
#include <inttypes.h>

#include "base/clock.h"
#include "run/test.h"

void(target_deregister)(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_TARGET_DEREGISTER,
					.target = target->info.id };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "deregister");
}

void(target_register)(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_TARGET_REGISTER,
					.target = target->info.id,
					.spec = target->spec };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "register");
	target->info = reply.target;
}

struct target *(target_under)(struct test *t, struct target *implicit,
			      struct target_spec spec)
{
	spec.lender = implicit->info.id + 1;
	return implicit->role == RESPONDER ? (responder_target)(t, spec) :
					     (initiator_target)(t, spec);
}

int(advise_errno)(struct test *t, struct advice advice)
{
	struct side_request request = {
		.kind = SIDE_TARGET_ADVISE,
		.target = advice.target->info.id,
		.offset = advice.offset,
		.len = advice.len,
		.argument = advice.advice,
		.flag = !advice.async,
		.key = advice.key,
	};
	struct side_reply reply;

	(void)t;
	for (unsigned int i = 0; i < advice.pieces; i++)
		side_op_add(&request.op, advice.more[i].local, advice.more[i].offset,
			    advice.more[i].len);
	return -side_call(advice.target->side, &request, &reply);
}

/*
 * An asynchronous prefetch does not say when it is done. The CPU's page table shows it
 * first; the device's own follows under the same lock, for which it is given a while.
 */
#define RESIDENT_NS (5 * NSEC_PER_SEC)
#define FOLLOW_NS   (100 * NSEC_PER_MSEC)

void(await_resident)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     uint64_t pages)
{
	uint64_t deadline = clock_ns() + RESIDENT_NS, got;

	for (;;) {
		got = target_resident(t, target, offset, len);
		if (got >= pages)
			break;
		if (clock_passed(deadline))
			test_fail(t, "%" PRIu64 " pages are resident, expected %" PRIu64,
				  got, pages);
		clock_sleep_ns(NSEC_PER_MSEC);
	}
	clock_sleep_ns(FOLLOW_NS);
}

uint32_t target_lkey(const struct target *target)
{
	return target->info.lkey;
}

uint32_t target_rkey(const struct target *target)
{
	return target->info.rkey;
}

uint64_t target_addr(const struct target *target)
{
	return target->info.addr - target->spec.mr_offset;
}

uint64_t kernel_memory(struct test *t)
{
	struct side_request request = { .kind = SIDE_KERNEL_MEMORY };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "ask for kernel memory");
	return reply.number;
}

int(reregistration_errno)(struct test *t, struct target *target, unsigned int access)
{
	struct side_request request = { .kind = SIDE_TARGET_REREGISTER,
					.target = target->info.id,
					.spec.access = access };
	struct side_reply reply;
	int ret = side_call(target->side, &request, &reply);

	if (ret == -EOPNOTSUPP)
		test_skip(t, "%s: the library has no ibv_rereg_mr() for its driver",
			  t->lab->device.name);
	if (!ret)
		target->info = reply.target;
	return -ret;
}
