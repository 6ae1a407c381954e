// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* behave.c - the table of behaviours */
#include "device/behave.h"

#define PLAIN .parameter = NULL
#define PARAMETER(its_name, value, lowest, highest) \
	.parameter = its_name, .initial = value, .min = lowest, .max = highest

static const struct rule_row rows[] = {
#define BEHAVIOUR(id, its_name, parameter, does, from) \
	[BEHAVE_##id] = { .name = its_name, .about = does, .source = from, parameter },
#include "device/behaviours.def"
#undef BEHAVIOUR
};

const struct rule_table behaviour_table = {
	.kind = "behaviour", .list = "--behave list", .rows = rows, .n = BEHAVE_COUNT
};
