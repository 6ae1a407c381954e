/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* traffic.h - words for traffic of the initiator during a storm */
#ifndef ODPLAB_SCENARIO_OPERATION_TRAFFIC_H
#define ODPLAB_SCENARIO_OPERATION_TRAFFIC_H

#include <stdint.h>

#include "testcase/step.h"

struct test;
struct target;

/* What a storm may do to data and to operations. Flags of a mask. */
enum harm {
	KEEPS = 0,
	LOSES = 1 << 0,	  /* data may become zeros at any time, but never old data */
	REFUSES = 1 << 1, /* operations may end with a remote access error */
};

/*
 * Writes pages and reads them back until @rounds are done, and as many cycles of the
 * storm around it since the first. A page must read as written last, as zeros if never
 * written. @harm: of enum harm. check_traffic() afterwards reads all pages, writes them
 * once more, and checks them with the CPU.
 */
#define traffic(t, ...) STEP(t, traffic, #__VA_ARGS__, __VA_ARGS__)
void(traffic)(struct test *t, struct target *target, uint64_t rounds, unsigned int harm);

#define check_traffic(t, ...) STEP(t, check_traffic, #__VA_ARGS__, __VA_ARGS__)
void(check_traffic)(struct test *t, struct target *target, unsigned int harm);

#endif
