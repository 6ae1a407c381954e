/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* vfio_messages.h - the messages of the vfio-user protocol, version 0.0 */
#ifndef ODPLAB_EMU_VFIO_MESSAGES_H
#define ODPLAB_EMU_VFIO_MESSAGES_H

#include "bus/vfio_user.h"

#include <stddef.h>
#include <stdint.h>

/* The most data that one message moves; the version message names it to the client */
#define VFIO_USER_MAX_DATA (1u << 20)

/* Numbers of messages, as docs/vfio-user.rst of QEMU has them */
enum vfio_user_message {
	VFIO_USER_VERSION = 1,
	VFIO_USER_DMA_MAP = 2,
	VFIO_USER_DMA_UNMAP = 3,
	VFIO_USER_DEVICE_GET_INFO = 4,
	VFIO_USER_DEVICE_GET_REGION_INFO = 5,
	VFIO_USER_DEVICE_GET_IRQ_INFO = 7,
	VFIO_USER_DEVICE_SET_IRQS = 8,
	VFIO_USER_REGION_READ = 9,
	VFIO_USER_REGION_WRITE = 10,
	VFIO_USER_DMA_READ = 11, /* of the device to the client */
	VFIO_USER_DEVICE_RESET = 13,
	VFIO_USER_REGION_WRITE_MULTI = 15,
	VFIO_USER_MESSAGES = 16, /* one more than the last */
};

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
