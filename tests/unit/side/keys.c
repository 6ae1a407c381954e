// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* keys.c - a side's memory windows and its memory keys over pieces of targets */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "loopback.h"

static struct local_side *side;
static struct local_target *target;
static struct side_request request;
static struct side_reply reply;

/* ---- memory keys, of which the linker wraps all functions ---- */

static struct {
	unsigned int open;
	int open_error, fill_error;
	const struct rdma_device *device;
	/* of the last that was filled; .repeat 0: a list */
	struct rdma_sge piece[KEY_PIECES];
	unsigned int n, repeat, skip;
	uint64_t id;
} keys;

int __wrap_key_open(struct indirect_mkey *key, struct rdma_device *device);
int __wrap_key_open(struct indirect_mkey *key, struct rdma_device *device)
{
	keys.device = device;
	if (keys.open_error)
		return keys.open_error;
	keys.open++;
	*key = (struct indirect_mkey){ (struct mlx5dv_mkey *)&keys, 0x700 + keys.open,
				       0x800 + keys.open };
	return 0;
}

void __wrap_key_close(struct indirect_mkey *key);
void __wrap_key_close(struct indirect_mkey *key)
{
	keys.open -= !!key->mlx5;
	key->mlx5 = NULL;
}

static int fill(struct rdma_qp *qp, const struct rdma_sge *pieces, unsigned int n,
		uint64_t id)
{
	memcpy(keys.piece, pieces, n * sizeof(*pieces));
	keys.n = n;
	keys.id = id;
	if (keys.fill_error)
		return keys.fill_error;
	loopback_complete(qp,
			  (struct rdma_completion){ .id = id, .what = COMPLETED_KEY });
	return 0;
}

int __wrap_key_list(struct indirect_mkey *key, struct rdma_qp *qp,
		    const struct rdma_sge *pieces, unsigned int n, uint64_t id);
int __wrap_key_list(struct indirect_mkey *key, struct rdma_qp *qp,
		    const struct rdma_sge *pieces, unsigned int n, uint64_t id)
{
	keys.repeat = keys.skip = 0;
	return fill(qp, pieces, n, id);
}

int __wrap_key_interleave(struct indirect_mkey *key, struct rdma_qp *qp,
			  const struct rdma_sge *pieces, unsigned int n, uint32_t repeat,
			  uint32_t skip, uint64_t id);
int __wrap_key_interleave(struct indirect_mkey *key, struct rdma_qp *qp,
			  const struct rdma_sge *pieces, unsigned int n, uint32_t repeat,
			  uint32_t skip, uint64_t id)
{
	keys.repeat = repeat;
	keys.skip = skip;
	return fill(qp, pieces, n, id);
}

/* A key has no memory that could be closed. */
void __real_region_close(struct region *region);
void __wrap_region_close(struct region *region);
void __wrap_region_close(struct region *region)
{
	assert_non_null(region->addr);
	__real_region_close(region);
}

static int setup(void **state)
{
	loopback_reset(state);
	memset(&keys, 0, sizeof(keys));
	side = loopback_side(INITIATOR);
	loopback_pair(side, 1);
	target = loopback_target(side, KiB(8));
	request = (struct side_request){ .pair = 1 };
	return 0;
}

static int teardown(void **state)
{
	loopback_close(side);
	assert_int_equal(keys.open, 0);
	return 0;
}

static int ask(enum request_kind kind)
{
	request.kind = kind;
	return loopback_ask(side, &request, &reply);
}

static void two_pieces(void)
{
	request.op.rdma.sges = 2;
	request.op.piece[0] = (struct piece){ .target = 0, .len = 512 };
	request.op.piece[1] = (struct piece){ .target = 0, .offset = KiB(4), .len = 256 };
	request.op.piece[2] =
		(struct piece){ .target = 0, .len = 128 }; /* none of them */
}

/* It can be named like a target whose addresses begin at 0. */
static void key__is_a_target(void **state)
{
	two_pieces();
	assert_int_equal(ask(SIDE_INDIRECT_MKEY), 0);
	assert_ptr_equal(keys.device, &side->device);
	assert_int_equal(keys.n, 2);
	assert_int_equal(keys.repeat, 0);
	assert_true(keys.piece[1].addr == (uintptr_t)target->region.addr + KiB(4));
	assert_int_equal(keys.piece[1].lkey, target->mr.lkey);
	assert_int_equal(keys.id, 0);
	assert_int_equal(reply.completion.what, COMPLETED_KEY);
	assert_int_equal(reply.completion.status, OP_SUCCESS);
	assert_int_equal(reply.target.id, 1);
	assert_int_equal(reply.target.addr, 0);
	assert_int_equal(reply.target.len, 768);
	assert_int_equal(reply.target.lkey, 0x701);
	assert_int_equal(reply.target.rkey, 0x801);
	request.argument = 3;
	request.len = 64;
	assert_int_equal(ask(SIDE_INDIRECT_MKEY), 0);
	assert_int_equal(keys.repeat, 3);
	assert_int_equal(keys.skip, 64);
	assert_int_equal(keys.id, 1);
	assert_int_equal(reply.target.len, 3 * 768);
	request.op.rdma = (struct rdma_op){ .opcode = RDMA_SEND, .sges = 1 };
	request.op.piece[0] = (struct piece){ .target = 2, .offset = 1000, .len = 1304 };
	assert_int_equal(ask(SIDE_POST), 0);
	assert_int_equal(loopback.op.id, 2);
	assert_int_equal(loopback.op.sge[0].addr, 1000);
	assert_int_equal(loopback.op.sge[0].lkey, 0x702);
	request.op.piece[0].len++;
	assert_int_equal(ask(SIDE_POST), -EINVAL);
}

static void key__as_many_as_there_are(void **state)
{
	two_pieces();
	for (unsigned int i = 0; i < SIDE_KEYS; i++)
		assert_int_equal(ask(SIDE_INDIRECT_MKEY), 0);
	assert_int_equal(keys.open, SIDE_KEYS);
	assert_int_equal(ask(SIDE_INDIRECT_MKEY), -ENOSPC);
	assert_non_null(strstr(loopback_log(), "a memory key over others"));
}

static void key__refused(void **state)
{
	two_pieces();
	request.pair = 0;
	assert_int_equal(ask(SIDE_INDIRECT_MKEY), -ENOTCONN);
	request.pair = 1;
	request.op.piece[1].target = 9;
	assert_int_equal(ask(SIDE_INDIRECT_MKEY), -EINVAL);
	assert_int_equal(keys.open, 0);
	two_pieces();
	keys.open_error = -EOPNOTSUPP;
	assert_int_equal(ask(SIDE_INDIRECT_MKEY), -EOPNOTSUPP);
	assert_int_equal(keys.n, 0);
	keys.open_error = 0;
	keys.fill_error = -ENOMEM;
	assert_int_equal(ask(SIDE_INDIRECT_MKEY), -ENOMEM);
	assert_int_equal(keys.open, 0);
	assert_int_equal(side->pairs[1].posted, 0);
	assert_null(local_target(side, 1));
	for (unsigned int i = 1; i < SIDE_TARGETS; i++)
		loopback_target(side, KiB(4));
	keys.fill_error = 0;
	assert_int_equal(ask(SIDE_INDIRECT_MKEY), -ENOSPC);
}

/* ---- windows ---- */

static void window__is_bound_and_invalidated(void **state)
{
	request.argument = WINDOW_TYPE_2;
	request.offset = KiB(4);
	request.len = 512;
	assert_int_equal(ask(SIDE_WINDOW_BIND), 0);
	assert_true(loopback.bound.addr == (uintptr_t)target->region.addr + KiB(4));
	assert_int_equal(loopback.bound.len, 512);
	assert_int_equal(loopback.bound.id, 0);
	assert_int_equal(side->windows[0].type, WINDOW_TYPE_2);
	assert_int_equal(reply.number, 0x501);
	assert_int_equal(reply.completion.what, COMPLETED_BIND);
	assert_int_equal(ask(SIDE_WINDOW_BIND), 0);
	assert_int_equal(reply.number, 0x502);
	assert_int_equal(loopback.bound.id, 1);
	request.key = 0x502;
	assert_int_equal(ask(SIDE_WINDOW_INVALIDATE), 0);
	assert_int_equal(loopback.bound.id, 2);
	assert_int_equal(reply.completion.what, COMPLETED_INVALIDATE);
	assert_int_equal(side->windows[0].rkey, 0x501);
	assert_int_equal(side->windows[1].rkey, 0);
	/* of that key there is no window any more */
	assert_int_equal(ask(SIDE_WINDOW_INVALIDATE), -ENOTCONN);
	assert_int_equal(side->pairs[1].posted, 3);
	assert_int_equal(side->pairs[1].completed, 3);
}

static void window__as_many_as_there_are(void **state)
{
	request.argument = WINDOW_TYPE_1;
	request.len = 512;
	for (unsigned int i = 0; i < SIDE_WINDOWS; i++)
		assert_int_equal(ask(SIDE_WINDOW_BIND), 0);
	assert_int_equal(loopback.windows, SIDE_WINDOWS);
	assert_int_equal(ask(SIDE_WINDOW_BIND), -ENOSPC);
	assert_non_null(strstr(loopback_log(), "a memory window"));
	request.key = 0x500 + SIDE_WINDOWS;
	assert_int_equal(ask(SIDE_WINDOW_INVALIDATE), 0);
}

static void window__refused(void **state)
{
	request.len = 512;
	loopback.error = EPERM;
	loopback.refuse = "window_open";
	assert_int_equal(ask(SIDE_WINDOW_BIND), -EPERM);
	assert_int_equal(loopback.windows, 0);
	loopback.refuse = "window_bind";
	assert_int_equal(ask(SIDE_WINDOW_BIND), -EPERM);
	assert_int_equal(loopback.windows, 0);
	loopback.refuse = NULL;
	assert_int_equal(ask(SIDE_WINDOW_BIND), 0);
	request.key = (uint32_t)reply.number;
	loopback.refuse = "window_invalidate";
	assert_int_equal(ask(SIDE_WINDOW_INVALIDATE), -EPERM);
	assert_int_equal(side->pairs[1].posted, 1);
	loopback.refuse = NULL;
	request.pair = 0;
	assert_int_equal(ask(SIDE_WINDOW_BIND), -ENOTCONN);
	assert_int_equal(ask(SIDE_WINDOW_INVALIDATE), -ENOTCONN);
	request.pair = 1;
	assert_int_equal(ask(SIDE_TARGET_DEREGISTER), 0);
	assert_int_equal(ask(SIDE_WINDOW_BIND), -ENOTCONN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(key__is_a_target),
	TEST(key__as_many_as_there_are),
	TEST(key__refused),
	TEST(window__is_bound_and_invalidated),
	TEST(window__as_many_as_there_are),
	TEST(window__refused),
};

int main(void)
{
	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
