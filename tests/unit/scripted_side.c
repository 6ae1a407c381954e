// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* scripted_side.c - a scenario between two sides that follow a script */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scripted_side.h"

struct script script;

void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status)
{
	if (getpid() != script.pid)
		__real__exit(status);
	if (!script.may_end)
		fail_msg("the scenario ended: %s", said());
	script.ended = true;
	longjmp(script.end, 1);
}

/* Time passes as anywhere else, but for sleeps, which take none of the test's. */
int __real_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	int ret = __real_clock_gettime(clock, ts);
	uint64_t ns = (uint64_t)ts->tv_nsec + script.slept_ns;

	ts->tv_sec += (time_t)(ns / NSEC_PER_SEC);
	ts->tv_nsec = (long)(ns % NSEC_PER_SEC);
	return ret;
}

int __wrap_nanosleep(const struct timespec *ts, struct timespec *left);
int __wrap_nanosleep(const struct timespec *ts, struct timespec *left)
{
	script.slept_ns += (uint64_t)ts->tv_sec * NSEC_PER_SEC + (uint64_t)ts->tv_nsec;
	return 0;
}

/* Each target has an identity, an address and keys of its own. */
static void number_target(struct target_info *info)
{
	unsigned int n = ++script.opened;

	info->id = 100 + n;
	info->addr = (uint64_t)n << 32;
	info->lkey = 0x1000 + n;
	info->rkey = 0x2000 + n;
}

/* A check of data is followed by its control, which must find all data wrong. */
static bool is_control(const struct side_request *request)
{
	const struct side_request *before = script.checked;
	bool check = request->kind == SIDE_TARGET_CHECK_MAPPING ||
		     request->kind == SIDE_TARGET_CHECK_FILE ||
		     request->kind == SIDE_CHILD_CHECK ||
		     request->kind == SIDE_MIRROR_CHECK;
	bool control = check && before && before->kind == request->kind &&
		       (before->pattern.generation ^ request->pattern.generation) == 1;

	script.checked = check && !control ? &script.request[script.asked - 1] : NULL;
	return control;
}

static int serve(enum side_role role, const struct side_request *request,
		 struct side_reply *reply)
{
	enum request_kind kind = request->kind;
	int error = script.error[kind];

	assert_true(script.asked < SCRIPT_REQUESTS);
	script.role[script.asked] = role;
	script.request[script.asked++] = *request;
	*reply = script.reply[kind];
	if (kind == SIDE_TARGET_OPEN || kind == SIDE_TARGET_REGISTER)
		number_target(&reply->target);
	if (is_control(request)) {
		reply->mismatch.bytes = request->len;
		return -EBADMSG;
	}
	if (error && script.times[kind] == 1)
		script.error[kind] = 0;
	if (error && script.times[kind])
		script.times[kind]--;
	if (error)
		return -error;
	return script.serve ? script.serve(request, reply) : 0;
}

static int call(struct side *side, const struct side_request *request,
		struct side_reply *reply)
{
	return serve((enum side_role)(side - script.side), request, reply);
}

int script_begin(void **state)
{
	static const struct scenario scenario = { .id = "T-1" };

	memset(&script, 0, sizeof(script));
	script.config.seed = 7;
	script.pid = getpid();
	script.said = memfd_create("said", MFD_CLOEXEC);
	script.env.config = &script.config;
	script.test = (struct test){
		.env = &script.env,
		.scenario = &scenario,
		.pipe = script.said,
		.pairs = 1,
		.step = "step()",
		.show_ns = UINT64_MAX,
	};
	for (int role = INITIATOR; role < SIDE_ROLES; role++) {
		script.side[role].call = call;
		script.test.side[role] = &script.side[role];
	}
	return script.said < 0;
}

int script_end(void **state)
{
	return close(script.said);
}

struct target *script_target(enum side_role role, uint64_t len)
{
	struct target *target = &script.test.targets[script.test.n_targets++];

	*target = (struct target){
		.side = script.test.side[role],
		.role = role,
		.spec = { .kind = REGION_ANON, .mode = MR_ODP, .len = len },
	};
	number_target(&target->info);
	target->seed = 10 * target->info.id;
	return target;
}

static void complete(const struct side_op *op, struct rdma_completion *completion)
{
	completion->what = rdma_opcode_completes(op->rdma.opcode, false);
	for (unsigned int i = 0; i < op->rdma.sges; i++)
		completion->bytes += op->piece[i].len;
}

static void complete_receive(const struct side_op *sent, const struct side_op *receive,
			     struct rdma_completion *completion)
{
	const struct side_op *memory = receive->rdma.sges ? receive : sent;

	completion->what = rdma_opcode_completes(sent->rdma.opcode, true);
	completion->bytes = memory->piece[0].len;
	completion->has_immediate = sent->rdma.opcode == RDMA_SEND_IMMEDIATE ||
				    sent->rdma.opcode == RDMA_WRITE_IMMEDIATE;
	completion->immediate = sent->rdma.immediate;
}

int complete_as_posted(const struct side_request *request, struct side_reply *reply)
{
	static struct side_op posted[SIDE_PAIRS], receive;

	if (request->kind == SIDE_POST)
		posted[request->pair] = request->op;
	else if (request->kind == SIDE_POST_RECV)
		receive = request->op;
	else if (request->kind == SIDE_WAIT)
		complete(&posted[request->pair], &reply->completion);
	else if (request->kind == SIDE_WAIT_RECV)
		complete_receive(&posted[0], &receive, &reply->completion);
	return 0;
}

static void same(const struct side_request *a, const struct side_request *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->target, b->target);
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->len, b->len);
	assert_int_equal(a->argument, b->argument);
	assert_int_equal(a->key, b->key);
	assert_int_equal(a->flag, b->flag);
	assert_int_equal(a->pair, b->pair);
	assert_int_equal(a->pattern.seed, b->pattern.seed);
	assert_int_equal(a->pattern.generation, b->pattern.generation);
	assert_int_equal(a->other.seed, b->other.seed);
	assert_int_equal(a->other.generation, b->other.generation);
	assert_int_equal(a->pattern_offset, b->pattern_offset);
}

void next_is(enum side_role role, const struct side_request *expected)
{
	assert_true(script.seen < script.asked);
	assert_int_equal(script.role[script.seen], role);
	same(&script.request[script.seen++], expected);
}

const struct side_request *next_of(enum request_kind kind)
{
	while (script.seen < script.asked)
		if (script.request[script.seen++].kind == kind)
			return &script.request[script.seen - 1];
	fail_msg("no request of kind %d", kind);
	return NULL;
}

void none_of(enum request_kind kind)
{
	for (unsigned int i = script.seen; i < script.asked; i++)
		assert_int_not_equal(script.request[i].kind, kind);
}

unsigned int count_of(enum request_kind kind)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < script.asked; i++)
		n += script.request[i].kind == kind;
	return n;
}

const char *said(void)
{
	static char text[1 << 16];
	ssize_t n = pread(script.said, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	assert_int_equal(ftruncate(script.said, 0), 0);
	assert_int_equal(lseek(script.said, 0, SEEK_SET), 0);
	return text;
}

void verdict_was(enum verdict verdict, const char *why)
{
	char *text = strdup(said()), *rest = text, *one, *last = text;
	struct json_object *line, *name, *reason;

	while ((one = strsep(&rest, "\n")))
		last = *one ? one : last;
	line = json_tokener_parse(last);
	assert_true(json_object_object_get_ex(line, "verdict", &name));
	assert_true(json_object_object_get_ex(line, "why", &reason));
	assert_string_equal(json_object_get_string(reason), why);
	assert_string_equal(json_object_get_string(name), verdict_name(verdict));
	json_object_put(line);
	free(text);
}
