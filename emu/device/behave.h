/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * behave.h - what a device may do differently without being wrong, on request
 *
 * Without a behaviour the device reports each fault once, whole and in order. A real one
 * need not; a test that fails under a behaviour has expected more than the contract says.
 */
#ifndef ODPLAB_EMU_BEHAVE_H
#define ODPLAB_EMU_BEHAVE_H

#include "device/rule.h"

enum behaviour {
#define BEHAVIOUR(id, name, parameter, about, source) BEHAVE_##id,
#include "device/behaviours.def"
#undef BEHAVIOUR
	BEHAVE_COUNT
};

_Static_assert(BEHAVE_COUNT <= RULES_MAX, "each behaviour has a bit");

extern const struct rule_table behaviour_table;

/* Whether the device behaves that way now, and the value of that row's parameter. */
#define behave(dev, behaviour)                      \
	((dev)->behave.active >> (behaviour) & 1 && \
	 rules_occasion(dev, &(dev)->behave, behaviour))
#define behave_value(dev, behaviour) ((dev)->behave.rules[behaviour].value)

#endif
