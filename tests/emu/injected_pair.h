/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * injected_pair.h - a pair of queue pairs on a device that does what a row of rules asks
 */
#ifndef ODPLAB_TESTS_EMU_INJECTED_PAIR_H
#define ODPLAB_TESTS_EMU_INJECTED_PAIR_H

#include "qp_pair.h"

/* a pair under an injection; the flags of both regions' pages (0: not present) */
struct qp_pair *injected_pair_new(const char *injection, unsigned int local,
				  unsigned int remote);

/* The same with both regions mapped */
struct qp_pair *injected_pair_mapped(const char *injection);

/* A pair on a device of that scheme, which behaves in that way */
struct qp_pair *behaving_pair_new(enum scheme scheme, const char *behaviour,
				  unsigned int local, unsigned int remote);

/* Fails if no injection and no behaviour has acted. */
void injected_pair_free(struct qp_pair *l);

/* Waits for what an injection has delayed. */
void injected_pair_wait(struct qp_pair *l);

#endif
