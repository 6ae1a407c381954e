/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* injected_pair.h - a pair of queue pairs on a device that misbehaves */
#ifndef ODPLAB_TESTS_EMU_INJECTED_PAIR_H
#define ODPLAB_TESTS_EMU_INJECTED_PAIR_H

#include "qp_pair.h"

/* a pair under an injection; the flags of both regions' pages (0: not present) */
struct qp_pair *injected_pair_new(const char *injection, unsigned int local,
				  unsigned int remote);

/* The same with both regions mapped */
struct qp_pair *injected_pair_mapped(const char *injection);

/* Fails if no injection has acted. */
void injected_pair_free(struct qp_pair *l);

/* Waits for what an injection has delayed. */
void injected_pair_wait(struct qp_pair *l);

#endif
