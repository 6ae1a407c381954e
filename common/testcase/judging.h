/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * judging.h - several judgements of one outcome, all of which are made
 *
 * A step that fails ends the scenario, so that what would have been looked at after it
 * stays unknown. Where status, faults and data of one operation are judged, all that is
 * wrong is said.
 */
#ifndef ODPLAB_TESTCASE_JUDGING_H
#define ODPLAB_TESTCASE_JUDGING_H

struct test;

/* One of them; it may use any word. */
typedef void judge_fn(struct test *t, unsigned int number, void *data);

struct judging {
	judge_fn *judge;
	void *data;
	unsigned int n, next;
	char why[1000];		 /* of those that failed */
	const char *step, *file; /* of the first one */
	int line;
};

/*
 * Calls @judge with the numbers from 0 to @n - 1. One that fails is followed by the rest,
 * and then ends the scenario at its step, with the step and the reason of each that
 * failed.
 */
void test_judge_all(struct test *t, unsigned int n, judge_fn *judge, void *data);

/* What a failure says: @why, or, while judging, that of all that fail. */
const char *judging_complete(struct test *t, const char *why);

#endif
