// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fork_child.c - a forked child that stores to and checks its copy of memory on request
 */
#include "region/fork_child.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/log.h"

struct order {
	unsigned char *addr;
	uint64_t pattern_offset;
	size_t len;
	struct pattern pattern;
	bool store; /* else check */
};

struct answer {
	int ret;
	struct mismatch mismatch;
};

static void execute(const struct order *order, struct answer *answer)
{
	*answer = (struct answer){ 0 };
	if (order->store)
		pattern_fill(order->addr, order->pattern_offset, order->len,
			     order->pattern);
	else
		answer->ret = pattern_check(order->addr, order->pattern_offset,
					    order->len, order->pattern,
					    &answer->mismatch);
}

static int child_main(int socket, void *arg)
{
	struct order order;
	struct answer answer;

	while (read(socket, &order, sizeof(order)) == sizeof(order)) {
		execute(&order, &answer);
		if (write(socket, &answer, sizeof(answer)) != sizeof(answer))
			return 1;
	}
	return 0;
}

int fork_child_begin(struct fork_child *child, int timeout_ms)
{
	int ret;

	if (child->worker.process.pid)
		return log_errno(EBUSY, "a forked child exists already: end it first");
	child->timeout_ms = timeout_ms;
	ret = worker_start(&child->worker, child_main, NULL);
	return ret ? log_errno(ret, "start a forked child") : 0;
}

/* A child that dies executing the order sends no answer. */
static int command(struct fork_child *child, const struct order *order,
		   struct answer *answer)
{
	int ret = worker_send(&child->worker, order, sizeof(*order));

	if (!ret)
		ret = worker_receive(&child->worker, answer, sizeof(*answer),
				     child->timeout_ms);
	return ret ? log_errno(ret, "no answer from the forked child") : answer->ret;
}

int fork_child_store(struct fork_child *child, void *addr, uint64_t pattern_offset,
		     size_t len, struct pattern p)
{
	struct order order = { addr, pattern_offset, len, p, true };
	struct answer answer;

	return command(child, &order, &answer);
}

int fork_child_check(struct fork_child *child, const void *addr, uint64_t pattern_offset,
		     size_t len, struct pattern p, struct mismatch *mismatch)
{
	struct order order = { (unsigned char *)(uintptr_t)addr, pattern_offset, len, p,
			       false };
	struct answer answer = { 0 };
	int ret = command(child, &order, &answer);

	*mismatch = answer.mismatch;
	return ret;
}

int fork_child_end(struct fork_child *child)
{
	int ret = worker_wait(&child->worker, child->timeout_ms);

	return ret ? log_errno(ret, "wait for the forked child") : 0;
}
