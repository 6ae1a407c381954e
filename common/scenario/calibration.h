/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * calibration.h - what a device asks for when pages are missing, before the first
 * scenario
 */
#ifndef ODPLAB_SCENARIO_CALIBRATION_H
#define ODPLAB_SCENARIO_CALIBRATION_H

#include "testcase/registry.h"

/*
 * Expects nothing of the page faults. Its watches, of CALIBRATION_WATCHES WRITEs to 1
 * page and to CALIBRATION_PAGES pages in the middle of a cold region, are the result.
 */
extern const struct scenario calibration;

#define CALIBRATION_WATCHES 2
#define CALIBRATION_PAGES   16

#endif
