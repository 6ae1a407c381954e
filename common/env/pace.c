// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pace.c - how fast the host and the device are, at first and later */
#include "env/pace.h"

/* Less may be chance. */
#define CLEARLY 1.25

void pace_set(struct pace *pace, double factor)
{
	*pace = (struct pace){ factor, pace_work_ns() };
}

static double stretching(const struct pace *pace)
{
	return pace->factor > PACE_MOST ? PACE_MOST : pace->factor > 1 ? pace->factor : 1;
}

uint64_t pace_stretch(const struct pace *pace, uint64_t ns)
{
	double times = stretching(pace);

	return times > 1 ? (uint64_t)((double)ns * times) : ns;
}

bool pace_is_slower(struct pace *pace, uint64_t *ns)
{
	double before = stretching(pace), slower;
	uint64_t work_ns;

	if (!pace->work_ns || before == PACE_MOST)
		return false;
	work_ns = pace_work_ns();
	slower = (double)work_ns / (double)pace->work_ns;
	if (slower < CLEARLY)
		return false;
	*pace = (struct pace){ pace->factor * slower, work_ns };
	*ns = (uint64_t)((double)*ns * stretching(pace) / before);
	return stretching(pace) > before;
}
