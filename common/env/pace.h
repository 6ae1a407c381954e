/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * pace.h - how fast the host and the device are, at first and later
 *
 * The calibration at the start of a run measures both. Later only the host is measured,
 * and only where a deadline would pass: by a piece of work without the device, whose time
 * then is compared with its time beside the calibration. A device that hangs makes no
 * host slower.
 */
#ifndef ODPLAB_ENV_PACE_H
#define ODPLAB_ENV_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_MOST 20

/* All zeros: not measured; as fast as expected. */
struct pace {
	double factor;	  /* times that things take longer than expected; below 1: less */
	uint64_t work_ns; /* what the piece of work took when .factor was measured */
};

/* Things take @factor times longer than expected; measures the host, some 20 ms long. */
void pace_set(struct pace *pace, double factor);

/* @ns, or more where things take longer; at most PACE_MOST times. */
uint64_t pace_stretch(const struct pace *pace, uint64_t ns);

/*
 * Measures the host anew. Returns whether it has become clearly slower; then *@ns, which
 * was stretched by @pace, is longer by as much.
 */
bool pace_is_slower(struct pace *pace, uint64_t *ns);

/* What the piece of work takes, on average over 20 ms; 0: it cannot be done. */
uint64_t pace_work_ns(void);

#endif
