/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* caps.h - the device's capabilities, and those that the driver has set */
#ifndef ODPLAB_EMU_CAPS_H
#define ODPLAB_EMU_CAPS_H

#include "device/command.h"

#include <stdint.h>

#define CAPS_BYTES 4096

enum cap_type { CAP_GENERAL, CAP_ODP, CAP_ATOMIC, CAP_GENERAL_2, CAP_TYPES };

struct caps {
	uint8_t max[CAP_TYPES][CAPS_BYTES];
	uint8_t current[CAP_TYPES][CAPS_BYTES];
};

/* NULL when out of memory. */
struct caps *caps_new(const struct device *dev);

/* Forgets what the driver chose. */
void caps_reset(struct caps *caps);

extern const struct command_row caps_commands[];

#endif
