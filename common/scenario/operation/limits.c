// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* limits.c - words about privileges, limits and accounting of memory */
#include "scenario/operation/limits.h"

#include "scenario/operation/queue_pair.h"
#include "testcase/test.h"

void drop_ipc_lock(struct test *t)
{
	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		ASK(t, t->side[role], "drop CAP_IPC_LOCK", SIDE_DROP_IPC_LOCK);
	(reconnect)(t);
}

void limit_memlock(struct test *t, uint64_t bytes)
{
	ASK(t, t->side[RESPONDER], "limit locked memory", SIDE_LIMIT_MEMLOCK,
	    .len = bytes);
}

uint64_t pinned_bytes(struct test *t)
{
	return ASK(t, t->side[RESPONDER], "read the pinned memory", SIDE_PINNED).number;
}

uint64_t kernel_memory(struct test *t)
{
	return ASK(t, t->side[RESPONDER], "read the kernel's memory", SIDE_KERNEL_MEMORY)
		.number;
}

uint64_t message_bytes(const struct test *t, uint64_t len)
{
	uint64_t most = t->env->device.port.max_message;

	return most && most < len ? most : len;
}
