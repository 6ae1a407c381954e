/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* bench_lack.h - what the host is short of while it is measured */
#ifndef ODPLAB_BENCH_BENCH_LACK_H
#define ODPLAB_BENCH_BENCH_LACK_H

struct bench;

/*
 * From now on a page of the region for which its filesystem has no block is replaced by
 * memory when the CPU touches it, so that the measurement comes to an end. bench_lack()
 * names what was missing.
 */
void bench_lack_begin(struct bench *bench);
void bench_lack_end(void);

/*
 * What a measurement that ended with @error, 0 or -errno, returns: -ENOSR after one line
 * where the host is short of something, else @error. To be called while it still has what
 * it had.
 */
int bench_lack(struct bench *bench, int error);

#endif
