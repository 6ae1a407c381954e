/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* window.h - words about memory windows */
#ifndef ODPLAB_SCENARIO_OPERATION_WINDOW_H
#define ODPLAB_SCENARIO_OPERATION_WINDOW_H

#include <stdint.h>

#include "rdma/status.h"
#include "rdma/window.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * Binds a memory window to a part of a target. The window is used like the target, at the
 * same offsets. Faults are watched on the target.
 */
#define target_window(t, ...) STEP(t, target_window, #__VA_ARGS__, __VA_ARGS__)
struct target *(target_window)(struct test *t, struct target *target,
			       enum window_type type, uint64_t offset, uint64_t len);

/*
 * Binds such a window, which may be refused: returns the status of the bind,
 * OP_NOT_POSTED where the library refused to post it. If it is an error, the queue pair
 * is in the error state: reconnect().
 */
#define window_bind_status(t, ...) STEP(t, window_bind_status, #__VA_ARGS__, __VA_ARGS__)
enum op_status(window_bind_status)(struct test *t, struct target *target,
				   enum window_type type, uint64_t offset, uint64_t len);

#define window_invalidate(t, ...) STEP(t, window_invalidate, #__VA_ARGS__, __VA_ARGS__)
void(window_invalidate)(struct test *t, struct target *window);

/* Invalidates a window of type 2 by a SEND with invalidate of the initiator. */
#define rdma_send_invalidate(t, ...) \
	STEP(t, rdma_send_invalidate, #__VA_ARGS__, __VA_ARGS__)
void(rdma_send_invalidate)(struct test *t, struct target *window);

#endif
