/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* background.h - words for traffic in a thread while the scenario does other things */
#ifndef ODPLAB_SCENARIO_OPERATION_BACKGROUND_H
#define ODPLAB_SCENARIO_OPERATION_BACKGROUND_H

#include <stdint.h>

#include "rdma/status.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * Starts a thread of the initiator that writes a range of a target and reads it back in a
 * loop, each time with another generation. The scenario posts no operation meanwhile.
 */
#define background_begin(t, ...) STEP(t, background_begin, #__VA_ARGS__, __VA_ARGS__)
void(background_begin)(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len);

/* Waits for the end of a turn, or of the thread if it has ended early. */
#define background_wait(t) STEP(t, background_wait, "")
void(background_wait)(struct test *t);

/*
 * Ends the thread. Fails on a wrong byte or status; returns the generation written last.
 * background_end_status() returns the status that ended the thread early, or OP_SUCCESS.
 */
#define background_end(t) STEP(t, background_end, "")
uint16_t(background_end)(struct test *t);

#define background_end_status(t) STEP(t, background_end_status, "")
enum op_status(background_end_status)(struct test *t);

#endif
