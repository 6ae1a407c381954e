/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * company.h - words for memory that others have a hand in: other registrations, other
 * files, forked children, a userfaultfd
 *
 * scenario.h includes it.
 */
#ifndef ODPLAB_RUN_COMPANY_H
#define ODPLAB_RUN_COMPANY_H

#include <stdint.h>

struct test;
struct target;

/* One more registration of a part of the memory: target, offset, len, enum mr_access. */
#define target_again(t, ...) STEP(t, target_again, #__VA_ARGS__, __VA_ARGS__)

/*
 * The start of another target's file comes in place of a range: target, offset, len,
 * other. check_file() and target_fill() still go to the target's own file.
 */
#define target_graft(t, ...) STEP(t, target_graft, #__VA_ARGS__, __VA_ARGS__)

/*
 * Lets the kernel merge pages of equal content (KSM), and waits until so many of the
 * target are: target, pages.
 */
#define await_merged(t, ...) STEP(t, await_merged, #__VA_ARGS__, __VA_ARGS__)

/* A child of the responder, with its own page table; one at a time. */
#define fork_child(t)	     STEP(t, fork_child, "")
#define child_stores(t, ...) STEP(t, child_stores, #__VA_ARGS__, __VA_ARGS__)
#define check_child(t, ...)  STEP(t, check_child, #__VA_ARGS__, __VA_ARGS__)
#define child_ends(t)	     STEP(t, child_ends, "")

/*
 * From here on each page of the target that is missing comes with data of a generation,
 * but after a delay: target, milliseconds, generation; or each first write to a page is
 * delayed: target, milliseconds. late_answers() ends it, and says how many were.
 */
#define pages_come_late(t, ...)	 STEP(t, pages_come_late, #__VA_ARGS__, __VA_ARGS__)
#define writes_come_late(t, ...) STEP(t, writes_come_late, #__VA_ARGS__, __VA_ARGS__)
#define late_answers(t, ...)	 STEP(t, late_answers, #__VA_ARGS__, __VA_ARGS__)

struct target *(target_again)(struct test *t, struct target *target, uint64_t offset,
			      uint64_t len, unsigned int access);
void(target_graft)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   struct target *other);
void(await_merged)(struct test *t, struct target *target, uint64_t pages);
void(fork_child)(struct test *t);
void(child_stores)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation);
void(check_child)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation);
void(child_ends)(struct test *t);
void(pages_come_late)(struct test *t, struct target *target, uint32_t delay_ms,
		      uint16_t generation);
void(writes_come_late)(struct test *t, struct target *target, uint32_t delay_ms);
uint64_t(late_answers)(struct test *t, struct target *target);

#endif
