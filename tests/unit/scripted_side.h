/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * scripted_side.h - a scenario between two sides that follow a script
 *
 * They note what they are asked, and reply what the test put there. A verdict ends the
 * statement, not the process, and a sleep takes no time: the linker wraps _exit() and the
 * clock (use_scripted_sides() of CMakeLists.txt). Include it after cmocka.h.
 */
#ifndef ODPLAB_TESTS_SCRIPTED_SIDE_H
#define ODPLAB_TESTS_SCRIPTED_SIDE_H

#include <setjmp.h>

#include "testcase/test.h"

#define SCRIPT_REQUESTS 8192

struct script {
	struct test test;
	struct env env;
	struct env_config config;
	/*
	 * what they reply to each kind; an error at the first .times requests, 0: always
	 */
	struct side_reply reply[SIDE_REQUESTS];
	int error[SIDE_REQUESTS];
	unsigned int times[SIDE_REQUESTS];
	/* where a fixed reply does not do: called last; returns 0 or -errno; or NULL */
	int (*serve)(const struct side_request *request, struct side_reply *reply);
	/* what they were asked, and how much of it next_is() has seen */
	struct side_request request[SCRIPT_REQUESTS];
	enum side_role role[SCRIPT_REQUESTS];
	unsigned int asked, seen;
	struct side side[SIDE_ROLES];
	const struct side_request *checked; /* whose control may follow */
	uint64_t slept_ns;		    /* in all; a test may add to it */
	unsigned int opened;		    /* targets */
	int said;			    /* the file that stands for the pipe */
	pid_t pid;			    /* the test's: its children end as they do */
	bool may_end, ended;
	jmp_buf end;
};

extern struct script script;

/* Of each test, before and after. */
int script_begin(void **state);
int script_end(void **state);

/* A target of that side, with an identity, keys and data of its own. */
struct target *script_target(enum side_role role, uint64_t len);

/*
 * To serve by: each operation completes as what was posted last on its queue pair, and
 * its receive as what was sent.
 */
int complete_as_posted(const struct side_request *request, struct side_reply *reply);

/* The next request that was not looked at is this one, of that side. */
void next_is(enum side_role role, const struct side_request *expected);

/* The next request of this kind; those before it are passed over. */
const struct side_request *next_of(enum request_kind kind);

/* There is no further one of this kind. */
void none_of(enum request_kind kind);

/* How many of the kind there were. */
unsigned int count_of(enum request_kind kind);

/* What was reported since the last call, as JSON lines. */
const char *said(void);

/* Runs the statement, which must end the scenario. */
#define until_end(statement)               \
	do {                               \
		script.may_end = true;     \
		script.ended = false;      \
		if (!setjmp(script.end)) { \
			statement;         \
		}                          \
		script.may_end = false;    \
		assert_true(script.ended); \
	} while (0)

/* Likewise, with this verdict. @why: all of it. */
#define ends(statement, verdict, why)      \
	do {                               \
		until_end(statement);      \
		verdict_was(verdict, why); \
	} while (0)
#define fails(statement, why) ends(statement, VERDICT_FAIL, why)

/* What was reported last. */
void verdict_was(enum verdict verdict, const char *why);

#define WITH_SCRIPT(test) cmocka_unit_test_setup_teardown(test, script_begin, script_end)

#endif
