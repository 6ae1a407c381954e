// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * local.c - a side in this process: what it opens, which requests it takes, what it
 * closes
 */
#include "side/side.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "loopback.h"

static struct side other_side;
static enum side_role other_role;

static int open_other(struct side **side, struct env *env, enum side_role role)
{
	*side = &other_side;
	other_role = role;
	return -EXDEV;
}

static void open__as_the_environment_has_it(void **state)
{
	struct side *side = NULL;

	loopback_env.open_side = open_other;
	assert_int_equal(side_open(&side, &loopback_env, RESPONDER), -EXDEV);
	assert_ptr_equal(side, &other_side);
	assert_int_equal(other_role, RESPONDER);
	assert_int_equal(loopback.devices, 0);
}

/* Two sides of a process share the DAX device, and each has addresses of its own. */
static void open__each_role_its_own_part(void **state)
{
	struct local_side *initiator = loopback_side(INITIATOR);
	struct local_side *responder = loopback_side(RESPONDER);

	assert_int_equal(loopback.devices, 2);
	assert_int_equal(initiator->role, INITIATOR);
	assert_int_equal(responder->role, RESPONDER);
	assert_int_equal(responder->devdax_next, 0);
	assert_int_equal(initiator->devdax_next, MiB(128));
	assert_true(initiator->arena.next != responder->arena.next);
	initiator->side.close(&initiator->side);
	loopback_close(responder);
}

static void open__without_a_device(void **state)
{
	struct side *side = &other_side;

	loopback.refuse = "device_open";
	loopback.error = ENODEV;
	assert_int_equal(side_open(&side, &loopback_env, INITIATOR), -ENODEV);
	assert_ptr_equal(side, &other_side);
}

static void call__of_no_kind(void **state)
{
	static const struct side_reply zeros;
	struct local_side *side = loopback_side(INITIATOR);
	struct side_request request = { .kind = SIDE_REQUESTS };
	struct side_reply reply;

	assert_int_equal(loopback_ask(side, &request, &reply), -EBADRQC);
	assert_memory_equal(&reply, &zeros, sizeof(reply));
	loopback_close(side);
}

static void call__of_an_open_target_and_its_bytes(void **state)
{
	static const struct {
		uint32_t target;
		uint64_t offset, len;
		int ret;
	} rows[] = {
		{ 0, 0, KiB(8), 0 },
		{ 0, KiB(4), KiB(4), 0 },
		{ 0, KiB(8), 0, 0 },
		{ 0, 0, KiB(8) + 1, -EINVAL },
		{ 0, KiB(4), KiB(4) + 1, -EINVAL },
		{ 0, 16, UINT64_MAX - 7, -EINVAL }, /* overflows */
		{ 1, 0, 0, -EINVAL },
		{ SIDE_TARGETS, 0, 0, -EINVAL },
		{ UINT32_MAX, 0, 0, -EINVAL },
	};
	struct local_side *side = loopback_side(INITIATOR);
	struct side_reply reply;

	loopback_target(side, KiB(8));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct side_request request = { .kind = SIDE_TARGET_STORE,
						.target = rows[i].target,
						.offset = rows[i].offset,
						.len = rows[i].len };

		assert_int_equal(loopback_ask(side, &request, &reply), rows[i].ret);
		assert_int_equal(!strstr(loopback_log(), "no such target or range"),
				 !rows[i].ret);
	}
	assert_null(local_target(side, SIDE_TARGETS));
	assert_ptr_equal(local_target(side, 0), &side->targets[0]);
	loopback_close(side);
}

/* What a side can have open at once, of which nothing may outlive its device. */
static void fill_side(struct local_side *side)
{
	struct side_request other_pd = { .kind = SIDE_TARGET_OPEN,
					 .spec = { .len = KiB(4), .other_pd = true } };
	struct side_request window = { .kind = SIDE_WINDOW_BIND,
				       .pair = SIDE_PAIRS - 1,
				       .argument = WINDOW_TYPE_2,
				       .len = KiB(4) };
	struct side_request storm = { .kind = SIDE_STORM_BEGIN, .argument = BY_DONTNEED };
	struct side_request background = { .kind = SIDE_BACKGROUND_BEGIN };
	struct side_reply reply;

	loopback_pair(side, 0);
	loopback_pair(side, SIDE_PAIRS - 1);
	for (unsigned int i = 0; i < SIDE_TARGETS - 1; i++)
		loopback_target(side, KiB(4));
	assert_int_equal(loopback_ask(side, &other_pd, &reply), 0);
	assert_int_equal(loopback.devices, 2);
	for (unsigned int i = 0; i < SIDE_WINDOWS; i++)
		assert_int_equal(loopback_ask(side, &window, &reply), 0);
	background.op.rdma.sges = 2;
	background.op.rdma.remote_addr = side->targets[2].mr.remote_addr;
	background.op.piece[0] = (struct piece){ .target = 0, .len = 8 };
	background.op.piece[1] = (struct piece){ .target = 1, .len = 8 };
	assert_int_equal(loopback_ask(side, &storm, &reply), 0);
	assert_int_equal(loopback_ask(side, &background, &reply), 0);
	assert_true(side->storm.running && side->background.running);
}

static void close__all_that_is_open(void **state)
{
	struct local_side *side = loopback_side(INITIATOR);

	fill_side(side);
	loopback_close(side);
}

static void reopen__only_the_device(void **state)
{
	static const struct side_request request = { .kind = SIDE_REOPEN };
	struct local_side *side = loopback_side(INITIATOR);
	struct side_reply reply;
	int filler = memfd_create("filler", MFD_CLOEXEC);

	fill_side(side);
	side->filler = filler;
	assert_int_equal(loopback_ask(side, &request, &reply), 0);
	assert_false(side->storm.running || side->background.running);
	assert_int_equal(loopback.devices, 1);
	assert_int_equal(loopback.pairs, 0);
	assert_int_equal(loopback.mrs, 0);
	assert_int_equal(loopback.windows, 0);
	assert_null(side->other_pd_device.ops);
	for (uint32_t id = 0; id < SIDE_TARGETS; id++)
		assert_null(local_target(side, id));
	assert_int_equal(fcntl(filler, F_GETFD), FD_CLOEXEC);
	loopback_close(side);
	assert_int_equal(fcntl(filler, F_GETFD), -1);
}

static void reopen__fails(void **state)
{
	static const struct side_request request = { .kind = SIDE_REOPEN };
	struct local_side *side = loopback_side(INITIATOR);
	struct side_reply reply;

	loopback.refuse = "device_open";
	loopback.error = ENODEV;
	assert_int_equal(loopback_ask(side, &request, &reply), -ENODEV);
	loopback_close(side);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(open__as_the_environment_has_it, loopback_reset),
	cmocka_unit_test_setup(open__each_role_its_own_part, loopback_reset),
	cmocka_unit_test_setup(open__without_a_device, loopback_reset),
	cmocka_unit_test_setup(call__of_no_kind, loopback_reset),
	cmocka_unit_test_setup(call__of_an_open_target_and_its_bytes, loopback_reset),
	cmocka_unit_test_setup(close__all_that_is_open, loopback_reset),
	cmocka_unit_test_setup(reopen__only_the_device, loopback_reset),
	cmocka_unit_test_setup(reopen__fails, loopback_reset),
};

int main(void)
{
	return cmocka_run_group_tests_name("local", tests, NULL, NULL);
}
