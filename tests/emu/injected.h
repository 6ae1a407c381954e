/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* injected.h - a lane on a device that misbehaves */
#ifndef ODPLAB_TESTS_EMU_INJECTED_H
#define ODPLAB_TESTS_EMU_INJECTED_H

#include "lane.h"

/* A lane under an injection; the flags of both regions' pages (0: not present) */
struct lane *injected_new(const char *injection, unsigned int local, unsigned int remote);

/* The same with both regions mapped */
struct lane *injected_mapped(const char *injection);

/* Fails if no injection has acted. */
void injected_free(struct lane *l);

/* Waits for what an injection has delayed. */
void injected_wait(struct lane *l);

#endif
