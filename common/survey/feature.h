/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* feature.h - the features that can be tested on a host, and why not the others */
#ifndef ODPLAB_SURVEY_FEATURE_H
#define ODPLAB_SURVEY_FEATURE_H

#include "survey/survey.h"

#define FEATURE_TEXT 320

struct readiness {
	bool ready;
	char reason[FEATURE_TEXT]; /* why it is, or is not */
	char remedy
		[FEATURE_TEXT]; /* "" where it is ready, or where it is that of another feature */
};

/* In the order in which they are shown. The first is explicit ODP. */
size_t feature_count(void);
const char *feature_name(size_t feature);  /* "fsdax" */
const char *feature_about(size_t feature); /* one line of explanation */

/* @device: NULL where the host has none. */
void feature_judge(size_t feature, const struct survey *survey,
		   const struct survey_device *device, struct readiness *readiness);

/* Is explicit ODP ready on one of the devices at least? */
bool feature_odp_is_ready(const struct survey *survey);

#endif
