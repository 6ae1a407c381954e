/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mirror.h - words about a second HMM mirror of the responder's memory, beside the NIC's
 *
 * See region/mirror.h; data.h has what it stores and checks. Ranges are whole pages.
 */
#ifndef ODPLAB_SCENARIO_MEMORY_MIRROR_H
#define ODPLAB_SCENARIO_MEMORY_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "region/mirror.h"
#include "testcase/step.h"

struct test;
struct target;

/* The errno with which the mirror refuses to read the range; 0 if it reads. */
#define mirror_read_errno(t, ...) STEP(t, mirror_read_errno, #__VA_ARGS__, __VA_ARGS__)
int(mirror_read_errno)(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len);

/* Migrates all pages of the range, which must be present, into the memory of a device. */
#define migrate_to_device(t, ...) STEP(t, migrate_to_device, #__VA_ARGS__, __VA_ARGS__)
void(migrate_to_device)(struct test *t, struct target *target, uint64_t offset,
			uint64_t len, enum mirror_memory memory);

/* The errno with which migration into the mirror's device is refused; 0 if pages went. */
#define migration_errno(t, ...) STEP(t, migration_errno, #__VA_ARGS__, __VA_ARGS__)
int(migration_errno)(struct test *t, struct target *target, uint64_t offset,
		     uint64_t len);

/* How many pages of the range are there. */
#define pages_in_device(t, ...) STEP(t, pages_in_device, #__VA_ARGS__, __VA_ARGS__)
uint64_t(pages_in_device)(struct test *t, struct target *target, uint64_t offset,
			  uint64_t len, enum mirror_memory memory);

/* The next page that is to come back from private memory finds no system memory. */
#define fail_return_from_device(t) STEP(t, fail_return_from_device, "")
void(fail_return_from_device)(struct test *t);

/*
 * Reserves all pages of the range for the mirror's device; whether a page of it still is.
 */
#define reserve_for_device(t, ...) STEP(t, reserve_for_device, #__VA_ARGS__, __VA_ARGS__)
void(reserve_for_device)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len);

#define is_reserved_for_device(t, ...) \
	STEP(t, is_reserved_for_device, #__VA_ARGS__, __VA_ARGS__)
bool(is_reserved_for_device)(struct test *t, struct target *target, uint64_t offset,
			     uint64_t len);

#endif
