/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* inject.h - misbehaviour on request: defects that a card or a driver could have */
#ifndef ODPLAB_EMU_INJECT_H
#define ODPLAB_EMU_INJECT_H

#include "device/rule.h"

enum injection {
#define INJECTION(id, name, about) INJECT_##id,
#include "device/injections.def"
#undef INJECTION
	INJECT_COUNT
};

_Static_assert(INJECT_COUNT <= RULES_MAX, "each injection has a bit");

extern const struct rule_table injection_table;

/* Whether the device misbehaves that way now. */
#define inject(dev, injection)                      \
	((dev)->inject.active >> (injection) & 1 && \
	 rules_occasion(dev, &(dev)->inject, injection))

#endif
