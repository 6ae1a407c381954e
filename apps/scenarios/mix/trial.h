/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* trial.h - one row of the covering array while it runs */
#ifndef ODPLAB_SCENARIOS_MIX_TRIAL_H
#define ODPLAB_SCENARIOS_MIX_TRIAL_H

#include "evidence/witness.h"
#include "memory.h"
#include "testcase/execute.h"

/* The generations of data. */
enum {
	MESSAGE = 1,	/* what is sent, or read */
	BENEATH = 2,	/* what lies where it arrives */
	AROUND = 3,	/* what lies around it, in a file */
	NEIGHBOURS = 4, /* and NEIGHBOURS + 1: what each neighbour writes */
	SWAPPED = 6,	/* what the atomic leaves */
	ANEW = 7,	/* what the CPU writes after the pages were replaced */
	ASIDE = 8,	/* what lies in memory that is none of the operation's */
};

#define MIX_POSTED 3 /* the operation, and one before and one after it */

/* Where an operation of 8 bytes goes: to the operation's own memory, or aside. */
struct place {
	struct part *part;
	uint64_t offset;
};

/* An operation under way: itself, what it completes with, what comes back. */
struct posted {
	struct side_op op;
	enum op_status due;    /* by any driver */
	struct place place;    /* of a neighbour */
	struct layer returned; /* what a neighbour gets; .len 0: nothing */
};

struct trial {
	struct test *t;
	const struct mix *mix;
	struct end near, far;
	struct part aside;    /* memory of the responder for neighbours; never faults */
	struct target *slots; /* of the initiator: a neighbour's 8 bytes each */
	struct target *pond, *lake; /* pinned, to make pages warm: initiator, responder */
	struct target *window;	    /* that a SEND invalidates */
	struct posted posted[MIX_POSTED];
	unsigned int n_posted, own; /* which of them is the operation itself */
	struct rdma_completion completion[MIX_POSTED];
	unsigned int completions;
	struct watch *watches[WATCH_SLOTS];
	unsigned int n_watches;
};

bool mix_sends(const struct mix *mix); /* the far end is a receive */
bool mix_is_atomic(const struct mix *mix);
bool mix_changes_far(const struct mix *mix);
bool mix_is_refused(const struct mix *mix);

/* Makes all targets, cold; and a window, on the queue pair that is used from then on. */
void trial_make(struct trial *trial);
void trial_make_window(struct trial *trial);

/*
 * Makes the memory of both ends, in the states of the row, and the queue pair of its age.
 */
void trial_arrange(struct trial *trial);

/* Adds an operation to those that are to be posted. Returns it. */
struct posted *trial_add(struct trial *trial, struct side_op op, enum op_status due);

/* Adds a neighbour, and what it leads to in the model; none where @what is ALONE. */
void trial_add_neighbour(struct trial *trial, enum neighbour what, bool after);

/* Posts the operation and its neighbours, and collects their completions. */
void trial_post(struct trial *trial);

/* Judges completions, receives, page faults and data. */
void trial_judge(struct trial *trial);

#endif
