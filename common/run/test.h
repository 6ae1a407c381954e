/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * test.h - one scenario while it runs, in its own process
 *
 * What it has to say goes up a pipe as JSON lines, as it happens, so that a crash or a
 * hang loses nothing of what came before:
 *
 *	{"step": "rdma_write(...)", "file": "dax.c", "line": 42}
 *	{"watch": {...}}   {"note": "..."}
 *	{"verdict": "FAIL", "why": "..."}
 */
#ifndef ODPLAB_RUN_TEST_H
#define ODPLAB_RUN_TEST_H

#include <json-c/json.h>

#include "base/rand.h"
#include "run/lab.h"
#include "run/scenario.h"
#include "run/verdict.h"

#define TEST_TARGETS 64

struct target {
	struct side *side;
	enum side_role role;
	struct target_info info;
	struct target_spec spec;
	uint64_t seed;		 /* of the data that is meant for it */
	enum window_type window; /* it is one, over another target; else 0 */
};

struct watch {
	struct target *target;
	struct bounds bounds;
	bool churn; /* pages must have been taken away, too */
	const char *step, *file;
	int line;
};

#define TRAFFIC_PAGES 1024

/* What traffic() did to a target. */
struct traffic {
	struct target *target; /* which nobody else writes to */
	struct rand rand;
	uint16_t generation;		 /* of the last write */
	uint16_t written[TRAFFIC_PAGES]; /* generation of each page; 0: never written */
	uint64_t rounds, refusals;
};

/* The initiator's traffic in the background, as often as it was begun. */
struct background_traffic {
	struct target *locals[2]; /* written from, and read into */
	unsigned int times;
	uint64_t turns, longest_ns;
};

#define STOPWATCHES 4

/* All that one line of the scenario measured. */
struct stopwatch {
	int line;
	unsigned int times;
	uint64_t longest_ns, bound_ns;
	const char *what; /* the last step within */
};

struct test {
	struct lab *lab;
	const struct scenario *scenario;
	int pipe; /* to the parent; where verdicts and evidence go */
	struct side *side[SIDE_ROLES];
	struct target targets[TEST_TARGETS];
	unsigned int n_targets;
	/* of attempts: memory for them, and what the operations behind them write */
	struct target *attempt_local, *bystander, *bystander_source;
	uint16_t bystander_generation;
	unsigned int attempts;
	struct rdma_qp_spec queue_pair; /* what the queue pairs are like */
	unsigned int pairs;		/* how many are connected */
	bool broken; /* an operation failed: nobody knows what else will complete */
	struct target *scratch; /* see test_scratch() */
	uint64_t scratch_len;
	struct watch watches[WATCH_SLOTS];
	unsigned int watching;
	struct traffic traffic;
	struct background_traffic background;
	struct target *stormy; /* the target of the storm that is on, or NULL */
	enum invalidator storm;
	struct stopwatch stopwatches[STOPWATCHES];
	uint64_t show_ns; /* when a terminal is to see how far a loop is; clock_ns() */
	bool unproven;
	char unproven_why[256];
	const char *step, *file;
	int line;
};

/* Runs the scenario and ends the process. @pipe: the writing end. */
void test_run(struct lab *lab, const struct scenario *scenario, int pipe)
	__attribute__((noreturn));

/* Fails at the step that the scenario is in. */
void test_fail(struct test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* Sends one line up the pipe; takes the object over. */
void test_say(struct test *t, struct json_object *object);

/*
 * Pinned memory of the initiator, for operations that name none: @len bytes from
 * SCRATCH_AT on are the caller's, and what is around them is guarded.
 */
#define SCRATCH_AT KiB(4)

/*
 * What it holds before a READ, so that one that delivers nothing shows: scenarios
 * begin at generation 1.
 */
#define BEFORE_READ 0

struct target *test_scratch(struct test *t, uint64_t len);

/* Fails if something was written around the bytes that were asked for last. */
void test_scratch_check(struct test *t);

/*
 * Posts an operation of the initiator and waits for its completion, which must be one
 * only and, where it is a success, what is due. Returns its status.
 */
enum op_status test_execute(struct test *t, const struct side_op *op);

/* The same in two steps, on one of several queue pairs. */
void test_post(struct test *t, unsigned int pair, const struct side_op *op);
enum op_status test_wait(struct test *t, unsigned int pair, const struct side_op *op);

/* Notes what the device says of an operation that failed, beside its status. */
void test_note_failure(struct test *t, const struct rdma_completion *completion);

/* Fails where an operation did. */
void test_succeeded(struct test *t, enum op_status status);

/*
 * Counts the cycles of the storm that is on. Returns false where it has ended before its
 * time: storm_ends() will tell why.
 */
bool test_storm_goes_on(struct test *t, uint64_t *cycles);

/* The responder's; @target NULL: without memory. */
void test_post_receive(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len);

/* Waits for the responder's oldest receive, which must be a success and what is due. */
void test_received(struct test *t, const struct side_op *op, uint64_t bytes);

/* Nothing completes that nobody has posted. */
void expect_quiet(struct test *t);

/* Names a piece of a target for an operation's local side; aims it at another's memory. */
void side_op_add(struct side_op *op, const struct target *local, uint64_t offset,
		 uint64_t len);
void side_op_aim(struct side_op *op, const struct target *target, uint64_t offset);

/* side_call() that must succeed: fails the test otherwise. @what names it. */
void test_call(struct test *t, struct side *side, const struct side_request *request,
	       struct side_reply *reply, const char *what);

/* The same for what only needs a range of a target; the second returns the reply's number. */
void test_change(struct test *t, struct target *target, enum request_kind kind,
		 uint64_t offset, uint64_t len, const char *what);
uint64_t test_ask(struct test *t, struct target *target, enum request_kind kind,
		  uint64_t offset, uint64_t len, const char *what);

/* Notes what was measured; what background traffic there was. */
void test_say_stopwatches(struct test *t);
void test_say_background(struct test *t);

#endif
