/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* listen.h - UNIX sockets that listen */
#ifndef ODPLAB_EMU_LISTEN_H
#define ODPLAB_EMU_LISTEN_H

/*
 * Binds a UNIX socket that listens, for one client at a time. Takes the place of a socket
 * that nothing listens at any more. The descriptor, or -errno with a line.
 */
int listen_at(const char *path);

#endif
