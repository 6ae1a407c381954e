/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* revoke.h - ways to revoke access to the first 16 KiB of a target */
#ifndef ODPLAB_SCENARIOS_REVOKE_H
#define ODPLAB_SCENARIOS_REVOKE_H

#include "scenario/scenario.h"

typedef void revoke_fn(struct test *t, struct target *target);

static inline void unmap(struct test *t, struct target *target)
{
	target_unmap(t, target, 0, KiB(16));
}

static inline void forbid(struct test *t, struct target *target)
{
	target_protect(t, target, 0, KiB(16), REGION_NO_ACCESS);
}

static inline void forbid_writing(struct test *t, struct target *target)
{
	target_protect(t, target, 0, KiB(16), REGION_READ_ONLY);
}

#endif
