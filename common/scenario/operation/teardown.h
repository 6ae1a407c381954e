/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* teardown.h - words that end a process, a device, or its use by a side */
#ifndef ODPLAB_SCENARIO_OPERATION_TEARDOWN_H
#define ODPLAB_SCENARIO_OPERATION_TEARDOWN_H

struct test;

/*
 * The responder becomes a process of its own. kill_responder() kills it, with all its
 * targets; responder_dies() waits until it has ended by itself, and fails if it lives on.
 * new_responder() opens a new one.
 */
void responder_in_child(struct test *t);
void kill_responder(struct test *t);
void responder_dies(struct test *t);
void new_responder(struct test *t);

/* The responder closes its device, with all targets, and opens it again: reconnect(). */
void close_device(struct test *t);

/* Removes the responder's device from the kernel, for all processes and for good. */
void remove_device(struct test *t);

#endif
