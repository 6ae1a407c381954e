/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * subnet.h - the subnet administration, as far as connections need it
 *
 * The port is a subnet of its own, without a manager. What a driver asks the manager's
 * queue pair 1, the card answers itself: path records to its own port.
 */
#ifndef ODPLAB_EMU_SUBNET_H
#define ODPLAB_EMU_SUBNET_H

#include <stdbool.h>
#include <stdint.h>

struct device;

#define SUBNET_MAD_BYTES 256

/* Whether a management datagram is a question to the administration. */
bool subnet_asked(const uint8_t mad[SUBNET_MAD_BYTES]);

/* Makes the question its own answer. */
void subnet_answer(struct device *dev, uint8_t mad[SUBNET_MAD_BYTES]);

#endif
