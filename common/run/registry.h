/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* registry.h - all scenarios that were linked in */
#ifndef ODPLAB_RUN_REGISTRY_H
#define ODPLAB_RUN_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "run/scenario.h"

/*
 * Fills *list with the scenarios whose id matches one of the @n globs (all where @n is
 * 0), in the order of their ids. The caller frees *list. Returns how many, -ENOENT after
 * one line where a glob matches none, or -ENOMEM.
 */
int registry_select(const struct scenario ***list, char *const *globs, int n);

/*
 * The same of the hazards: scenarios that need HAZARD or HAZARD_ON_RXE. The first are
 * not in the list of the others, unless one is named by its whole id; nor are the steps
 * of a power cut.
 */
int registry_select_hazards(const struct scenario ***list, char *const *globs, int n);

#endif
