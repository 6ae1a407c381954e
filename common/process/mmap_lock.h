/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mmap_lock.h - a thread that holds the lock of this process's memory map, and waits
 *
 * A big mprotect(), fork() or munmap() holds mmap_lock for long, and so does a small one
 * whose thread loses its processor meanwhile. Here it loses it on purpose: the thread has
 * the policy SCHED_IDLE, and shares a processor with threads that compute. Whatever needs
 * the lock in this process waits as long: mmap(), munmap(), the faults of a device.
 */
#ifndef ODPLAB_PROCESS_MMAP_LOCK_H
#define ODPLAB_PROCESS_MMAP_LOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* They leave SCHED_IDLE no time for seconds (kernel/sched/fair.c: its weight is 3). */
#define MMAP_LOCK_RIVALS 4

struct mmap_lock_hold {
	pthread_t holder, rival[MMAP_LOCK_RIVALS];
	unsigned int threads; /* that were started: the holder, then rivals */
	void *memory;	      /* whose protection the holder changes */
	int cpu;
	atomic_bool stop;
	atomic_uint calls; /* begun and ended ones of the holder: odd within a call */
	atomic_uint held;  /* .calls within that which does not end; 0: none */
	atomic_ullong until_ns; /* until when the rivals compute */
	atomic_ullong ended_ns; /* when that call ended */
};

/*
 * Returns 0 when a thread holds the lock, for about @ns from now on; -EAGAIN where it was
 * never met holding it; or -errno; both after one line.
 */
int mmap_lock_hold(struct mmap_lock_hold *hold, uint64_t ns);

/*
 * Waits for the end of the hold. Returns when the lock was free (clock_ns()): earlier
 * than was asked for where the holder ran after all; 0 where nothing held it.
 */
uint64_t mmap_lock_await(struct mmap_lock_hold *hold);

#endif
