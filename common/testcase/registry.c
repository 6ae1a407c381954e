// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* registry.c - all scenarios that were linked in */
#include "testcase/registry.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/*
 * The array that the linker makes of all SCENARIO_REGISTER()s; weak: there may be none.
 */
extern const struct scenario_list *const __start_odplab_scenarios[] __attribute__((weak));
extern const struct scenario_list *const __stop_odplab_scenarios[] __attribute__((weak));

typedef bool wanted_fn(const struct scenario *scenario, char *const *globs, int n);

static bool named(const struct scenario *scenario, char *const *globs, int n)
{
	for (int i = 0; i < n; i++)
		if (!fnmatch(globs[i], scenario->id, 0))
			return true;
	return !n;
}

static bool harmless(const struct scenario *scenario, char *const *globs, int n)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(globs[i], scenario->id))
			return true;
	return !(scenario->needs & NEEDS(HAZARD, POWER_CUT)) && named(scenario, globs, n);
}

static bool hazard(const struct scenario *scenario, char *const *globs, int n)
{
	return scenario->needs & NEEDS(HAZARD, HAZARD_ON_RXE) &&
	       named(scenario, globs, n);
}

/* Calls for each scenario: counts, or stores where @list is given. */
static size_t collect(const struct scenario **list, char *const *globs, int n,
		      wanted_fn *wanted)
{
	const struct scenario_list *const *entry;
	size_t count = 0;

	for (entry = __start_odplab_scenarios; entry < __stop_odplab_scenarios; entry++)
		for (size_t i = 0; i < (*entry)->n; i++) {
			const struct scenario *scenario = &(*entry)->scenarios[i];

			if (!wanted(scenario, globs, n))
				continue;
			if (list)
				list[count] = scenario;
			count++;
		}
	return count;
}

static int by_id(const void *a, const void *b)
{
	const struct scenario *const *x = a, *const *y = b;

	return strverscmp((*x)->id, (*y)->id);
}

size_t registry_count(const char *glob)
{
	char *globs[] = { (char *)(uintptr_t)glob };

	return collect(NULL, globs, 1, named);
}

size_t registry_count_selected(const char *glob)
{
	char *globs[] = { (char *)(uintptr_t)glob };

	return collect(NULL, globs, 1, harmless);
}

/* "DP-01", where there are DP-01.write and DP-01.read, and "DP". */
static int no_scenario(const char *glob)
{
	char longer[256];

	snprintf(longer, sizeof(longer), "%s[.-]*", glob);
	if (!strpbrk(glob, "*?[") && registry_count(longer))
		log_error("no scenario %s; '%s*' names the %zu that begin so", glob, glob,
			  registry_count(longer));
	else
		log_error("no scenario %s; --list names them all", glob);
	return -ENOENT;
}

static int choose(const struct scenario ***list, char *const *globs, int n,
		  wanted_fn *wanted)
{
	size_t count;

	for (int i = 0; i < n; i++) {
		if (collect(NULL, &globs[i], 1, wanted))
			continue;
		return no_scenario(globs[i]);
	}
	count = collect(NULL, globs, n, wanted);
	*list = calloc(count + 1, sizeof(**list));
	if (!*list)
		return log_errno(ENOMEM, "a list of scenarios");
	collect(*list, globs, n, wanted);
	qsort(*list, count, sizeof(**list), by_id);
	return (int)count;
}

int registry_select(const struct scenario ***list, char *const *globs, int n)
{
	return choose(list, globs, n, harmless);
}

int registry_select_hazards(const struct scenario ***list, char *const *globs, int n)
{
	return choose(list, globs, n, hazard);
}
