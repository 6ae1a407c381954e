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

/* One bit each of enum need. */
__extension__ typedef unsigned __int128 need_set;
#define NEED_BIT(need) ((need_set)1 << (need))

/* NEEDS(FSDAX, RC_WRITE), up to eleven */
#define NEEDS(...)                                                                      \
	NEEDS_PICK(__VA_ARGS__, NEEDS_11, NEEDS_10, NEEDS_9, NEEDS_8, NEEDS_7, NEEDS_6, \
		   NEEDS_5, NEEDS_4, NEEDS_3, NEEDS_2, NEEDS_1)                         \
	(__VA_ARGS__)
#define NEEDS_PICK(a, b, c, d, e, f, g, h, i, j, k, name, ...) name
#define NEEDS_1(a)					       NEED_BIT(NEED_##a)
#define NEEDS_2(a, ...)					       (NEEDS_1(a) | NEEDS_1(__VA_ARGS__))
#define NEEDS_3(a, ...)					       (NEEDS_1(a) | NEEDS_2(__VA_ARGS__))
#define NEEDS_4(a, ...)					       (NEEDS_1(a) | NEEDS_3(__VA_ARGS__))
#define NEEDS_5(a, ...)					       (NEEDS_1(a) | NEEDS_4(__VA_ARGS__))
#define NEEDS_6(a, ...)					       (NEEDS_1(a) | NEEDS_5(__VA_ARGS__))
#define NEEDS_7(a, ...)					       (NEEDS_1(a) | NEEDS_6(__VA_ARGS__))
#define NEEDS_8(a, ...)					       (NEEDS_1(a) | NEEDS_7(__VA_ARGS__))
#define NEEDS_9(a, ...)					       (NEEDS_1(a) | NEEDS_8(__VA_ARGS__))
#define NEEDS_10(a, ...)				       (NEEDS_1(a) | NEEDS_9(__VA_ARGS__))
#define NEEDS_11(a, ...)				       (NEEDS_1(a) | NEEDS_10(__VA_ARGS__))

/* "FSDAX" */
const char *need_name(enum need need);

/*
 * Are all needs met? @why names the first that is not, and the remedy; "" if all are.
 */
bool needs_met(need_set needs, const struct env *env, char *why, size_t size);

/* Those that are not met. */
need_set needs_lacking(need_set needs, const struct env *env);

/* Is this need met? */
bool need_met(enum need need, const struct env *env, char *why, size_t size);

#endif
