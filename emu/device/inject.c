// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* inject.c - the table of injections */
#include "device/inject.h"

static const struct rule_row rows[] = {
#define INJECTION(id, its_name, does) [INJECT_##id] = { .name = its_name, .about = does },
#include "device/injections.def"
#undef INJECTION
};

const struct rule_table injection_table = {
	.kind = "injection", .list = "--inject list", .rows = rows, .n = INJECT_COUNT
};
