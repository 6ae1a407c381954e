/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* vfio_messages.h - the messages of the vfio-user protocol, version 0.0 */
#ifndef ODPLAB_EMU_VFIO_MESSAGES_H
#define ODPLAB_EMU_VFIO_MESSAGES_H

#include "bus/vfio_user.h"

#include <stddef.h>
#include <stdint.h>

/* The most data that one message moves; told to the client */
#define VFIO_USER_MAX_DATA (1u << 20)

enum vfio_user_flags {
	VFIO_USER_TYPE = 0xf,
	VFIO_USER_COMMAND = 0,
	VFIO_USER_REPLY = 1,
	VFIO_USER_NO_REPLY = 1 << 4,
	VFIO_USER_ERROR = 1 << 5,
};

struct vfio_header {
	uint16_t id, command;
	uint32_t size; /* with this header */
	uint32_t flags;
	uint32_t error;
};

/*
 * Executes one message. Returns 0 with *out_len bytes of answer at @out, or -errno for
 * the client.
 */
int vfio_message(struct vfio_user *client, unsigned int command, const uint8_t *in,
		 size_t in_len, uint8_t *out, size_t *out_len);

/* Closes all interrupts' eventfds. */
void vfio_drop_vectors(struct vfio_user *client);

#endif
