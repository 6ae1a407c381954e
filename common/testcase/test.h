/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * test.h - one scenario while it runs, in its own process
 *
 * It reports to its parent through a pipe, as JSON lines, as it happens, so that a crash
 * or a hang loses nothing of what came before:
 *
 *	{"step": "rdma_write(...)", "file": "apps/scenarios/dax/dax.c", "line": 42}
 *	{"watch": {...}}   {"note": "..."}   {"column": {...}}
 *	{"reproducer": "a program"} or {"no_reproducer": "why"}
 *	{"verdict": "FAIL", "why": "..."}
 */
#ifndef ODPLAB_TESTCASE_TEST_H
#define ODPLAB_TESTCASE_TEST_H

#include <json-c/json.h>

#include "base/rand.h"
#include "env/env.h"
#include "env/shortage.h"
#include "rdma/window.h"
#include "side/record.h"
#include "side/side.h"
#include "testcase/judging.h"
#include "testcase/registry.h"
#include "testcase/step.h"
#include "testcase/verdict.h"
#include "testcase/watch.h"

#define TEST_TARGETS  64
#define TEST_RECEIVES 64

struct target {
	struct side *side;
	enum side_role role;
	struct target_info info;
	struct target_spec spec;
	uint64_t seed;		 /* of the data that is meant for it */
	enum window_type window; /* its type, if it is a memory window; else 0 */
	/*
	 * of an indirect mkey: its pieces, how often it repeats them, and what lies
	 * between
	 */
	struct piece pieces[QP_SGES];
	unsigned int n_pieces;
	uint32_t rounds;
	uint64_t skip;
};

struct watch {
	struct target *target;
	struct bounds bounds;
	bool churn; /* pages must have been invalidated, too */
	/* where .bounds come from one of its columns; else NULL */
	const struct faults_per_driver *columns;
	const char *step, *file;
	int line;
	/* addresses that were given to the witnesses; WATCH_NAMES: each page is named */
	struct {
		uint64_t from, to;
		bool writes;
	} name[WATCH_NAMES];
	unsigned int names;
};

#define TRAFFIC_PAGES 1024

/* The state of traffic(). */
struct traffic {
	struct target *target; /* no other step writes to it */
	struct rand rand;
	uint16_t generation;		 /* of the last write */
	uint16_t written[TRAFFIC_PAGES]; /* generation of each page; 0: never written */
	uint64_t rounds, refusals;
};

/* All background traffic of the scenario. */
struct background_traffic {
	struct target *locals[2]; /* written from, and read into */
	bool running;
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
	struct env *env;
	const struct scenario *scenario;
	int pipe; /* to the parent; where verdicts and evidence go */
	struct side *side[SIDE_ROLES];
	struct record record; /* of their requests */
	struct target targets[TEST_TARGETS];
	unsigned int n_targets;
	/* of attempts: their memory, and the target of the WRITEs after them */
	struct target *attempt_local, *trailing_target, *trailing_source;
	uint16_t trailing_generation;
	unsigned int attempts;
	struct rdma_qp_spec queue_pair; /* kind of the queue pairs */
	unsigned int pairs;		/* how many are connected */
	bool broken; /* an operation failed: other completions are undefined */
	bool filled; /* the scenario has filled a filesystem: that explains no failure */
	struct target *scratch; /* see test_scratch() */
	uint64_t scratch_len;
	struct side_op receive[TEST_RECEIVES]; /* of the responder, posted and not done */
	unsigned int receives;
	struct watch watches[WATCH_SLOTS];
	unsigned int watching;
	uint64_t neighbours; /* of the last watch that ended */
	struct traffic traffic;
	struct background_traffic background;
	struct target *storm_target; /* the target of the storm that is on, or NULL */
	enum invalidator storm;
	struct stopwatch stopwatches[STOPWATCHES];
	struct judging judging; /* see test_judge_all() */
	/* when a terminal shows the progress of a loop again, by clock_ns() */
	uint64_t show_ns;
	bool unproven;
	char unproven_why[256];
	const char *unproven_step, *unproven_file; /* where that was */
	int unproven_line;
	const char *step, *file;
	int line;
};

/* Fails at the step that the scenario is in. */
void test_fail(struct test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/*
 * Likewise, with the text of @error (errno or -errno) after the message. Where the error
 * is a shortage of the host (env/shortage.h) the verdict is ERROR, and the remedy
 * follows.
 */
void test_fail_errno(struct test *t, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));

/*
 * Likewise, where an operation or an access ended with an error and success was due:
 * ERROR where a filesystem of the scenario's targets is full, as a page without a block
 * cannot be faulted in then.
 */
void test_fail_access(struct test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* Is a filesystem of the scenario's targets full, and not by the scenario itself? */
bool test_lacks_space(const struct test *t, char lack[SHORTAGE_TEXT]);

/*
 * Gives page faults of implicit regions time to end, unless the scenario is a hazard: a
 * device may report one more than once, and a region that goes while a fault of it is
 * served harms the kernel (docs/findings.md, 1).
 */
void test_let_faults_end(struct test *t);

/* Sleeps; a reproducer of the scenario does so, too. */
void test_pause(struct test *t, uint64_t ns);

/* Ends the process with a verdict. @why: "" where there is none. */
void test_end(struct test *t, enum verdict verdict, const char *why)
	__attribute__((noreturn));

/* Sends one line to the pipe; takes ownership of @object. */
void test_say(struct test *t, struct json_object *object);

/* The verdict becomes UNPROVEN unless the scenario fails. The first reason is kept. */
void test_unproven(struct test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Asks a side, which must succeed: fails the test otherwise, as test_fail_errno().
 * Returns the reply.
 *	ASK(t, t->side[INITIATOR], "wait for a completion", SIDE_WAIT, .pair = pair)
 * ASK_TARGET asks the side of a target about it. @what: for the message.
 */
#define ASK(t, side, what, kind_, ...) \
	test_ask(t, side, what, &REQUEST(kind_, ##__VA_ARGS__))
#define ASK_TARGET(t, about, what, kind_, ...) \
	ASK(t, (about)->side, what, kind_, .target = (about)->info.id, ##__VA_ARGS__)
#define REQUEST(kind_, ...) ((struct side_request){ .kind = kind_, ##__VA_ARGS__ })
struct side_reply test_ask(struct test *t, struct side *side, const char *what,
			   const struct side_request *request);

/* As ASK_TARGET, for requests that may fail. Returns 0 or -errno. */
#define TRY_TARGET(about, reply, kind_, ...) \
	side_call((about)->side,             \
		  &REQUEST(kind_, .target = (about)->info.id, ##__VA_ARGS__), reply)

/*
 * As side_call(), repeated while it returns -EAGAIN, for 2 s at most: the kernel cannot
 * isolate a page while another user holds it.
 */
int test_retry(struct test *t, struct side *side, const struct side_request *request,
	       struct side_reply *reply);

/* Notes what was measured; what background traffic there was. */
void test_say_stopwatches(struct test *t);
void test_say_background(struct test *t);

#endif
