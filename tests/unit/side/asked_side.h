/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* asked_side.h - the side of a test, which each test asks; include it after cmocka.h */
#ifndef ODPLAB_TESTS_ASKED_SIDE_H
#define ODPLAB_TESTS_ASKED_SIDE_H

#include "loopback.h"

static struct local_side *side; /* opened by the set-up */
static struct side_request request;
static struct side_reply reply;

static int teardown(void **state)
{
	loopback_close(side);
	return 0;
}

static int ask(enum request_kind kind)
{
	request.kind = kind;
	return loopback_ask(side, &request, &reply);
}

#endif
