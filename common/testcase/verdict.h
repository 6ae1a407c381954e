/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* verdict.h - the verdict of a scenario */
#ifndef ODPLAB_TESTCASE_VERDICT_H
#define ODPLAB_TESTCASE_VERDICT_H

enum verdict {
	VERDICT_PASS, /* data right, faults proven */
	VERDICT_FAIL,
	VERDICT_SKIP,	  /* a capability is missing; it is named */
	VERDICT_XFAIL,	  /* failed as a known defect predicts */
	VERDICT_XPASS,	  /* passed, although a known defect predicts a failure */
	VERDICT_UNPROVEN, /* data right, but no witness could count the faults */
	VERDICT_ERROR,	  /* the host is short of something; it is named */
	VERDICTS
};

/* "PASS" */
const char *verdict_name(enum verdict verdict);

/* Exit status of a run. */
enum {
	EXIT_ALL_GOOD = 0, /* passed, or failed as expected */
	/* a failure, a pass that was expected to fail, something unproven */
	EXIT_BAD = 1,
	EXIT_USAGE = 2,	   /* wrong usage, or results could not be written */
	EXIT_HOST = 3,	   /* no failure, but the host is short of something */
	EXIT_NOTHING = 77, /* nothing could run */
	EXIT_SIGNAL = 128, /* and the number of the signal that interrupted the run */
};

/* @count: how many scenarios ended with each verdict. */
int verdict_exit_status(const unsigned int count[VERDICTS], int allow_unproven);

/*
 * Exit status where no run can begin, as env_open() has returned @error. @device: the one
 * that the user named, or NULL.
 */
int verdict_exit_unopened(int error, const char *device);

#endif
