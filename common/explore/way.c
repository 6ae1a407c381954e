// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* way.c - the ways to invalidate pages that a program can choose */
#include "explore/way.h"

#include <stddef.h>

#define OF(kind) (1u << REGION_##kind)
#define OWN	 (OF(ANON) | OF(THP))
#define SHARED	 (OF(MEMFD) | OF(TMPFS) | OF(FILE) | OF(FSDAX))

const struct way ways[] = {
#define WAY(name_, by_, needs_, kinds_, ...) \
	{ .by = by_, .needs = needs_, .kinds = kinds_, ##__VA_ARGS__ },
#include "explore/ways.def"
#undef WAY
};

const char *const way_names[] = {
#define WAY(name, by, needs, kinds, ...) name,
#include "explore/ways.def"
#undef WAY
	NULL
};
