/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * do.h - what each action does, in the world and in its model
 *
 * A step that cannot be done where it stands does nothing. Each fails the test where what
 * happens is not what the model says.
 */
#ifndef ODPLAB_EXPLORE_DO_H
#define ODPLAB_EXPLORE_DO_H

#include "explore/world.h"

typedef void do_fn(struct world *world, const struct step *step);

do_fn do_open, do_fill, do_store, do_look, do_deregister, do_register, do_prefetch;
do_fn do_change, do_invalidate, do_storm, do_calm;
do_fn do_fork, do_child_store, do_child_look, do_child_end;

/*
 * Operations of the initiator that are posted together: the first, and those of the @n
 * steps that are .together with it. Each has a queue pair of its own, PAIRS at most.
 * Where one needs what another writes, those from there on wait for the ones before.
 */
#define PAIRS 4
void do_operations(struct world *world, const struct step *steps, unsigned int n);

/* All that is known of the memory: by the device, by its process, by its file. */
void look_at(struct world *world, struct memory *m);

#endif
