/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* device.h - RDMA devices and their ports */
#ifndef ODPLAB_RDMA_DEVICE_H
#define ODPLAB_RDMA_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "rdma/caps.h"

struct rdma_transport;

#define DEVICE_NAME 64
#define DEVICE_GID  16

struct rdma_port {
	unsigned int number;
	bool active;
	const char *state;	/* "PORT_ACTIVE" */
	bool ethernet;		/* RoCE: addressed by GID; otherwise by LID */
	unsigned int mtu_bytes; /* active path MTU */
	unsigned int max_mtu_bytes;
	uint64_t max_message; /* bytes; 0: not known */
	uint16_t lid;
	unsigned int gids; /* entries in the GID table */
};

struct rdma_device {
	const struct rdma_transport *ops; /* what it was opened with */
	void *private;			  /* of that transport */
	char name[DEVICE_NAME];
	char driver[16]; /* "mlx5", "rxe" ...: expectations depend on it */
	char firmware[DEVICE_NAME];
	char board[DEVICE_NAME]; /* the vendor's identifier (mlx5: PSID), or "" */
	bool emulated;		 /* by mlx5_emu: no firmware, and no card's timing */
	unsigned int ports;
	struct rdma_port port; /* the one in use */
	unsigned int gid_index;
	unsigned char gid[DEVICE_GID];
	struct odp_caps caps;
	unsigned int modes; /* 1 << enum mr_mode of each kind of registration */
	bool commits;	    /* a WRITE can complete when it is durable: rdma_op.durable */
	bool cpu_faults;    /* data is copied by the CPU, not by a device */
	uint64_t max_mr_bytes;
	unsigned int max_mr;
	unsigned int max_sge, max_srq_sge; /* pieces of a request, of a shared receive */
	unsigned int sges;	   /* of an RC request, see device_probe_request() */
	unsigned int inline_bytes; /* likewise */
	bool windows_1, windows_2; /* has memory windows of that type */
};

struct rdma_device_spec {
	const char *transport; /* "verbs", "ofi:PROVIDER"; NULL: verbs */
	const char *name;      /* NULL: the first with ODP and an active port */
	unsigned int port;     /* 0: the first active one */
	int gid_index;	       /* -1: the first RoCE v2 address of IPv4, else index 0 */
};

/*
 * Opens the device with a protection domain. Returns 0 or -errno after one line:
 * -ENODEV no such device, or none at all; -ENETDOWN no active port.
 */
int rdma_device_open(struct rdma_device *device, const struct rdma_device_spec *spec);
void rdma_device_close(struct rdma_device *device); /* also one that is closed */

/*
 * Removes what a process that ended without closing the device has left in the system.
 * The device need not be open here.
 */
void rdma_process_ended(const struct rdma_device *device, pid_t pid);

/*
 * The same without a port: for the device's facts, whatever state its links are in.
 * @name: NULL for the first that suits.
 */
int rdma_device_open_portless(struct rdma_device *device, const char *name);

/* Of a device that was opened with verbs. Returns 0 or -errno after one line. */
int rdma_port_query(const struct rdma_device *device, unsigned int number,
		    struct rdma_port *port);

#endif
