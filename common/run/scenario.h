/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * scenario.h - what a scenario is written with
 *
 * A scenario is a paragraph: arrange, act, expect. It runs in a process of its own; a
 *step that fails ends that process with a verdict that names the step, and the kernel
 *does the cleaning. So nothing here returns an error.
 *
 *	SCENARIO("DAX-03", "after fdatasync the next RDMA WRITE faults again",
 *		 NEEDS(FSDAX, RC_WRITE))
 *	{
 *		struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
 *
 *		expect_faults(t, file, EXACTLY(1))
 *			rdma_write(t, file, 0, KiB(4), GENERATION(1));
 *		...
 *	}
 *
 * docs/add-a-scenario.md tells more.
 */
#ifndef ODPLAB_RUN_SCENARIO_H
#define ODPLAB_RUN_SCENARIO_H

#include "base/util.h"
#include "run/needs.h"
#include "run/operations.h"
#include "run/side.h"

struct test;
struct target; /* memory of one side, usually registered */

struct scenario {
	const char *id;	   /* "DAX-03"; the part before the first '-' is its group */
	const char *about; /* one sentence that a lab engineer understands */
	uint64_t needs;
	void (*run)(struct test *t, const void *row);
	const void *row; /* of a family's table */
};

/* ---- declaring ---- */

#define SCENARIO_GLUE_(a, b) a##b
#define SCENARIO_GLUE(a, b)  SCENARIO_GLUE_(a, b)

struct scenario_list {
	const struct scenario *scenarios;
	size_t n;
};

/* The linker gathers the pointers of all files into one array: see registry.c. */
#define SCENARIO_REGISTER(list)                                              \
	static const struct scenario_list *const SCENARIO_GLUE(list, _entry) \
		__attribute__((section("odplab_scenarios"), used)) = &list

/* One scenario; the body follows. */
#define SCENARIO(id_, about_, needs_) \
	SCENARIO_AT(id_, about_, needs_, SCENARIO_GLUE(scenario_, __LINE__))
#define SCENARIO_AT(id_, about_, needs_, name)                                \
	static void name(struct test *t, const void *row);                    \
	static const struct scenario SCENARIO_GLUE(name, _row)[] = {          \
		{ .id = id_, .about = about_, .needs = needs_, .run = name }, \
	};                                                                    \
	static const struct scenario_list SCENARIO_GLUE(                      \
		name, _list) = { SCENARIO_GLUE(name, _row), 1 };              \
	SCENARIO_REGISTER(SCENARIO_GLUE(name, _list));                        \
	static void name(struct test *t, const void *row __attribute__((unused)))

/*
 * A table of scenarios: each row one, with an id of its own, all walked by the rows'
 * .run.
 */
#define SCENARIO_FAMILY(rows)                              \
	static const struct scenario_list SCENARIO_GLUE(   \
		rows, _list) = { rows, ARRAY_SIZE(rows) }; \
	SCENARIO_REGISTER(SCENARIO_GLUE(rows, _list))

/* ---- targets ---- */

/*
 * The kind of region that the user chose (--region): for scenarios that any kind will do.
 */
#define REGION_CHOSEN REGION_KINDS

/*
 * Memory of @len bytes on one side, registered, cold, and reading as zeros. More of
 * struct target_spec can be set behind: responder_target(t, REGION_FSDAX, KiB(64),
 * MR_ODP, .mr_offset = 100, .mr_len = 200).
 */
#define responder_target(t, ...) \
	STEP(t, responder_target, #__VA_ARGS__, TARGET_SPEC(__VA_ARGS__))
#define initiator_target(t, ...) \
	STEP(t, initiator_target, #__VA_ARGS__, TARGET_SPEC(__VA_ARGS__))
#define TARGET_SPEC(kind_, len_, mode_, ...) \
	((struct target_spec){ .kind = kind_, .len = len_, .mode = mode_, __VA_ARGS__ })

/* Gives the registration back; the memory stays. And registers it again, as it was. */
#define target_deregister(t, ...) STEP(t, target_deregister, #__VA_ARGS__, __VA_ARGS__)
#define target_register(t, ...)	  STEP(t, target_register, #__VA_ARGS__, __VA_ARGS__)
/* The errno of changing its rights in place, where that can be: target, enum mr_access */
#define reregistration_errno(t, ...) \
	STEP(t, reregistration_errno, #__VA_ARGS__, __VA_ARGS__)

/*
 * Memory of the side of @implicit, reached by the keys of that implicit region:
 * implicit, kind, len.
 */
#define target_under(t, implicit, ...)                \
	STEP(t, target_under, #__VA_ARGS__, implicit, \
	     TARGET_SPEC(__VA_ARGS__, MR_ODP_IMPLICIT))

/* The errno of registering such a target on the responder, 0 where it succeeds. */
#define registration_errno(t, ...) \
	STEP(t, registration_errno, #__VA_ARGS__, TARGET_SPEC(__VA_ARGS__))

/*
 * The identity of the data that is written: see base/pattern.h. Data is always that of
 * the target it is meant for, at the offset it is meant for. ZEROS: what nobody wrote.
 */
#define GENERATION(n) ((uint16_t)(n))
#define ZEROS	      PATTERN_ZEROS

/* Writes by the file, not by the mapping: what is cold stays cold. */
#define target_fill(t, ...) STEP(t, target_fill, #__VA_ARGS__, __VA_ARGS__)
/* target, its offset; for target, its offset; len, generation */
#define target_fill_for(t, ...) STEP(t, target_fill_for, #__VA_ARGS__, __VA_ARGS__)
/* The CPU stores through the mapping. */
#define target_store(t, ...) STEP(t, target_store, #__VA_ARGS__, __VA_ARGS__)
/* Through the mapping, through the file: is all of it of this generation? */
#define check_mapping(t, ...)  STEP(t, check_mapping, #__VA_ARGS__, __VA_ARGS__)
#define check_file(t, ...)     STEP(t, check_file, #__VA_ARGS__, __VA_ARGS__)
#define check_file_for(t, ...) STEP(t, check_file_for, #__VA_ARGS__, __VA_ARGS__)
/* Each word of one of two generations. */
#define check_either(t, ...)	  STEP(t, check_either, #__VA_ARGS__, __VA_ARGS__)
#define check_mapping_for(t, ...) STEP(t, check_mapping_for, #__VA_ARGS__, __VA_ARGS__)

#define target_evict(t, ...)	  STEP(t, target_evict, #__VA_ARGS__, __VA_ARGS__)
#define target_unmap(t, ...)	  STEP(t, target_unmap, #__VA_ARGS__, __VA_ARGS__)
#define target_map(t, ...)	  STEP(t, target_map, #__VA_ARGS__, __VA_ARGS__)
#define target_remap(t, ...)	  STEP(t, target_remap, #__VA_ARGS__, __VA_ARGS__)
#define target_protect(t, ...)	  STEP(t, target_protect, #__VA_ARGS__, __VA_ARGS__)
#define target_prefetch(t, ...)	  STEP(t, target_prefetch, #__VA_ARGS__, __VA_ARGS__)
/* The errno of an advice: target, offset, len, enum mr_advice, and more of the struct. */
struct advice {
	struct target *target;
	uint64_t offset, len;
	enum mr_advice advice;
	bool async;   /* does not wait, and so cannot tell of a failure */
	uint32_t key; /* in place of the target's, where not 0 */
	const struct local_piece *more; /* of the same side, in the same advice */
	unsigned int pieces;		/* .more's */
};
#define advise_errno(t, ...) \
	STEP(t, advise_errno, #__VA_ARGS__, ((struct advice){ __VA_ARGS__ }))
/* Until so many pages of the range are resident, and the device had time to follow. */
#define await_resident(t, ...) STEP(t, await_resident, #__VA_ARGS__, __VA_ARGS__)

uint64_t target_len(const struct target *target);
uint64_t target_addr(const struct target *target); /* of its mapping */
uint32_t target_lkey(const struct target *target);
uint32_t target_rkey(const struct target *target);
uint64_t target_page_bytes(const struct target *target);
bool target_is_map_sync(const struct target *target);
uint64_t target_resident(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len);

/* ---- expectations ---- */

/*
 * Around a statement: how many pages of @target the device must fault in during it.
 *	expect_faults(t, file, EXACTLY(1)) rdma_write(...);
 * Can be nested, for two targets of one operation.
 */
#define expect_faults(t, target, bounds)                                    \
	WATCH_AS(SCENARIO_GLUE(watch_, __LINE__), t, target, bounds, false, \
		 "expect_faults(" #target ", " #bounds ")")
#define WATCH_AS(name, t, target, bounds, churn, text)                                \
	for (struct watch *name =                                                     \
		     watch_begin(t, target, bounds, churn, text, __FILE__, __LINE__); \
	     name; name = watch_end(t, name))

/*
 * Likewise: the kernel must take pages of @target away from the device during it, and the
 * device must fault some in again.
 */
#define expect_churn(t, target)                                                 \
	WATCH_AS(SCENARIO_GLUE(watch_, __LINE__), t, target, AT_LEAST(1), true, \
		 "expect_churn(" #target ")")

/* A device that faults packet by packet asks twice for a page that two packets share. */
#define PER_PACKET(pages) BETWEEN(pages, 2 * (pages))

#define expect(t, condition, ...)                                                     \
	do {                                                                          \
		if (!(condition))                                                     \
			test_fail_at(t, __FILE__, __LINE__, #condition, __VA_ARGS__); \
	} while (0)

/* What an operation must end with, on each driver; unset: success. */
struct per_driver {
	enum op_status rxe;
	enum op_status mlx5;
	const char *reason; /* why the drivers differ */
};
#define expect_status(t, ...) STEP(t, expect_status, #__VA_ARGS__, __VA_ARGS__)
/*
 * What verbs say of page faults on a transport is what the device says itself, of these
 * operations (enum odp_operation): transport, operations. Needs DEVX.
 */
#define expect_told(t, ...) STEP(t, expect_told, #__VA_ARGS__, __VA_ARGS__)

/* The same of errnos, and of the pages that are faulted in. */
struct errno_per_driver {
	int rxe;
	int mlx5;
	const char *reason;
};
struct faults_per_driver {
	struct bounds rxe;
	struct bounds mlx5;
	const char *reason;
};
int errno_here(struct test *t, const struct errno_per_driver *expected);
struct bounds faults_here(struct test *t, const struct faults_per_driver *expected);

/* @got must be @expected; both are errnos or 0. @what names it. */
#define expect_errno(t, ...) STEP(t, expect_errno, #__VA_ARGS__, __VA_ARGS__)

/* A line for the reader of the result. */
void test_note(struct test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The rest makes no sense here: verdict SKIP, with the reason. */
void test_skip(struct test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* Both sides give up CAP_IPC_LOCK; before any target is made. */
void drop_ipc_lock(struct test *t);
void limit_memlock(struct test *t, uint64_t bytes);
uint64_t pinned_bytes(struct test *t);
/* What the responder's kernel holds for its own use, in bytes; others add to it too. */
uint64_t kernel_memory(struct test *t);

#include "run/attempt.h"
#include "run/background.h"
#include "run/company.h"
#include "run/files.h"
#include "run/invalidation.h"
#include "run/step.h"

#endif
