/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * residency.h - which pages of a range the CPU's page table has
 *
 * Read from /proc/self/pagemap, which needs no privilege: bit 63 is present, bit 62
 * swapped, bits 0 to 54 the frame (Documentation/admin-guide/mm/pagemap.rst). Pages that
 * HMM faults in are there, too.
 */
#ifndef ODPLAB_REGION_RESIDENCY_H
#define ODPLAB_REGION_RESIDENCY_H

#include <stddef.h>
#include <stdint.h>

/*
 * How many pages of the @len bytes at @addr are present. @map: NULL, or a bit for each
 * page, page i at bit i % 8 of byte i / 8, set where it is present. Returns 0 or -errno
 * after one line.
 */
int residency_count(const void *addr, size_t len, uint64_t *present, unsigned char *map);

/*
 * The page frame numbers of the range, one for each page; 0 where it is not present, and
 * everywhere without CAP_SYS_ADMIN. Returns 0 or -errno after one line.
 */
int residency_frames(const void *addr, size_t len, uint64_t *frames);

#endif
