/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* registration.h - words about memory regions: registered, deregistered, advised */
#ifndef ODPLAB_SCENARIO_MEMORY_REGISTRATION_H
#define ODPLAB_SCENARIO_MEMORY_REGISTRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/memory/target.h"

/* Deregisters the target, whose memory stays; target_register() registers it again. */
#define target_deregister(t, ...) STEP(t, target_deregister, #__VA_ARGS__, __VA_ARGS__)
void(target_deregister)(struct test *t, struct target *target);

#define target_register(t, ...) STEP(t, target_register, #__VA_ARGS__, __VA_ARGS__)
void(target_register)(struct test *t, struct target *target);

/* Closes the file of the target; its mapping and its region stay. */
#define target_close_file(t, ...) STEP(t, target_close_file, #__VA_ARGS__, __VA_ARGS__)
void(target_close_file)(struct test *t, struct target *target);

/* Members as in struct mr_change; a range is one of the target's mapping. */
struct region_change {
	unsigned int what; /* enum mr_change_what */
	unsigned int access;
	enum mr_mode mode;
	bool other_domain;
	uint64_t offset, len;
};

/*
 * Changes the region in place by ibv_rereg_mr(). Arguments: target, what, and more of
 * struct region_change. Returns the errno.
 */
#define reregistration_errno(t, target, ...)                             \
	STEP(t, reregistration_errno, #target ", " #__VA_ARGS__, target, \
	     ((struct region_change){ __VA_ARGS__ }))
int(reregistration_errno)(struct test *t, struct target *target,
			  struct region_change change);

/* The same, which must succeed. */
#define target_change(t, target, ...)                             \
	STEP(t, target_change, #target ", " #__VA_ARGS__, target, \
	     ((struct region_change){ __VA_ARGS__ }))
void(target_change)(struct test *t, struct target *target, struct region_change change);

/* Registers such a target on the responder. Returns the errno, 0 on success. */
#define registration_errno(t, ...) \
	STEP(t, registration_errno, #__VA_ARGS__, TARGET_SPEC(__VA_ARGS__))
int(registration_errno)(struct test *t, struct target_spec spec);

/*
 * Memory without a registration of its own: it is accessed by the keys of the implicit
 * region @implicit of the same side. Arguments: implicit, kind, len.
 */
#define target_in_implicit(t, implicit, ...)                \
	STEP(t, target_in_implicit, #__VA_ARGS__, implicit, \
	     TARGET_SPEC(__VA_ARGS__, MR_ODP_IMPLICIT))
struct target *(target_in_implicit)(struct test *t, struct target *implicit,
				    struct target_spec spec);

/* Registers a part of the target a second time. @access: enum mr_access. */
#define target_second_mr(t, ...) STEP(t, target_second_mr, #__VA_ARGS__, __VA_ARGS__)
struct target *(target_second_mr)(struct test *t, struct target *target, uint64_t offset,
				  uint64_t len, unsigned int access);

struct advice {
	struct target *target;
	uint64_t offset, len;
	enum mr_advice advice;
	bool async;   /* IBV_ADVISE_MR_FLAG_FLUSH is not set: no result of the prefetch */
	uint32_t key; /* in place of the target's, where not 0 */
	const struct local_piece *more; /* ranges of the same side, in the same advice */
	unsigned int pieces;		/* length of .more */
};

/* ibv_advise_mr(). Arguments: those of struct advice, in its order. Returns its errno. */
#define advise_errno(t, ...) \
	STEP(t, advise_errno, #__VA_ARGS__, ((struct advice){ __VA_ARGS__ }))
int(advise_errno)(struct test *t, struct advice advice);

/* Prefetches the range by ibv_advise_mr(), which must succeed. */
#define target_prefetch(t, ...) STEP(t, target_prefetch, #__VA_ARGS__, __VA_ARGS__)
void(target_prefetch)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len, enum mr_advice advice);

/* Waits until @pages of the range are resident and the device could map them too. */
#define await_resident(t, ...) STEP(t, await_resident, #__VA_ARGS__, __VA_ARGS__)
void(await_resident)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     uint64_t pages);

#endif
