// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* inject.c - misbehaviour on request */
#include "device/inject.h"

#include "base/log.h"
#include "base/units.h"
#include "device/device.h"
#include "device/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *about;
} rows[] = {
#define INJECTION(id, name, about) [INJECT_##id] = { name, about },
#include "device/injections.def"
#undef INJECTION
};

const char *inject_name(enum injection injection)
{
	return rows[injection].name;
}

static int find(const char *name, size_t len)
{
	for (int i = 0; i < INJECT_COUNT; i++)
		if (strlen(rows[i].name) == len && !strncmp(rows[i].name, name, len))
			return i;
	log_error("unknown injection '%.*s'; --inject list shows them all", (int)len,
		  name);
	return -EINVAL;
}

static int parse_condition(const char *text, struct injection_rule *rule)
{
	char *end;
	double chance;

	if (!strncmp(text, "every=", 6))
		return units_parse_number(text + 6, &rule->every) || !rule->every ?
			       -EINVAL :
			       0;
	if (!strncmp(text, "after=", 6))
		return units_parse_number(text + 6, &rule->after);
	if (strncmp(text, "prob=", 5) != 0)
		return -EINVAL;
	chance = strtod(text + 5, &end);
	if (end == text + 5 || *end || !(chance > 0 && chance <= 1))
		return -EINVAL;
	rule->probability = (uint64_t)(chance * 4294967296.0);
	return 0;
}

int inject_on(struct injections *injections, const char *text)
{
	struct injection_rule rule = { .every = 1 };
	const char *colon = strchrnul(text, ':');
	int i = find(text, (size_t)(colon - text));

	if (i < 0)
		return i;
	if (*colon && parse_condition(colon + 1, &rule)) {
		log_error("injection '%s': the condition is every=N (1 or more), after=N "
			  "or "
			  "prob=P (above 0, at most 1)",
			  text);
		return -EINVAL;
	}
	injections->rules[i] = rule;
	injections->active |= 1ull << i;
	return 0;
}

int inject_off(struct injections *injections, const char *name)
{
	int i;

	if (!strcmp(name, "all")) {
		injections->active = 0;
		return 0;
	}
	i = find(name, strlen(name));
	if (i < 0)
		return i;
	injections->active &= ~(1ull << i);
	return 0;
}

void inject_list(const struct injections *injections, FILE *out)
{
	for (int i = 0; i < INJECT_COUNT; i++) {
		const struct injection_rule *rule = &injections->rules[i];

		fprintf(out, "%-22s %s", rows[i].name, rows[i].about);
		if (injections->active >> i & 1)
			fprintf(out, " (on: %" PRIu64 " of %" PRIu64 " occasions)",
				rule->hits, rule->occasions);
		putc('\n', out);
	}
}

bool inject_occasion(struct device *dev, enum injection injection)
{
	struct injection_rule *rule = &dev->inject.rules[injection];

	rule->occasions++;
	if (rule->occasions <= rule->after || rule->occasions % rule->every)
		return false;
	if (rule->probability && rand_next(&dev->inject.rand) >> 32 >= rule->probability)
		return false;
	rule->hits++;
	trace(dev, "injection", "\"name\":\"%s\",\"occasion\":%" PRIu64,
	      rows[injection].name, rule->occasions);
	return true;
}
