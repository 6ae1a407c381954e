// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_target.c - steps that make, change and ask after targets */
#include <string.h>

#include "base/rand.h"
#include "run/test.h"

uint64_t test_ask(struct test *t, struct target *target, enum request_kind kind,
		  uint64_t offset, uint64_t len, const char *what)
{
	struct side_request request = {
		.kind = kind, .target = target->info.id, .offset = offset, .len = len
	};
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, what);
	return reply.number;
}

void test_change(struct test *t, struct target *target, enum request_kind kind,
		 uint64_t offset, uint64_t len, const char *what)
{
	(void)test_ask(t, target, kind, offset, len, what);
}

static struct target_spec resolve(struct test *t, struct target_spec spec)
{
	if (spec.kind == REGION_CHOSEN)
		spec.kind = (enum region_kind)t->lab->config->kind;
	return spec;
}

static struct target *make_target(struct test *t, enum side_role role,
				  struct target_spec spec)
{
	struct target *target = &t->targets[t->n_targets];
	struct side_request request = { .kind = SIDE_TARGET_OPEN,
					.spec = resolve(t, spec) };
	struct side_reply reply;

	if (t->n_targets == TEST_TARGETS)
		test_fail(t, "more than %u targets", TEST_TARGETS);
	test_call(t, t->side[role], &request, &reply, "make a target");
	*target = (struct target){
		.side = t->side[role],
		.role = role,
		.info = reply.target,
		.spec = request.spec,
		.seed = rand_mix(t->lab->config->seed + t->n_targets + 1),
	};
	t->n_targets++;
	return target;
}

struct target *(responder_target)(struct test *t, struct target_spec spec)
{
	return make_target(t, RESPONDER, spec);
}

struct target *(initiator_target)(struct test *t, struct target_spec spec)
{
	return make_target(t, INITIATOR, spec);
}

int(registration_errno)(struct test *t, struct target_spec spec)
{
	struct side_request request = { .kind = SIDE_TARGET_OPEN,
					.spec = resolve(t, spec) };
	struct side_reply reply;

	/* the memory itself must be there: only the registration may be refused */
	request.spec.unregistered = true;
	test_call(t, t->side[RESPONDER], &request, &reply, "make a region");
	request.kind = SIDE_TARGET_REGISTER;
	request.target = reply.target.id;
	return -side_call(t->side[RESPONDER], &request, &reply);
}

void(target_evict)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	test_change(t, target, SIDE_TARGET_EVICT, offset, len, "evict");
}

void(target_unmap)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	test_change(t, target, SIDE_TARGET_UNMAP, offset, len, "unmap");
}

void(target_map)(struct test *t, struct target *target)
{
	test_change(t, target, SIDE_TARGET_MAP, 0, 0, "map");
}

void(target_remap)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	test_change(t, target, SIDE_TARGET_REMAP, offset, len, "map in place");
}

void(target_protect)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_protection protection)
{
	struct side_request request = { .kind = SIDE_TARGET_PROTECT,
					.target = target->info.id,
					.offset = offset,
					.len = len,
					.argument = protection };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "protect");
}

void(target_prefetch)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len, enum mr_advice advice)
{
	int error = (advise_errno)(t, (struct advice){ target, offset, len, advice });

	if (error)
		test_fail(t, "ibv_advise_mr: %s", strerror(error));
}

uint64_t target_len(const struct target *target)
{
	return target->spec.len;
}

uint64_t target_page_bytes(const struct target *target)
{
	return target->info.page_bytes;
}

bool target_is_map_sync(const struct target *target)
{
	return target->info.map_sync;
}

uint64_t target_resident(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len)
{
	return test_ask(t, target, SIDE_TARGET_RESIDENT, offset, len,
			"ask for resident pages");
}

void drop_ipc_lock(struct test *t)
{
	struct side_request request = { .kind = SIDE_DROP_IPC_LOCK };
	struct side_reply reply;

	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		test_call(t, t->side[role], &request, &reply, "drop CAP_IPC_LOCK");
	(reconnect)(t);
}

void limit_memlock(struct test *t, uint64_t bytes)
{
	struct side_request request = { .kind = SIDE_LIMIT_MEMLOCK, .len = bytes };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "limit locked memory");
}

uint64_t pinned_bytes(struct test *t)
{
	struct side_request request = { .kind = SIDE_PINNED };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "ask for pinned memory");
	return reply.number;
}
