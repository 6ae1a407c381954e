/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * inject.h - misbehaviour on request
 *
 * Each injection is a defect that a card or a driver could have, a row of injections.def.
 * The model asks at the one seam where the defect acts: "if (inject(dev, INJECT_SHORT))
 * ...". An injection that is off costs one test of a bit.
 */
#ifndef ODPLAB_EMU_INJECT_H
#define ODPLAB_EMU_INJECT_H

#include "base/rand.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum injection {
#define INJECTION(id, name, about) INJECT_##id,
#include "device/injections.def"
#undef INJECTION
	INJECT_COUNT
};

struct injection_rule {
	uint64_t every;	      /* act on every Nth occasion; 1: on all */
	uint64_t after;	      /* once that many occasions have passed */
	uint64_t probability; /* of 2^32; 0: not by chance */
	uint64_t occasions, hits;
};

struct injections {
	uint64_t active; /* a bit each */
	struct injection_rule rules[INJECT_COUNT];
	struct rand rand;
};

struct device;

/* "NAME", "NAME:every=N", "NAME:prob=P" (0 to 1), "NAME:after=N". -EINVAL with a line. */
int inject_on(struct injections *injections, const char *text);

/* A name, or "all". -EINVAL with a line. */
int inject_off(struct injections *injections, const char *name);
const char *inject_name(enum injection injection);

/* All of them, with what they do, and how often those that are on have acted. */
void inject_list(const struct injections *injections, FILE *out);

bool inject_occasion(struct device *dev, enum injection injection);

#define inject(dev, injection) \
	((dev)->inject.active >> (injection) & 1 && inject_occasion(dev, injection))

#endif
