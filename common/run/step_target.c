// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_target.c - steps that make, fill, change and check targets */
#include <errno.h>
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

/* Fill, store and check: one request, with the data of @meant at @meant_offset. */
static int data(struct target *target, enum request_kind kind, uint64_t offset,
		const struct target *meant, uint64_t meant_offset, uint64_t len,
		uint16_t generation, struct side_reply *reply)
{
	struct side_request request = {
		.kind = kind,
		.target = target->info.id,
		.offset = offset,
		.len = len,
		.pattern = { meant->seed, generation },
		.pattern_offset = meant_offset,
	};

	return side_call(target->side, &request, reply);
}

static void put(struct test *t, struct target *target, enum request_kind kind,
		uint64_t offset, const struct target *meant, uint64_t meant_offset,
		uint64_t len, uint16_t generation)
{
	struct side_reply reply;
	int ret =
		data(target, kind, offset, meant, meant_offset, len, generation, &reply);

	if (ret)
		test_fail(t, "fill: %s", strerror(-ret));
}

/*
 * A check that cannot fail proves nothing: the same check must refuse another generation,
 * byte for byte. What is shorter than a word could be both generations' by chance.
 */
static void check_control(struct test *t, struct target *target, enum request_kind kind,
			  uint64_t offset, const struct target *meant,
			  uint64_t meant_offset, uint64_t len, uint16_t generation)
{
	uint64_t n = size_min(len, KiB(64)), skip = len - n;
	struct side_reply reply;
	int ret;

	if (n < sizeof(uint64_t))
		return;
	ret = data(target, kind, offset + skip, meant, meant_offset + skip, n,
		   generation ^ 1, &reply);
	if (ret != -EBADMSG || reply.mismatch.bytes < n / 2)
		test_fail(t, "the check itself is broken: it takes other data as well");
}

static void check(struct test *t, struct target *target, enum request_kind kind,
		  uint64_t offset, const struct target *meant, uint64_t meant_offset,
		  uint64_t len, uint16_t generation)
{
	struct side_reply reply;
	char text[MISMATCH_TEXT];
	int ret =
		data(target, kind, offset, meant, meant_offset, len, generation, &reply);

	if (ret == -EBADMSG)
		test_fail(t, "wrong data: %s", mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail(t, "check: %s", strerror(-ret));
	check_control(t, target, kind, offset, meant, meant_offset, len, generation);
}

void(target_fill)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation)
{
	put(t, target, SIDE_TARGET_FILL, offset, target, offset, len, generation);
}

void(target_fill_for)(struct test *t, struct target *target, uint64_t offset,
		      struct target *meant, uint64_t meant_offset, uint64_t len,
		      uint16_t generation)
{
	put(t, target, SIDE_TARGET_FILL, offset, meant, meant_offset, len, generation);
}

void(target_store)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation)
{
	put(t, target, SIDE_TARGET_STORE, offset, target, offset, len, generation);
}

void(check_mapping)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		    uint16_t generation)
{
	check(t, target, SIDE_TARGET_CHECK_MAPPING, offset, target, offset, len,
	      generation);
}

void(check_mapping_for)(struct test *t, struct target *target, uint64_t offset,
			struct target *meant, uint64_t meant_offset, uint64_t len,
			uint16_t generation)
{
	check(t, target, SIDE_TARGET_CHECK_MAPPING, offset, meant, meant_offset, len,
	      generation);
}

void(check_file)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation)
{
	check(t, target, SIDE_TARGET_CHECK_FILE, offset, target, offset, len, generation);
}

void(check_file_for)(struct test *t, struct target *target, uint64_t offset,
		     struct target *meant, uint64_t meant_offset, uint64_t len,
		     uint16_t generation)
{
	check(t, target, SIDE_TARGET_CHECK_FILE, offset, meant, meant_offset, len,
	      generation);
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
