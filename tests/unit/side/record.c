// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* record.c - what a scenario asked of its sides, what came of it, and what was due */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "side/record.h"

/* Answers each request with what the test has put here. */
static int answer;
static struct side_reply said;
static unsigned int closed;

static int inner_call(struct side *side, const struct side_request *request,
		      struct side_reply *reply)
{
	*reply = said;
	return answer;
}

static void inner_close(struct side *side)
{
	closed++;
}

static struct side inner = { inner_call, inner_close };
static struct record record;
static struct side *side;

static int begin(void **state)
{
	answer = 0;
	closed = 0;
	said = (struct side_reply){ 0 };
	record = (struct record){ .step = "a step" };
	side = &inner;
	return record_side(&record, &side, RESPONDER);
}

static int end(void **state)
{
	side->close(side);
	free(record.entry);
	return 0;
}

static int ask(enum request_kind kind)
{
	struct side_request request = { .kind = kind, .offset = 4096 };
	struct side_reply reply;

	return side_call(side, &request, &reply);
}

static const struct record_entry *entry(unsigned int i)
{
	assert_true(i < record.n);
	return &record.entry[i];
}

static void record__passes_on_and_keeps(void **state)
{
	struct side_request request = { .kind = SIDE_TARGET_READ_WORD, .offset = 8 };
	struct side_reply reply;

	said.number = 7;
	said.completion.status = OP_REM_OP_ERR;
	answer = -EIO;
	record_pause(&record, 3);
	assert_int_equal(side_call(side, &request, &reply), -EIO);
	assert_int_equal(reply.number, 7);
	assert_int_equal(record.n, 1);
	assert_string_equal(entry(0)->step, "a step");
	assert_int_equal(entry(0)->role, RESPONDER);
	assert_int_equal(entry(0)->request.offset, 8);
	assert_int_equal(entry(0)->ret, -EIO);
	assert_int_equal(entry(0)->number, 7);
	assert_int_equal(entry(0)->completion.status, OP_REM_OP_ERR);
	assert_int_equal(entry(0)->pause_ns, 3);
	assert_false(entry(0)->ret_judged);
	ask(SIDE_SETTLE);
	assert_int_equal(entry(1)->pause_ns, 0);
}

static void record__of_a_batch_the_first(void **state)
{
	said.batch[0].status = OP_FLUSH_ERR;
	ask(SIDE_COLLECT);
	assert_int_equal(entry(0)->completion.status, OP_FLUSH_ERR);
}

static void record__what_was_due(void **state)
{
	ask(SIDE_TARGET_FILL);
	record_due(&record, -ENOENT);
	record_due_number(&record, 5);
	assert_true(entry(0)->ret_judged && entry(0)->number_judged);
	assert_int_equal(entry(0)->ret_due, -ENOENT);
	assert_int_equal(entry(0)->number_due, 5);
}

static void record__a_status_of_the_last_that_ended_so(void **state)
{
	said.completion.status = OP_REM_ACCESS_ERR;
	ask(SIDE_WAIT);
	said.completion.status = OP_SUCCESS;
	ask(SIDE_WAIT);
	ask(SIDE_TARGET_FILL);
	record_due_status(&record, OP_REM_ACCESS_ERR, OP_LOC_PROT_ERR);
	assert_true(entry(0)->status_judged);
	assert_int_equal(entry(0)->due.status, OP_LOC_PROT_ERR);
	assert_false(entry(1)->status_judged || entry(2)->status_judged);
}

static void record__an_errno_of_a_request_that_may_fail(void **state)
{
	answer = -EINVAL;
	ask(SIDE_TARGET_REGISTER);
	answer = 0;
	ask(SIDE_TARGET_FILL);
	record_due_errno(&record, EINVAL, 0);
	assert_true(entry(0)->ret_judged);
	assert_int_equal(entry(0)->ret_due, 0);
	said.number = ENOMEM;
	ask(SIDE_TARGET_MREMAP);
	record_due_errno(&record, ENOMEM, EFAULT);
	assert_int_equal(entry(2)->number_due, EFAULT);
	/* of another one */
	ask(SIDE_TARGET_ADVISE);
	record_due_errno(&record, EPERM, 0);
	assert_false(entry(3)->ret_judged);
}

static void record__a_message(void **state)
{
	const struct rdma_completion due = { .bytes = 9, .has_immediate = true };

	ask(SIDE_WAIT_RECV);
	record_due_message(&record, &due);
	assert_true(entry(0)->message_judged && entry(0)->status_judged);
	assert_int_equal(entry(0)->due.bytes, 9);
}

static void record__ends(void **state)
{
	for (unsigned int i = 0; i < RECORD_ENTRIES; i++)
		ask(SIDE_SETTLE);
	assert_null(record.lost);
	ask(SIDE_SETTLE);
	assert_int_equal(record.n, RECORD_ENTRIES);
	assert_non_null(record.lost);
}

static void record__a_side_is_closed(void **state)
{
	struct side *other = &inner;

	assert_int_equal(record_side(&record, &other, INITIATOR), 0);
	other->close(other);
	assert_int_equal(closed, 1);
	assert_non_null(record.lost);
}

static void record__nothing(void **state)
{
	record_due(&record, 0);
	record_due_number(&record, 0);
	record_due_message(&record, &(struct rdma_completion){ 0 });
	assert_int_equal(record.n, 0);
	assert_string_equal(record_request_name(SIDE_TARGET_OPEN), "TARGET_OPEN");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(record__passes_on_and_keeps, begin, end),
	cmocka_unit_test_setup_teardown(record__of_a_batch_the_first, begin, end),
	cmocka_unit_test_setup_teardown(record__what_was_due, begin, end),
	cmocka_unit_test_setup_teardown(record__a_status_of_the_last_that_ended_so, begin,
					end),
	cmocka_unit_test_setup_teardown(record__an_errno_of_a_request_that_may_fail,
					begin, end),
	cmocka_unit_test_setup_teardown(record__a_message, begin, end),
	cmocka_unit_test_setup_teardown(record__ends, begin, end),
	cmocka_unit_test_setup_teardown(record__a_side_is_closed, begin, end),
	cmocka_unit_test_setup_teardown(record__nothing, begin, end),
};

int main(void)
{
	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
