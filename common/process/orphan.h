/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* orphan.h - things on the host that outlived the process that made them */
#ifndef ODPLAB_PROCESS_ORPHAN_H
#define ODPLAB_PROCESS_ORPHAN_H

/*
 * Calls @remove for each path that matches the glob @pattern, and whose name ends in
 * "-PID" of a process that has ended. Returns how many there were.
 */
unsigned int orphans_remove(const char *pattern, void (*remove)(const char *path));

#endif
