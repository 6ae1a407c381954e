/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* feature_judge.h - judges of the rows of feature.c; for feature*.c only */
#ifndef ODPLAB_SURVEY_FEATURE_JUDGE_H
#define ODPLAB_SURVEY_FEATURE_JUDGE_H

#include "survey/feature.h"

struct feature {
	const char *name;
	const char *about;
	/*
	 * The device could be opened, but for judge_explicit_odp() and rows of the host
	 */
	void (*judge)(const struct feature *feature, const struct survey *survey,
		      const struct survey_device *device, struct readiness *readiness);
	bool of_host; /* the judge does not look at the device */
	bool alone;   /* it makes sense without explicit ODP */

	/* of judge_operations() */
	enum qp_type transport;
	uint32_t operations;
	const char *remedy;
};

/* @remedy: "" where that of another feature is meant. */
void readiness_yes(struct readiness *readiness, const char *reason, ...)
	__attribute__((format(printf, 2, 3)));
void readiness_no(struct readiness *readiness, const char *remedy, const char *reason,
		  ...) __attribute__((format(printf, 3, 4)));

typedef void judge(const struct feature *feature, const struct survey *survey,
		   const struct survey_device *device, struct readiness *readiness);

/* of the device: feature_device.c */
judge judge_explicit_odp, judge_implicit_odp, judge_pinned, judge_operations,
	judge_prefetch, judge_fault_proof;

/* of memory: feature_memory.c */
judge judge_fsdax, judge_devdax, judge_persistence, judge_hugetlb;

#endif
