/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * server.h - the one loop: sockets, timers, the device's work
 *
 * A client may go and another come; the device is then as after power-on.
 */
#ifndef ODPLAB_EMU_SERVER_H
#define ODPLAB_EMU_SERVER_H

#include "bus/control.h"
#include "bus/vfio_user.h"

struct server {
	int signals; /* a signalfd: SIGINT and SIGTERM are blocked from server_init() on */
	int listener;
	const char *path; /* of the listener */
	struct vfio_user client;
	struct control control;
};

/* @control_path NULL: no control socket. 0 or -errno with a line. */
int server_init(struct server *server, struct device *dev, const char *path,
		const char *control_path);

/* Runs until a signal asks to end. 0 or -errno with a line. */
int server_run(struct server *server);
void server_free(struct server *server);

#endif
