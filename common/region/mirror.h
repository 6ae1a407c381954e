/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mirror.h - a second HMM mirror of this process's memory, beside the NIC's
 *
 * The kernel's own test driver, lib/test_hmm.c (CONFIG_TEST_HMM), acts for a device such
 * as a GPU: it keeps page tables of its own by hmm_range_fault(), and has memory of its
 * own, into which pages migrate.
 */
#ifndef ODPLAB_REGION_MIRROR_H
#define ODPLAB_REGION_MIRROR_H

#include <stdbool.h>
#include <stddef.h>

enum mirror_memory {
	MIRROR_PRIVATE, /* MEMORY_DEVICE_PRIVATE: no access but by the device */
	MIRROR_COHERENT, /* MEMORY_DEVICE_COHERENT: the CPU and other devices use it there */
	MIRROR_MEMORIES
};

/*
 * The devices that have the one and the other. Coherent ones are there where the driver
 * was given memory for them.
 */
#define MIRROR_DEVICE	       "/dev/hmm_dmirror0"
#define MIRROR_COHERENT_DEVICE "/dev/hmm_dmirror2"

/* Whether the device is there and this user may open it. */
bool mirror_there(void);
bool mirror_coherent_there(void);

/*
 * The private device reads or writes whole pages at @addr, by its page tables. Returns 0,
 * -EFAULT where the memory cannot be accessed so, or -errno after one line.
 */
int mirror_read(const void *addr, size_t len, void *to);
int mirror_write(void *addr, size_t len, const void *from);

/*
 * Migrates pages into a device's memory. Returns 0; -EAGAIN where none went; or -errno
 * after one line.
 */
int mirror_take(void *addr, size_t len, enum mirror_memory memory);

/* How many of the pages are in that device's memory, or -errno after one line. */
int mirror_holds(void *addr, size_t len, enum mirror_memory memory);

/*
 * Reserves pages for the private device (make_device_exclusive()): they stay where they
 * are, and an access by anything else ends that. Returns 0, -EAGAIN where a page was in
 * use, or -errno after one line.
 */
int mirror_reserve(void *addr, size_t len);

/*
 * Whether a page of the range is reserved for the device: 1 or 0, or -errno after one
 * line.
 */
int mirror_has_reserved(void *addr, size_t len);

/*
 * The next page that is to come back from the private device finds no memory. Returns 0,
 * or -errno after one line.
 */
int mirror_fail_return(void);

#endif
