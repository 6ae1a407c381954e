/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* held_event.h - page-fault events that are reported late, or several at once */
#ifndef ODPLAB_EMU_HELD_EVENT_H
#define ODPLAB_EMU_HELD_EVENT_H

#include <stdint.h>

struct device;

/* Reports a page fault: now, or later where a behaviour asks for that. */
void held_event_post(struct device *dev, uint8_t sub_type, const uint8_t *data);
void held_events_free(struct device *dev);

#endif
