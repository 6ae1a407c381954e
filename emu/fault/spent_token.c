// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* spent_token.c - tokens of faults that were resumed, and may be once more */
#include "fault/spent_token.h"

#include "device/device.h"

#define NONE 0 /* no fault has this token */

void spent_token_add(struct device *dev, uint64_t token)
{
	dev->spent_tokens[dev->spent++ % SPENT_TOKENS] = token;
}

bool spent_token_take(struct device *dev, uint64_t token)
{
	for (unsigned int i = 0; token != NONE && i < SPENT_TOKENS; i++) {
		if (dev->spent_tokens[i] != token)
			continue;
		dev->spent_tokens[i] = NONE;
		return true;
	}
	return false;
}
