/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* needs.h - what a scenario needs of the host and the device */
#ifndef ODPLAB_ENV_NEEDS_H
#define ODPLAB_ENV_NEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env;

enum need {
#define NEED(name, has, which, capability, remedy) NEED_##name,
#include "env/needs.def"
#undef NEED
	NEED_COUNT
};

/* NEEDS(FSDAX, RC_WRITE), up to five */
#define NEEDS(...) \
	NEEDS_PICK(__VA_ARGS__, NEEDS_5, NEEDS_4, NEEDS_3, NEEDS_2, NEEDS_1)(__VA_ARGS__)
#define NEEDS_PICK(a, b, c, d, e, name, ...) name
#define NEEDS_1(a)			     (1ull << NEED_##a)
#define NEEDS_2(a, b)			     (NEEDS_1(a) | NEEDS_1(b))
#define NEEDS_3(a, b, c)		     (NEEDS_1(a) | NEEDS_2(b, c))
#define NEEDS_4(a, b, c, d)		     (NEEDS_1(a) | NEEDS_3(b, c, d))
#define NEEDS_5(a, b, c, d, e)		     (NEEDS_1(a) | NEEDS_4(b, c, d, e))

/* "FSDAX" */
const char *need_name(enum need need);

/*
 * Are all needs met? @why names the first that is not, and the remedy; "" if all are.
 */
bool needs_met(uint64_t needs, const struct env *env, char *why, size_t size);

/* Those that are not met. */
uint64_t needs_lacking(uint64_t needs, const struct env *env);

/* Is this need met? */
bool need_met(enum need need, const struct env *env, char *why, size_t size);

#endif
