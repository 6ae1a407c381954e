/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * report_internal.h - what reports for other harnesses have in common; for report_*.c
 * only
 */
#ifndef ODPLAB_RUNNER_REPORT_INTERNAL_H
#define ODPLAB_RUNNER_REPORT_INTERNAL_H

#include "runner/report.h"

/*
 * As other harnesses expect it: a known defect is a TODO there, something unproven a
 * failure. An error, which shows nothing about the device, is neither passed nor failed.
 */
static inline bool report_is_failure(const struct run *run, const struct outcome *outcome)
{
	return outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_XPASS ||
	       (outcome->verdict == VERDICT_UNPROVEN && !run->allow_unproven);
}

/* "calibration: 1 page by 1 event; 16 pages by 2 events, 8 repeats" */
void report_calibration(const struct outcome *outcome, FILE *out);

/* What is no printable character of a line becomes a blank. */
static inline char report_printable(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f ? ' ' : c;
}

#endif
