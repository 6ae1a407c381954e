// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* rule.c - what the device does on request: switched on and off, listed, counted */
#include "device/rule.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/units.h"
#include "base/util.h"
#include "device/device.h"
#include "device/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool equals(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && !strncmp(name, text, len);
}

static int find(const struct rule_table *table, const char *name)
{
	for (unsigned int i = 0; i < table->n; i++)
		if (!strcmp(table->rows[i].name, name))
			return (int)i;
	return -EINVAL;
}

static int find_or_log(const struct rule_table *table, const char *name)
{
	int i = find(table, name);

	if (i < 0)
		log_error("unknown %s '%s'; %s shows them all", table->kind, name,
			  table->list);
	return i;
}

static int parse_chance(const char *text, struct rule *rule)
{
	char *end;
	double chance = strtod(text, &end);

	if (end == text || *end || !(chance > 0 && chance <= 1))
		return -EINVAL;
	rule->probability = (uint64_t)(chance * 4294967296.0);
	return 0;
}

/* One "NAME=VALUE" */
static int parse_word(const struct rule_row *row, const char *text, struct rule *rule)
{
	const struct {
		const char *name;
		uint64_t *value, min, max;
	} numbers[] = {
		{ "every", &rule->every, 1, UINT64_MAX },
		{ "after", &rule->after, 0, UINT64_MAX },
		{ row->parameter, &rule->value, row->min, row->max },
	};
	const char *value = strchr(text, '=');
	size_t len = value ? (size_t)(value - text) : 0;

	if (!value)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i].name && equals(numbers[i].name, text, len))
			return units_parse_number(value + 1, numbers[i].value) ||
					       *numbers[i].value < numbers[i].min ||
					       *numbers[i].value > numbers[i].max ?
				       -EINVAL :
				       0;
	return equals("prob", text, len) ? parse_chance(value + 1, rule) : -EINVAL;
}

static void log_refusal(const struct rule_table *table, const struct rule_row *row,
			const char *text)
{
	char own[96] = "";

	if (row->parameter)
		snprintf(own, sizeof(own), ", %s=N (%" PRIu64 " to %" PRIu64 ")",
			 row->parameter, row->min, row->max);
	log_error("%s '%s': the condition is every=N (1 or more), after=N%s or prob=P "
		  "(above 0, at most 1)",
		  table->kind, text, own);
}

int rules_on(struct rules *rules, const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = copy, *word;
	const struct rule_row *row;
	struct rule rule = { .every = 1 };
	int i;

	if (!copy)
		return -ENOMEM;
	word = strsep(&rest, ":");
	i = find_or_log(rules->table, word);
	if (i < 0)
		return i;
	row = &rules->table->rows[i];
	rule.value = row->initial;
	while ((word = strsep(&rest, ":"))) {
		if (parse_word(row, word, &rule)) {
			log_refusal(rules->table, row, text);
			return -EINVAL;
		}
	}
	rules->rules[i] = rule;
	rules->active |= 1ull << i;
	return 0;
}

int rules_on_all(struct rules *rules, const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	const struct rules before = *rules;
	char *rest = copy, *word;
	int ret = copy ? 0 : -ENOMEM;

	while (!ret && (word = strsep(&rest, ",")))
		ret = rules_on(rules, word);
	if (ret)
		*rules = before;
	return ret;
}

bool rules_know(const struct rules *rules, const char *name)
{
	return find(rules->table, name) >= 0;
}

int rules_off(struct rules *rules, const char *name)
{
	int i;

	if (!strcmp(name, "all")) {
		rules->active = 0;
		return 0;
	}
	i = find_or_log(rules->table, name);
	if (i < 0)
		return i;
	rules->active &= ~(1ull << i);
	return 0;
}

void rules_list(const struct rules *rules, FILE *out)
{
	for (unsigned int i = 0; i < rules->table->n; i++) {
		const struct rule *rule = &rules->rules[i];

		fprintf(out, "%-22s %s", rules->table->rows[i].name,
			rules->table->rows[i].about);
		if (rules->active >> i & 1)
			fprintf(out, " (on: %" PRIu64 " of %" PRIu64 " occasions)",
				rule->hits, rule->occasions);
		putc('\n', out);
	}
}

void rules_describe(const struct rule_table *table, FILE *out)
{
	for (unsigned int i = 0; i < table->n; i++) {
		const struct rule_row *row = &table->rows[i];

		fprintf(out, "%-22s %s\n", row->name, row->about);
		if (row->parameter)
			fprintf(out,
				"%-22s parameter: %s, %" PRIu64 " (%" PRIu64
				" to %" PRIu64 ")\n",
				"", row->parameter, row->initial, row->min, row->max);
		if (row->source)
			fprintf(out, "%-22s source: %s\n", "", row->source);
	}
}

bool rules_occasion(struct device *dev, struct rules *rules, unsigned int id)
{
	struct rule *rule = &rules->rules[id];

	rule->occasions++;
	if (rule->occasions <= rule->after || rule->occasions % rule->every)
		return false;
	if (rule->probability && rand_next(&rules->rand) >> 32 >= rule->probability)
		return false;
	rule->hits++;
	trace(dev, rules->table->kind, "\"name\":\"%s\",\"occasion\":%" PRIu64,
	      rules->table->rows[id].name, rule->occasions);
	return true;
}
