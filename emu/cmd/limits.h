/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * limits.h - by behaviour: capabilities that a device has less of, or not at all
 *
 * They are taken away from what a query returns, so that a driver that loads from then on
 * finds them so.
 */
#ifndef ODPLAB_EMU_LIMITS_H
#define ODPLAB_EMU_LIMITS_H

#include "cmd/caps.h"

struct device;

/* @image: the capabilities of that type, as a query is about to return them. */
void limits_apply(struct device *dev, enum cap_type type, uint8_t *image);

#endif
