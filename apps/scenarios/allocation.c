// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * allocation.c - ALLOC: allocations of the kernel that fail
 *
 * Each is let fail by the kernel's own fault injection, as memory pressure lets it fail
 * once in a while. What was asked for may end with an error then. It must leave nothing,
 * and the same must succeed afterwards.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "scenario/scenario.h"

#define LEN	    MiB(4)
#define ALLOCATIONS 500u
/* A page list that each of so many failures leaves is more. */
#define NOISE MiB(1)

static uint64_t grown(struct test *t, uint64_t before)
{
	uint64_t now = kernel_memory(t);

	return now > before ? now - before : 0;
}

/* Registered with an allocation that failed, and successfully all the same: it works. */
static void use_once(struct test *t, struct target *target, uint16_t generation)
{
	rdma_write(t, target, 0, KiB(16), GENERATION(generation));
	check_mapping(t, target, 0, KiB(16), GENERATION(generation));
	target_deregister(t, target);
}

struct registration {
	enum region_kind kind;
	enum mr_mode mode;
	unsigned int access; /* 0: read and write */
};

static void fail_each_of_a_registration(struct test *t, const void *row)
{
	const struct registration *registration = row;
	struct target *target =
		responder_target(t, registration->kind, LEN, registration->mode,
				 .access = registration->access, .unregistered = true);
	unsigned int nth = 0, succeeded = 0;
	bool failed = true;
	uint64_t before;

	/* what is kept for the next registration is there already */
	target_register(t, target);
	use_once(t, target, 1);
	before = kernel_memory(t);
	while (failed) {
		int error = registration_errno_without(t, target, ++nth, &failed);

		expect(t, !error || (failed && error == ENOMEM),
		       "without allocation %u it ended with %s (%d)", nth,
		       strerror(error), error);
		expect(t, nth <= ALLOCATIONS, "more than %u allocations", ALLOCATIONS);
		if (!error)
			use_once(t, target, (uint16_t)(nth + 1));
		succeeded += failed && !error;
	}
	test_note(t,
		  "of %u allocations each failed once; the registration succeeded "
		  "without %u of them; the kernel holds %" PRIu64 " KiB more",
		  nth - 1, succeeded, grown(t, before) / 1024);
	expect(t, nth > 1, "a registration without an allocation");
	expect(t, grown(t, before) <= NOISE, "the kernel holds %" PRIu64 " bytes more",
	       grown(t, before));
}

#define REGISTRATION(word, about_, needs_, ...)                     \
	{                                                           \
		.id = "ALLOC-01." word,                             \
		.about = about_,                                    \
		.needs = needs_,                                    \
		.run = fail_each_of_a_registration,                 \
		.row = &(const struct registration){ __VA_ARGS__ }, \
	}

static const struct scenario registrations[] = {
	REGISTRATION(
		"anon",
		"whichever allocation of its registration fails, a region of private "
		"memory is registered or ENOMEM, and nothing is left",
		NEEDS(FAIL_ALLOC, ODP, KERNEL_DRIVER, RC_WRITE), REGION_ANON, MR_ODP),
	REGISTRATION("fsdax",
		     "whichever allocation of its registration fails, a region of a DAX "
		     "file is registered or ENOMEM, and nothing is left",
		     NEEDS(FAIL_ALLOC, ODP, FSDAX, KERNEL_DRIVER, RC_WRITE), REGION_FSDAX,
		     MR_ODP),
	REGISTRATION("implicit",
		     "whichever allocation of its registration fails, an implicit region "
		     "is registered or ENOMEM, and nothing is left",
		     NEEDS(FAIL_ALLOC, IMPLICIT, KERNEL_DRIVER, RC_WRITE), REGION_ANON,
		     MR_ODP_IMPLICIT),
	REGISTRATION("huge-pages",
		     "whichever allocation of its registration fails, a region of huge "
		     "pages is registered or ENOMEM, and nothing is left",
		     NEEDS(FAIL_ALLOC, ODP, HUGE_PAGES, KERNEL_DRIVER, RC_WRITE),
		     REGION_HUGETLB_2M, MR_ODP),
	REGISTRATION("pinned",
		     "whichever allocation of its registration fails, a pinned region is "
		     "registered or ENOMEM, and nothing is left",
		     NEEDS(FAIL_ALLOC, PINNED, KERNEL_DRIVER, RC_WRITE), REGION_ANON,
		     MR_PINNED),
};
SCENARIO_FAMILY(registrations);

#define ACCESS	 KiB(64)
#define FEWEST	 64 /* in the last round each 64th allocation fails: not all accesses */
#define ATTEMPTS 4  /* of a round */

/* So that the next access allocates its pages anew. */
typedef void discard_fn(struct test *t, struct target *memory);

static void evict(struct test *t, struct target *memory)
{
	target_evict(t, memory, 0, ACCESS);
}

static void punch(struct test *t, struct target *memory)
{
	target_punch(t, memory, 0, ACCESS);
}

struct access {
	enum region_kind kind;
	enum mr_mode mode;
	discard_fn *discard;
	enum rdma_opcode opcode;
	enum fail_alloc_work work;
};

/* How the accesses of a scenario have ended. */
struct tally {
	unsigned int succeeded, refused;
	uint64_t failed; /* allocations */
};

/* Accesses cold pages while each @every-th allocation of their page faults fails. */
static void access_without(struct test *t, struct target *memory,
			   const struct access *access, unsigned int every,
			   struct tally *tally)
{
	uint16_t generation = (uint16_t)(tally->succeeded + tally->refused + 1);
	enum op_status status;

	access->discard(t, memory);
	allocations_fail(t, memory, access->work, every);
	status = attempt(t, access->opcode, memory, 0, ACCESS,
			 access->opcode == RDMA_WRITE ? GENERATION(generation) : 0);
	tally->failed += allocations_failed(t, memory);
	if (status == OP_SUCCESS) {
		tally->succeeded++;
		if (access->opcode == RDMA_WRITE)
			check_mapping(t, memory, 0, ACCESS, GENERATION(generation));
		return;
	}
	tally->refused++;
	expect(t, status != OP_RETRY_EXC_ERR, "the responder did not answer");
	reconnect(t);
}

static void fail_some_of_a_fault(struct test *t, const void *row)
{
	const struct access *access = row;
	struct target *memory = responder_target(t, access->kind, LEN, access->mode);
	struct tally tally = { 0 };

	for (unsigned int every = 1; every <= FEWEST; every *= 2)
		for (unsigned int i = 0; i < ATTEMPTS; i++)
			access_without(t, memory, access, every, &tally);
	test_note(t, "%" PRIu64 " allocations failed; %u accesses succeeded, %u did not",
		  tally.failed, tally.succeeded, tally.refused);
	expect(t, tally.failed, "no allocation was let fail");
	rdma_write(t, memory, 0, ACCESS, GENERATION(1000));
	check_mapping(t, memory, 0, ACCESS, GENERATION(1000));
}

#define ACCESS_ROW(word, about_, needs_, ...)                 \
	{                                                     \
		.id = "ALLOC-02." word,                       \
		.about = about_,                              \
		.needs = needs_,                              \
		.run = fail_some_of_a_fault,                  \
		.row = &(const struct access){ __VA_ARGS__ }, \
	}

static const struct scenario accesses[] = {
	ACCESS_ROW("write",
		   "a WRITE for whose page faults allocations fail leaves its data or "
		   "ends with an error, and the next one succeeds",
		   NEEDS(FAIL_ALLOC, DEVICE, ODP, RC_WRITE), REGION_ANON, MR_ODP, evict,
		   RDMA_WRITE, FAIL_ALLOC_PAGING),
	ACCESS_ROW("read",
		   "a READ for whose page faults allocations fail succeeds or ends with "
		   "an error, and the next WRITE succeeds",
		   NEEDS(FAIL_ALLOC, DEVICE, ODP, RC_READ, RC_WRITE), REGION_ANON, MR_ODP,
		   evict, RDMA_READ, FAIL_ALLOC_PAGING),
	ACCESS_ROW(
		"fsdax",
		"a WRITE to holes of a DAX file for whose page faults allocations fail "
		"leaves its data or ends with an error, and the next one succeeds",
		NEEDS(FAIL_ALLOC, DEVICE, ODP, FSDAX, RC_WRITE), REGION_FSDAX, MR_ODP,
		punch, RDMA_WRITE, FAIL_ALLOC_PAGING),
	ACCESS_ROW("implicit",
		   "a WRITE for whose page faults mlx5 gets no memory leaves its data in "
		   "the implicit region or ends with an error, and the next one succeeds",
		   NEEDS(FAIL_ALLOC, DEVX, IMPLICIT, RC_WRITE), REGION_ANON,
		   MR_ODP_IMPLICIT, evict, RDMA_WRITE, FAIL_ALLOC_HANDLER),
	ACCESS_ROW("handler",
		   "a WRITE for whose page faults mlx5 gets no memory leaves its data or "
		   "ends with an error, and the next one succeeds",
		   NEEDS(FAIL_ALLOC, DEVX, ODP, RC_WRITE), REGION_ANON, MR_ODP, evict,
		   RDMA_WRITE, FAIL_ALLOC_HANDLER),
};
SCENARIO_FAMILY(accesses);

SCENARIO("ALLOC-03",
	 "memory that was mapped anew while the allocations of its invalidation failed "
	 "is read by the device as the CPU reads it",
	 NEEDS(FAIL_ALLOC, DEVICE, ODP, RC_READ, RC_WRITE))
{
	struct target *memory = responder_target(t, REGION_ANON, LEN, MR_ODP);
	uint64_t failed;

	rdma_write(t, memory, 0, LEN, GENERATION(1));
	allocations_fail(t, memory, FAIL_ALLOC_INVALIDATION, 1);
	target_remap(t, memory, 0, LEN);
	failed = allocations_failed(t, memory);
	test_note(t, "%" PRIu64 " allocations failed", failed);
	if (!failed)
		test_skip(t, "an invalidation allocates nothing on this kernel");
	rdma_read(t, memory, 0, LEN, ZEROS);
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
}
