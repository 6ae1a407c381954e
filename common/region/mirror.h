/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mirror.h - a second HMM mirror of this process's memory, beside the NIC's
 *
 * The kernel's own test driver, lib/test_hmm.c (CONFIG_TEST_HMM), acts for a device such as a GPU: it keeps
 * page tables of its own by hmm_range_fault(), and has memory of its own, into which pages migrate
 * (MEMORY_DEVICE_PRIVATE: neither the CPU nor another device can access them there).
 */
#ifndef ODPLAB_REGION_MIRROR_H
#define ODPLAB_REGION_MIRROR_H

#include <stdbool.h>
#include <stddef.h>

#define MIRROR_DEVICE "/dev/hmm_dmirror0"

/* Whether the driver is there and this user may open its device. */
bool mirror_there(void);

/*
 * The device reads or writes whole pages at @addr, by its page tables. Returns 0, -EFAULT where the memory
 * cannot be accessed so, or -errno after one line.
 */
int mirror_read(const void *addr, size_t len, void *to);
int mirror_write(void *addr, size_t len, const void *from);

/* Migrates pages into the device's memory. Returns 0; -EAGAIN where none went; or -errno after one line. */
int mirror_take(void *addr, size_t len);

/* How many of the pages are in the device's memory, or -errno after one line. */
int mirror_holds(void *addr, size_t len);

#endif
