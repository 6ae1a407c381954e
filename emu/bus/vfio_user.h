/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * vfio_user.h - one client's connection: the vfio-user protocol, as QEMU speaks it
 *
 * Messages come pipelined, some with file descriptors. The receive buffer takes as many
 * as there are; descriptors stay with the message that they were sent with.
 */
#ifndef ODPLAB_EMU_VFIO_USER_H
#define ODPLAB_EMU_VFIO_USER_H

#include "bus/fd_queue.h"
#include "bus/pci.h"
#include "device/device.h"

#include <stdint.h>

struct vfio_user {
	int fd;		 /* -1: no client */
	int patience_ms; /* with a client that does not take its answers */
	struct device *dev;
	struct pci pci;
	int vectors[PCI_VECTORS]; /* eventfds; -1: none */
	uint32_t
		max_data; /* bytes that one message moves: the smaller limit of both ends */

	uint8_t *in, *out;
	uint64_t received;   /* bytes of the stream, since it began */
	uint64_t consumed;   /* up to the end of the message at hand */
	struct fd_queue fds; /* that no message has taken yet */

	bool asked;	   /* about an access, and not answered */
	uint16_t question; /* the message's id */
};

/* 0 or -ENOMEM. */
int vfio_user_init(struct vfio_user *client, struct device *dev);
void vfio_user_free(struct vfio_user *client);

/* Serves @fd from now on. */
void vfio_user_attach(struct vfio_user *client, int fd);

/* The client is gone: its windows, interrupts and device state go too. */
void vfio_user_detach(struct vfio_user *client);

/*
 * Reads what is there and answers it. 0, -ECONNRESET when the client has hung up, -EPROTO
 * when it does not speak the protocol, or another -errno; then detach.
 */
int vfio_user_serve(struct vfio_user *client);

/*
 * Asks the client to read the byte of an access that was refused, one at a time: so its
 * IOMMU sees the access, and reports it as a fault to the guest, as it would a real
 * card's. Returns 0 or -errno; then detach.
 */
int vfio_user_report_refused(struct vfio_user *client);

void vfio_user_interrupt(struct vfio_user *client, unsigned int vector);

#endif
