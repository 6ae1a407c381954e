// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* loopback_side.c - a side of the loopback transport, its environment, and its time */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"
#include "capture.h"
#include "loopback.h"

struct env_config loopback_config;
struct env loopback_env;
static char log_text[1024];

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	uint64_t now = atomic_fetch_add(&loopback.now, loopback.tick) + loopback.tick;

	ts->tv_sec = (time_t)(now / NSEC_PER_SEC);
	ts->tv_nsec = (long)(now % NSEC_PER_SEC);
	return 0;
}

int loopback_reset(void **state)
{
	memset(&loopback, 0, sizeof(loopback));
	loopback.tick = NSEC_PER_USEC;
	loopback.now = 1000 * NSEC_PER_SEC;
	loopback.good = loopback.corrupt = loopback.lost = UINT32_MAX;
	loopback.most = INT_MAX;
	sem_init(&loopback.arrived, 0, 0);
	sem_init(&loopback.go_on, 0, 0);
	loopback_config = (struct env_config){ 0 };
	loopback_env = (struct env){ .config = &loopback_config };
	return 0;
}

int loopback_ask(struct local_side *side, const struct side_request *request,
		 struct side_reply *reply)
{
	struct capture c = capture_start(stderr);
	int ret;

	/* as a caller leaves it: on its stack, with what was there */
	memset(reply, 0xa5, sizeof(*reply));
	ret = side_call(&side->side, request, reply);
	capture_end(&c, log_text, sizeof(log_text));
	return ret;
}

const char *loopback_log(void)
{
	return log_text;
}

struct local_side *loopback_side(enum side_role role)
{
	struct side *side;

	assert_int_equal(side_open(&side, &loopback_env, role), 0);
	return container_of(side, struct local_side, side);
}

void loopback_pair(struct local_side *side, uint32_t pair)
{
	struct side_request request = { .kind = SIDE_QP_OPEN, .pair = pair };
	struct side_reply reply;

	assert_int_equal(loopback_ask(side, &request, &reply), 0);
}

struct local_target *loopback_target(struct local_side *side, uint64_t len)
{
	struct side_request request = { .kind = SIDE_TARGET_OPEN,
					.spec = { .mode = MR_ODP, .len = len } };
	struct side_reply reply;

	assert_int_equal(loopback_ask(side, &request, &reply), 0);
	return &side->targets[reply.target.id];
}

void loopback_close(struct local_side *side)
{
	side->side.close(&side->side);
	assert_int_equal(loopback.devices, 0);
	assert_int_equal(loopback.pairs, 0);
	assert_int_equal(loopback.mrs, 0);
	assert_int_equal(loopback.windows, 0);
}
