// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* registration.c - words about memory regions: registered, deregistered, advised */
#include "scenario/memory/registration.h"

#include <errno.h>
#include <inttypes.h>

#include "base/clock.h"
#include "testcase/execute.h"
#include "testcase/expect.h"

void(target_deregister)(struct test *t, struct target *target)
{
	test_let_faults_end(t);
	ASK_TARGET(t, target, "deregister", SIDE_TARGET_DEREGISTER);
}

void(target_register)(struct test *t, struct target *target)
{
	target->info = ASK_TARGET(t, target, "register", SIDE_TARGET_REGISTER,
				  .spec = target->spec)
			       .target;
}

void(target_close_file)(struct test *t, struct target *target)
{
	ASK_TARGET(t, target, "close the file", SIDE_TARGET_CLOSE_FILE);
}

int(reregistration_errno)(struct test *t, struct target *target,
			  struct region_change change)
{
	struct side_reply reply;
	int ret;

	test_let_faults_end(t);
	ret = TRY_TARGET(target, &reply, SIDE_TARGET_REREGISTER, .argument = change.what,
			 .offset = change.offset, .len = change.len,
			 .spec.access = change.access, .spec.mode = change.mode,
			 .spec.other_pd = change.other_domain);
	if (ret == -EOPNOTSUPP)
		test_skip(t, "%s does not support this change of a region (ibv_rereg_mr)",
			  t->env->device.name);
	if (!ret)
		target->info = reply.target;
	if (!ret && change.what & MR_CHANGE_RANGE)
		target->spec.mr_offset = change.offset;
	return -ret;
}

void(target_change)(struct test *t, struct target *target, struct region_change change)
{
	int error = (reregistration_errno)(t, target, change);

	record_due(&t->record, 0);
	if (error)
		test_fail_errno(t, error, "ibv_rereg_mr");
}

int(registration_errno)(struct test *t, struct target_spec spec)
{
	struct side_reply reply;
	struct target *target;

	/* the memory itself must be there: only the registration may be refused */
	spec.unregistered = true;
	target = (responder_target)(t, spec);
	return -TRY_TARGET(target, &reply, SIDE_TARGET_REGISTER, .spec = target->spec);
}

static struct target *on_side_of(struct test *t, const struct target *target,
				 struct target_spec spec)
{
	return target->role == RESPONDER ? (responder_target)(t, spec) :
					   (initiator_target)(t, spec);
}

struct target *(target_in_implicit)(struct test *t, struct target *implicit,
				    struct target_spec spec)
{
	spec.lender = implicit->info.id + 1;
	return on_side_of(t, implicit, spec);
}

struct target *(target_second_mr)(struct test *t, struct target *target, uint64_t offset,
				  uint64_t len, unsigned int access)
{
	struct target_spec spec = target->spec;
	struct target *second;

	spec.same_memory = target->info.id + 1;
	spec.mr_offset = offset;
	spec.mr_len = len;
	spec.access = access;
	spec.unregistered = false;
	second = on_side_of(t, target, spec);
	second->seed = target->seed;
	return second;
}

int(advise_errno)(struct test *t, struct advice advice)
{
	struct side_request request = REQUEST(SIDE_TARGET_ADVISE,
					      .target = advice.target->info.id,
					      .offset = advice.offset, .len = advice.len,
					      .argument = advice.advice,
					      .flag = !advice.async, .key = advice.key);
	struct side_reply reply;

	for (unsigned int i = 0; i < advice.pieces; i++)
		side_op_add(&request.op, advice.more[i].local, advice.more[i].offset,
			    advice.more[i].len);
	return -side_call(advice.target->side, &request, &reply);
}

void(target_prefetch)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len, enum mr_advice advice)
{
	int error = (advise_errno)(t, (struct advice){ target, offset, len, advice });

	record_due(&t->record, 0);
	if (error)
		test_fail_errno(t, error, "ibv_advise_mr");
}

/*
 * An asynchronous prefetch does not report its end. The CPU's page table shows it first.
 * The device's own table follows under the same lock; it is given this long.
 */
#define RESIDENT_NS (5 * NSEC_PER_SEC)
#define FOLLOW_NS   (100 * NSEC_PER_MSEC)

void(await_resident)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     uint64_t pages)
{
	struct deadline deadline = deadline_for(t, RESIDENT_NS);
	uint64_t got;

	for (;;) {
		got = target_resident(t, target, offset, len);
		if (got >= pages)
			break;
		if (deadline_passed(&deadline))
			test_fail(t, "%" PRIu64 " pages are resident, expected %" PRIu64,
				  got, pages);
		clock_sleep_ns(NSEC_PER_MSEC);
	}
	test_pause(t, FOLLOW_NS);
}
