/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * registry.h - how a scenario is declared, and the list of all that are linked in
 *
 *	SCENARIO("DAX-03", "after fdatasync the next RDMA WRITE faults again",
 *		 NEEDS(FSDAX, RC_WRITE))
 *	{
 *		...
 *	}
 */
#ifndef ODPLAB_TESTCASE_REGISTRY_H
#define ODPLAB_TESTCASE_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/util.h"
#include "env/needs.h"

struct test;

struct scenario {
	const char *id;	   /* "DAX-03"; the part before the first '-' is its group */
	const char *about; /* its title: the expectation, one sentence */
	need_set needs;
	void (*run)(struct test *t, const void *row);
	const void *row; /* of a family's table */
};

#define SCENARIO_GLUE_(a, b) a##b
#define SCENARIO_GLUE(a, b)  SCENARIO_GLUE_(a, b)

struct scenario_list {
	const struct scenario *scenarios;
	size_t n;
};

/* The linker gathers the pointers of all files into one array: see registry.c. */
#define SCENARIO_REGISTER(list)                                              \
	static const struct scenario_list *const SCENARIO_GLUE(list, _entry) \
		__attribute__((section("odplab_scenarios"), used)) = &list

/* One scenario; the body follows. */
#define SCENARIO(id_, about_, needs_) \
	SCENARIO_AT(id_, about_, needs_, SCENARIO_GLUE(scenario_, __LINE__))
#define SCENARIO_AT(id_, about_, needs_, name)                                \
	static void name(struct test *t, const void *row);                    \
	static const struct scenario SCENARIO_GLUE(name, _row)[] = {          \
		{ .id = id_, .about = about_, .needs = needs_, .run = name }, \
	};                                                                    \
	static const struct scenario_list SCENARIO_GLUE(                      \
		name, _list) = { SCENARIO_GLUE(name, _row), 1 };              \
	SCENARIO_REGISTER(SCENARIO_GLUE(name, _list));                        \
	static void name(struct test *t, const void *row)

/*
 * A table of scenarios. Each row is one, with an id of its own, and names the function
 * that runs it.
 */
#define SCENARIO_FAMILY(rows)                              \
	static const struct scenario_list SCENARIO_GLUE(   \
		rows, _list) = { rows, ARRAY_SIZE(rows) }; \
	SCENARIO_REGISTER(SCENARIO_GLUE(rows, _list))

/*
 * Fills *list with the scenarios whose id matches one of the @n globs (all where @n is
 * 0), in the order of their ids. The caller frees *list. Returns how many, -ENOENT after
 * one line where a glob matches none, or -ENOMEM.
 */
int registry_select(const struct scenario ***list, char *const *globs, int n);

/*
 * Likewise the hazards: scenarios that need HAZARD or HAZARD_ON_RXE. registry_select()
 * leaves those with HAZARD out unless a glob is the whole id, and so the steps of a power
 * cut.
 */
int registry_select_hazards(const struct scenario ***list, char *const *globs, int n);

/* How many scenarios a glob matches, those included that registry_select() leaves out. */
size_t registry_count(const char *glob);

/* How many of them registry_select() takes. */
size_t registry_count_selected(const char *glob);

#endif
