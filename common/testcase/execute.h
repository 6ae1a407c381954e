/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * execute.h - operations of the initiator, and their completions
 *
 * Each operation and each receive must complete once, in order, with its own opcode.
 */
#ifndef ODPLAB_TESTCASE_EXECUTE_H
#define ODPLAB_TESTCASE_EXECUTE_H

#include "testcase/test.h"

/* Adds a piece of a target to the local side of an operation. */
void side_op_add(struct side_op *op, const struct target *local, uint64_t offset,
		 uint64_t len);

/* Aims an operation at the memory of the peer's target. */
void side_op_aim(struct side_op *op, const struct target *target, uint64_t offset);

/*
 * Posts an operation and waits for its completion. Fails if there is more than one, or if
 * a successful one reports another opcode or length. Returns its status.
 */
enum op_status test_execute(struct test *t, const struct side_op *op);

/* Skips the test if the port takes no message that long. */
void test_fits_message(struct test *t, const struct side_op *op);

/* The same in two steps, on one of several queue pairs. */
void test_post(struct test *t, unsigned int pair, const struct side_op *op);
enum op_status test_wait(struct test *t, unsigned int pair, const struct side_op *op);

/* Notes the status and the vendor error of an operation that failed. */
void test_note_failure(struct test *t, const struct rdma_completion *completion);

/* Fails the test unless @status is OP_SUCCESS. */
void test_succeeded(struct test *t, enum op_status status);

/* Posts a receive of the responder. @target NULL: without memory. */
void test_post_receive(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len);

/* Likewise, into the pieces of @receive. */
void test_post_receive_op(struct test *t, const struct side_op *receive);

/*
 * Waits for the responder's oldest receive. Fails unless it is a success with the opcode
 * of
 * @op, @bytes and what was sent with it.
 */
void test_received(struct test *t, const struct side_op *op, uint64_t bytes);

/* Fails if a completion arrives for which nothing was posted. */
void expect_quiet(struct test *t);

#endif
