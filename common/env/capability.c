// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* capability.c - which capability a need belongs to, and what the user can give for it */
#include "env/capability.h"

#include <string.h>
#include <unistd.h>

#include "env/env.h"

static const struct {
	const char *capability, *remedy;
} table[NEED_COUNT] = {
#define NEED(name, has, which, capability, remedy) [NEED_##name] = { capability, remedy },
#include "env/needs.def"
#undef NEED
};

const char *need_capability(enum need need)
{
	return table[need].capability;
}

/* REGION is a need of the place that the chosen kind of region takes. */
static enum need need_of_place(enum region_kind kind)
{
	switch (kind) {
	case REGION_FSDAX:
	case REGION_FSDAX_PRIVATE:
		return NEED_FSDAX;
	case REGION_DEVDAX:
		return NEED_DEVDAX;
	case REGION_FILE:
		return NEED_FILE;
	default:
		return NEED_REGION;
	}
}

const char *need_remedy(enum need need, const struct env *env)
{
	const char *remedy;

	if (need == NEED_REGION)
		need = need_of_place((enum region_kind)env->config->kind);
	remedy = table[need].remedy;
	/* root has the right already: what is missing is the kernel's */
	return strcmp(remedy, "root") || geteuid() ? remedy : "";
}
