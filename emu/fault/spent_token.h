/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * spent_token.h - tokens of faults that were resumed, and may be once more
 *
 * A fault that two events have reported is resumed after the last; but after either where
 * the driver cannot resolve it. So its token may come once more, which is then nothing to
 * do. The last SPENT_TOKENS of them are kept.
 */
#ifndef ODPLAB_EMU_SPENT_TOKEN_H
#define ODPLAB_EMU_SPENT_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

struct device;

void spent_token_add(struct device *dev, uint64_t token);

/* Whether that token is there; it is not any more. */
bool spent_token_take(struct device *dev, uint64_t token);

#endif
