/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* command_queue.h - the queue that the driver posts commands to, and their mailboxes */
#ifndef ODPLAB_EMU_COMMAND_QUEUE_H
#define ODPLAB_EMU_COMMAND_QUEUE_H

#include "device/command.h"

#define COMMAND_LOG_ENTRIES 5
#define COMMAND_LOG_STRIDE  6

/* The doorbell: executes the entries of @vector, one bit each. */
void command_doorbell(struct device *dev, uint32_t vector);
void command_queue_free(struct command_queue *queue);

#endif
