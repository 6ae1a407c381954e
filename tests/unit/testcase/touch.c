// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* touch.c - the pages that operations name to the witnesses of a watch */
#include "testcase/touch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "scripted_side.h"
#include "testcase/execute.h"

static struct test *const t = &script.test;
static struct target *far, *near, *other;

/* A target at an address that is its own. */
static struct target *make(enum side_role role, uint64_t addr)
{
	struct target *target = script_target(role, KiB(64));

	target->info.addr = target->info.local_addr = addr;
	target->info.len = KiB(64);
	return target;
}

static int begin(void **state)
{
	int ret = script_begin(state);

	far = make(RESPONDER, MiB(1));
	near = make(INITIATOR, MiB(64));
	other = make(RESPONDER, MiB(3));
	script.reply[SIDE_WATCH_END] = (struct side_reply){
		.observations = 1,
		.observation[0] = { .witness = "w",
				    .available = true,
				    .pages = EXACTLY(1) },
	};
	return ret;
}

static struct watch *watch(struct target *target)
{
	return watch_begin(t, target, EXACTLY(1), false, "watch()", "f.c", 3);
}

static struct side_op write_to(const struct target *target, uint64_t offset, uint64_t len)
{
	struct side_op op = { .rdma.opcode = RDMA_WRITE };

	side_op_add(&op, near, KiB(8), len);
	side_op_aim(&op, target, offset);
	return op;
}

/* The next name is this, of this target. */
static void named(const struct target *target, uint64_t offset, uint64_t len)
{
	const struct side_request *request = next_of(SIDE_WATCH_NAME);

	assert_int_equal(request->target, target->info.id);
	assert_int_equal(request->offset, offset);
	assert_int_equal(request->len, len);
}

static void operation__names_both_ends(void **state)
{
	struct side_op op = write_to(far, 100, 200);

	watch(far);
	watch(near);
	test_touches(t, &op);
	named(near, KiB(8), 200);
	named(far, 100, 200);
	none_of(SIDE_WATCH_NAME);
}

static void operation__without_a_watch(void **state)
{
	struct side_op op = write_to(far, 100, 200);

	test_touches(t, &op);
	none_of(SIDE_WATCH_NAME);
}

static void operation__of_another_target(void **state)
{
	struct side_op op = write_to(other, 100, 200);

	watch(far);
	test_touches(t, &op);
	none_of(SIDE_WATCH_NAME);
}

/*
 * The watch is of the MR, which may be a part of the mapping: offsets are the mapping's.
 */
static void operation__beyond_the_region_on_either_side(void **state)
{
	struct target *part = make(RESPONDER, MiB(8));
	struct side_op op = { .rdma.opcode = RDMA_WRITE };

	part->spec.mr_offset = KiB(4);
	part->info.len = KiB(16);
	watch(part);
	side_op_add(&op, near, 0, KiB(8));
	side_op_aim(&op, part, KiB(16));
	test_touches(t, &op);
	named(part, KiB(16), KiB(4));
	none_of(SIDE_WATCH_NAME);
}

/* A memory window has the addresses of its target, and a key of its own. */
static void operation__through_a_window(void **state)
{
	struct target *window = &t->targets[t->n_targets++];
	struct side_op op;

	*window = *far;
	window->info.rkey = 0xabcd;
	window->window = WINDOW_TYPE_2;
	op = write_to(window, KiB(4), 8);
	watch(far);
	test_touches(t, &op);
	named(far, KiB(4), 8);
}

/* The whole of a page that is named already, from its first byte on: nothing new. */
static void operation__on_a_named_page(void **state)
{
	struct side_op op = write_to(far, KiB(4) + 8, 8);

	watch(far);
	test_touches(t, &op);
	named(far, KiB(4) + 8, 8);
	op = write_to(far, KiB(4), KiB(4));
	test_touches(t, &op);
	none_of(SIDE_WATCH_NAME);
	op = write_to(far, KiB(4), KiB(4) + 1);
	test_touches(t, &op);
	named(far, KiB(4), KiB(4) + 1);
}

/* Pages before those that are named are no part of the name. */
static void operation__before_a_named_page(void **state)
{
	struct side_op op = write_to(far, KiB(16), 8);

	watch(far);
	test_touches(t, &op);
	named(far, KiB(16), 8);
	op = write_to(far, KiB(4), 8);
	test_touches(t, &op);
	named(far, KiB(4), 8);
}

/* It writes a word, whatever memory it is taken from. */
static void operation__atomic_write(void **state)
{
	struct side_op op = write_to(far, KiB(4), 64);

	op.rdma.opcode = RDMA_ATOMIC_WRITE;
	watch(far);
	test_touches(t, &op);
	named(far, KiB(4), 8);
}

static void operation__of_no_bytes(void **state)
{
	struct side_op op = write_to(far, KiB(4), 0);

	watch(far);
	test_touches(t, &op);
	none_of(SIDE_WATCH_NAME);
}

static void operation__that_is_not_known(void **state)
{
	watch(far);
	test_touches_anything(t);
	named(far, 0, KiB(64));
}

/* A key that no target has may lead to any page. */
static void operation__whose_pages_are_not_known(void **state)
{
	struct side_op op = write_to(far, 0, 8);

	watch(far);
	op.rdma.rkey = 0xabcd;
	test_touches(t, &op);
	named(far, 0, KiB(64));
	test_touches(t, &op);
	none_of(SIDE_WATCH_NAME);
}

/* A key over pieces: all of them, as often as they are repeated. */
static void operation__by_an_indirect_key(void **state)
{
	struct target *key = make(RESPONDER, 0);
	struct side_op op;

	key->spec.len = 0;
	key->n_pieces = 2;
	key->pieces[0] =
		(struct piece){ .target = far->info.id, .offset = KiB(4), .len = 100 };
	key->pieces[1] = (struct piece){ .target = other->info.id, .len = KiB(4) };
	key->rounds = 2;
	key->skip = KiB(8);
	op = write_to(key, 0, 8);
	watch(far);
	watch(other);
	test_touches(t, &op);
	named(far, KiB(4), 100);
	named(other, 0, KiB(4));
	named(far, KiB(12) + 100, 100);
	named(other, KiB(12), KiB(4));
	none_of(SIDE_WATCH_NAME);
}

static void operation__with_a_piece_of_an_unknown_target(void **state)
{
	struct side_op op = write_to(far, 0, 8);

	op.piece[0].target = 4711;
	watch(far);
	test_touches(t, &op);
	named(far, 0, KiB(64));
	none_of(SIDE_WATCH_NAME);
}

/* What is copied into the request when it is posted, the device does not read. */
static void operation__with_inline_data(void **state)
{
	struct side_op op = write_to(far, 0, 8);

	op.rdma.inline_data = true;
	watch(near);
	watch(far);
	test_touches(t, &op);
	named(far, 0, 8);
	none_of(SIDE_WATCH_NAME);
}

static void flush__of_a_range_or_all(void **state)
{
	struct side_op op = { .rdma.opcode = RDMA_FLUSH, .rdma.flush.len = KiB(12) };

	side_op_aim(&op, far, KiB(4));
	watch(far);
	test_touches(t, &op);
	named(far, KiB(4), KiB(12));
	op.rdma.flush.region = true;
	test_touches(t, &op);
	named(far, 0, KiB(64));
}

/* A SEND goes where a receive was posted, whatever else its request holds. */
static void send__is_aimed_at_nothing(void **state)
{
	struct side_op op = write_to(far, KiB(4), 8);

	op.rdma.opcode = RDMA_SEND_INVALIDATE;
	watch(far);
	test_touches(t, &op);
	none_of(SIDE_WATCH_NAME);
}

/* A page may be there to be read, and not to be written. */
static void names__say_what_is_written(void **state)
{
	static const struct {
		enum rdma_opcode opcode;
		bool near, far; /* is written */
	} cases[] = {
		{ RDMA_READ, true, false },	    { RDMA_WRITE, false, true },
		{ RDMA_FETCH_ADD, true, true },	    { RDMA_COMPARE_SWAP, true, true },
		{ RDMA_ATOMIC_WRITE, false, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct side_op op = write_to(far, KiB(4), 8);
		struct watch *outer, *inner;

		op.rdma.opcode = cases[i].opcode;
		outer = watch(far);
		inner = watch(near);
		test_touches(t, &op);
		assert_int_equal(next_of(SIDE_WATCH_NAME)->flag, cases[i].near);
		assert_int_equal(next_of(SIDE_WATCH_NAME)->flag, cases[i].far);
		watch_end(t, inner);
		watch_end(t, outer);
	}
}

/*
 * A page that was named to be read is named again to be written, not the other way round.
 */
static void names__to_read_and_to_write(void **state)
{
	struct side_op op = write_to(far, KiB(4), 8);

	watch(far);
	op.rdma.opcode = RDMA_READ;
	test_touches(t, &op);
	assert_false(next_of(SIDE_WATCH_NAME)->flag);
	op.rdma.opcode = RDMA_WRITE;
	test_touches(t, &op);
	assert_true(next_of(SIDE_WATCH_NAME)->flag);
	op.rdma.opcode = RDMA_READ;
	test_touches(t, &op);
	none_of(SIDE_WATCH_NAME);
}

static void receive__names_the_memory_that_was_posted(void **state)
{
	watch(far);
	test_post_receive(t, far, KiB(4), 100);
	named(far, KiB(4), 100);
	/* one without memory names nothing */
	test_post_receive(t, NULL, 0, 0);
	none_of(SIDE_WATCH_NAME);
}

/* A message that comes in the watch goes where a receive was posted before it. */
static void receive__posted_before_the_watch(void **state)
{
	test_post_receive(t, far, KiB(4), 100);
	test_post_receive(t, far, KiB(12), 100);
	test_receive_done(t);
	watch(far);
	named(far, KiB(12), 100);
	none_of(SIDE_WATCH_NAME);
	test_receives_dropped(t);
	watch(far);
	none_of(SIDE_WATCH_NAME);
}

static void receive__more_than_are_kept(void **state)
{
	for (unsigned int i = 0; i < TEST_RECEIVES; i++)
		test_post_receive(t, far, 0, 8);
	fails(test_post_receive(t, far, 0, 8), "more than 64 receives at once");
}

/* The places that are kept are few: from then on each page is named. */
static void names__more_than_are_kept(void **state)
{
	far->info.len = far->spec.len = 2 * WATCH_NAMES * KiB(4);
	watch(far);
	for (unsigned int i = 0; i < WATCH_NAMES + 5; i++) {
		struct side_op op = write_to(far, i * KiB(4), 8);

		test_touches(t, &op);
	}
	for (unsigned int i = 0; i < WATCH_NAMES - 1; i++)
		named(far, i * KiB(4), 8);
	named(far, 0, far->info.len);
	none_of(SIDE_WATCH_NAME);
}

/* Another word of a page is no further name. */
static void names__of_a_page_once(void **state)
{
	watch(far);
	for (unsigned int i = 0; i < 512; i++) {
		struct side_op op = write_to(far, KiB(4) + i * 8, 8);

		test_touches(t, &op);
	}
	named(far, KiB(4), 8);
	none_of(SIDE_WATCH_NAME);
}

static void background__names_each_page(void **state)
{
	t->background.running = true;
	watch(far);
	named(far, 0, KiB(64));
	none_of(SIDE_WATCH_NAME);
	watch(other);
	named(other, 0, KiB(64));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, script_end)

static const struct CMUnitTest tests[] = {
	TEST(operation__names_both_ends),
	TEST(operation__without_a_watch),
	TEST(operation__of_another_target),
	TEST(operation__beyond_the_region_on_either_side),
	TEST(operation__through_a_window),
	TEST(operation__on_a_named_page),
	TEST(operation__before_a_named_page),
	TEST(operation__atomic_write),
	TEST(operation__of_no_bytes),
	TEST(operation__that_is_not_known),
	TEST(operation__whose_pages_are_not_known),
	TEST(operation__by_an_indirect_key),
	TEST(operation__with_a_piece_of_an_unknown_target),
	TEST(operation__with_inline_data),
	TEST(flush__of_a_range_or_all),
	TEST(send__is_aimed_at_nothing),
	TEST(names__say_what_is_written),
	TEST(names__to_read_and_to_write),
	TEST(receive__names_the_memory_that_was_posted),
	TEST(receive__posted_before_the_watch),
	TEST(receive__more_than_are_kept),
	TEST(names__more_than_are_kept),
	TEST(names__of_a_page_once),
	TEST(background__names_each_page),
};

int main(void)
{
	return cmocka_run_group_tests_name("touch", tests, NULL, NULL);
}
