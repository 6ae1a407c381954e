/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* vfio_request.h - one message of the vfio-user protocol, as its handler sees it */
#ifndef ODPLAB_EMU_VFIO_REQUEST_H
#define ODPLAB_EMU_VFIO_REQUEST_H

#include "bus/vfio_user.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct vfio_request {
	const uint8_t *in; /* after the header */
	size_t in_len;
	uint8_t *out; /* likewise */
	size_t out_len;
};

/* Copies the message's fixed part; false if the message is shorter. */
static inline bool request_take(const struct vfio_request *m, void *to, size_t len)
{
	if (m->in_len < len)
		return false;
	memcpy(to, m->in, len);
	return true;
}

/* Appends to the answer. */
static inline void request_give(struct vfio_request *m, const void *from, size_t len)
{
	memcpy(m->out + m->out_len, from, len);
	m->out_len += len;
}

/* Takes one of the descriptors that came with this message; -1 if there is none. */
static inline int request_take_fd(struct vfio_user *client)
{
	return fd_queue_count(&client->fds, client->consumed) ?
		       fd_queue_pop(&client->fds) :
		       -1;
}

/* Handlers: 0 with the answer at m->out, or -errno for the client */
int vfio_version(struct vfio_user *client, struct vfio_request *m);
int vfio_irq_info(struct vfio_user *client, struct vfio_request *m);
int vfio_set_irqs(struct vfio_user *client, struct vfio_request *m);

#endif
