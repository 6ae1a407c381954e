/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * control.h - the control socket: injections, behaviours, statistics, power cuts
 *
 * A request is one line, the answer some lines that end with "ok" or "error: ...":
 *
 *	inject NAME[:every=N][:after=N][:prob=P],...
 *	behave NAME[:PARAMETER=N][:every=N][:after=N][:prob=P],...
 *	clear NAME|all
 *	list [inject|behave]
 *	stats
 *	power-cut
 */
#ifndef ODPLAB_EMU_CONTROL_H
#define ODPLAB_EMU_CONTROL_H

#include <stddef.h>

#define CONTROL_LINE 1024

struct device;

struct control {
	int listener, fd; /* -1: none */
	const char *path;
	size_t held;
	char line[CONTROL_LINE];
};

/* 0 or -errno with a line. */
int control_init(struct control *control, const char *path);
void control_free(struct control *control);

/* A client waits at the listener; it takes the place of the one before. */
void control_accept(struct control *control);

/* Reads requests and answers them. */
void control_serve(struct control *control, struct device *dev);

#endif
