/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * step.h - the functions behind the words of scenario.h
 *
 * Each word is a macro that first notes where the scenario is, so that a failure, a crash
 * or a hang names the step, and then calls the function of the same name.
 */
#ifndef ODPLAB_RUN_STEP_H
#define ODPLAB_RUN_STEP_H

#define STEP(t, function, arguments, ...)                             \
	(test_at(t, __FILE__, __LINE__, #function "(" arguments ")"), \
	 (function)(t, ##__VA_ARGS__))

struct watch;

void test_at(struct test *t, const char *file, int line, const char *step);
void test_fail_at(struct test *t, const char *file, int line, const char *step,
		  const char *format, ...)
	__attribute__((format(printf, 5, 6), noreturn));

struct target *(responder_target)(struct test *t, struct target_spec spec);
struct target *(initiator_target)(struct test *t, struct target_spec spec);
int(registration_errno)(struct test *t, struct target_spec spec);

void(target_deregister)(struct test *t, struct target *target);
int(reregistration_errno)(struct test *t, struct target *target, unsigned int access);
void(target_register)(struct test *t, struct target *target);
struct target *(target_under)(struct test *t, struct target *implicit,
			      struct target_spec spec);
int(advise_errno)(struct test *t, struct advice advice);
void(await_resident)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     uint64_t pages);

void(target_fill)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation);
void(target_fill_for)(struct test *t, struct target *target, uint64_t offset,
		      struct target *meant, uint64_t meant_offset, uint64_t len,
		      uint16_t generation);
void(target_store)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation);
void(check_mapping)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		    uint16_t generation);
void(check_mapping_for)(struct test *t, struct target *target, uint64_t offset,
			struct target *meant, uint64_t meant_offset, uint64_t len,
			uint16_t generation);
void(check_file_for)(struct test *t, struct target *target, uint64_t offset,
		     struct target *meant, uint64_t meant_offset, uint64_t len,
		     uint16_t generation);
void(check_file)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation);

void(check_either)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t one, uint16_t other);

void(target_evict)(struct test *t, struct target *target, uint64_t offset, uint64_t len);
void(target_unmap)(struct test *t, struct target *target, uint64_t offset, uint64_t len);
void(target_map)(struct test *t, struct target *target);
void(target_remap)(struct test *t, struct target *target, uint64_t offset, uint64_t len);
void(target_protect)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_protection protection);
void(target_prefetch)(struct test *t, struct target *target, uint64_t offset,
		      uint64_t len, enum mr_advice advice);

struct watch *watch_begin(struct test *t, struct target *target, struct bounds bounds,
			  bool churn, const char *step, const char *file, int line);
struct watch *watch_end(struct test *t, struct watch *watch);

void(expect_told)(struct test *t, enum odp_transport transport, uint32_t handed_on);
void(expect_status)(struct test *t, enum op_status got,
		    const struct per_driver *expected);
void(expect_errno)(struct test *t, int got, int expected);

#endif
