// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* uffd.c - INV-15, ERR-18: userfaultfd resolves the page faults, after a delay */
#include "base/clock.h"
#include "case.h"

#define DELAY_MS 300

SCENARIO("INV-15.missing",
	 "READ of a page that userfaultfd fills late waits for it and returns its data",
	 NEEDS(USERFAULTFD, ODP, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	uint64_t begin, answers, present;

	uffd_delay_missing(t, memory, DELAY_MS, GENERATION(1));
	begin = clock_ns();
	expect_faults(t, memory, EXACTLY(2))
		rdma_read(t, memory, KiB(16), KiB(8), GENERATION(1));
	expect(t, clock_ns() - begin >= DELAY_MS * NSEC_PER_MSEC,
	       "the operation did not wait for its pages");
	rdma_write(t, memory, KiB(32), KiB(4), GENERATION(2));
	answers = uffd_delay_stop(t, memory);
	/* also those that the device had faulted in along with the three */
	present = target_resident(t, memory, 0, KiB(64));
	expect(t, answers >= 3 && answers == present,
	       "userfaultfd delayed %llu pages, expected 3 or more, and the %llu present",
	       (unsigned long long)answers, (unsigned long long)present);
	check_mapping(t, memory, KiB(16), KiB(8), GENERATION(1));
	check_mapping(t, memory, KiB(32), KiB(4), GENERATION(2));
}

/* A device may report a fault again that was resolved: it would wait for a page, too. */
static void await_repeats(struct test *t)
{
	clock_sleep_ns(patience(t, 50 * NSEC_PER_MSEC));
}

SCENARIO("INV-15.protected",
	 "WRITE to a page that userfaultfd write-protects waits until it is released; "
	 "READ does not",
	 NEEDS(USERFAULTFD, ODP, RC_WRITE, RC_READ))
{
	/* with a writable region mlx5 would fault for writing for its READ as well */
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	struct target *readable;
	uint64_t begin, answers;

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	readable = target_second_mr(t, memory, 0, KiB(64), MR_READ_ONLY);
	await_repeats(t);
	uffd_delay_writes(t, memory, DELAY_MS);
	rdma_read(t, readable, 0, KiB(64), GENERATION(1));
	begin = clock_ns();
	expect_churn(t, memory)
		rdma_write(t, memory, KiB(16), KiB(4), GENERATION(2));
	expect(t, clock_ns() - begin >= DELAY_MS * NSEC_PER_MSEC,
	       "the write did not wait for its page");
	answers = uffd_delay_stop(t, memory) - watch_neighbours(t);
	expect(t, answers == 1, "%llu writes were delayed, expected 1",
	       (unsigned long long)answers);
	check_mapping(t, memory, KiB(16), KiB(4), GENERATION(2));
	check_mapping(t, memory, KiB(20), KiB(44), GENERATION(1));
}

SCENARIO("INV-15.traffic",
	 "while pages are dropped that userfaultfd refills late with zeros, READ never "
	 "returns old data",
	 NEEDS(USERFAULTFD, ODP, RC_WRITE, RC_READ))
{
	/* a device may fault all 64 pages in at once, each of a millisecond and more */
	uint32_t pause_us = (uint32_t)(patience(t, 128 * NSEC_PER_MSEC) / NSEC_PER_USEC);
	uint64_t answers;
	struct target *memory = responder_target(t, REGION_ANON, KiB(256), MR_ODP);

	uffd_delay_missing(t, memory, 1, ZEROS);
	expect_churn(t, memory)
		slow_storm(t, memory, BY_DONTNEED, pause_us)
			traffic(t, memory, test_iterations(t, 10, 1000), LOSES);
	check_traffic(t, memory, LOSES);
	answers = uffd_delay_stop(t, memory);
	test_note(t, "userfaultfd delayed %llu pages", (unsigned long long)answers);
	expect(t, answers > 0, "userfaultfd delayed no page");
}

/* A driver that serves so many faults at a time serves no other one meanwhile. */
static void read_beside(struct test *t, const void *row)
{
	const unsigned int *waiting = row;
	uint32_t delay_ms = (uint32_t)(patience(t, NSEC_PER_SEC) / NSEC_PER_MSEC);
	struct target *memory =
		responder_target(t, REGION_ANON, KiB(4) * *waiting, MR_ODP);
	struct target *other = responder_target(t, REGION_ANON, KiB(4), MR_ODP);
	uint64_t took;

	use_pairs(t, *waiting + 1);
	uffd_delay_missing(t, memory, delay_ms, ZEROS);
	took = rdma_read_beside(t, memory, KiB(4), other);
	expect(t, took < delay_ms / 2 * NSEC_PER_MSEC,
	       "a READ of a region that no userfaultfd serves took %llu ms, as one that "
	       "waits",
	       (unsigned long long)(took / NSEC_PER_MSEC));
}

static const unsigned int one = 1, many = 33;
static const struct scenario crowds[] = {
	{ "INV-15.beside",
	  "a page fault is resolved while another one waits for userfaultfd",
	  NEEDS(USERFAULTFD, ODP, RC_READ), read_beside, &one },
	{ "INV-15.beside-many",
	  "a page fault is resolved while 33 others wait for userfaultfd",
	  NEEDS(USERFAULTFD, ODP, RC_READ), read_beside, &many },
};
SCENARIO_FAMILY(crowds);

/* A way to resolve a fault, and what the page holds then. */
struct resolved {
	enum uffd_way way;
	enum region_kind kind;
	uint16_t generation;
};

static void read_resolved(struct test *t, const void *row)
{
	const struct resolved *resolved = row;
	struct target *memory = responder_target(t, resolved->kind, KiB(64), MR_ODP);
	uint64_t answers;

	if (resolved->way == UFFD_CONTINUE)
		target_fill(t, memory, 0, KiB(64), resolved->generation);
	uffd_delay_by(t, memory, resolved->way, 1, resolved->generation);
	expect_faults(t, memory, EXACTLY(2))
		rdma_read(t, memory, KiB(16), KiB(8), resolved->generation);
	rdma_write(t, memory, KiB(32), KiB(4), GENERATION(2));
	answers = uffd_delay_stop(t, memory);
	expect(t, answers >= 3, "userfaultfd resolved %llu faults, expected 3 or more",
	       (unsigned long long)answers);
	check_mapping(t, memory, KiB(16), KiB(8), resolved->generation);
	check_mapping(t, memory, KiB(32), KiB(4), GENERATION(2));
}

static const struct scenario resolutions[] = {
	{ "INV-15.zero", "READ of a page that userfaultfd fills with zeros returns zeros",
	  NEEDS(USERFAULTFD, ODP, RC_WRITE, RC_READ), read_resolved,
	  &(const struct resolved){ UFFD_ZERO, REGION_ANON, ZEROS } },
	{ "INV-15.move",
	  "READ of a page that userfaultfd moves there (UFFDIO_MOVE) returns its data",
	  NEEDS(USERFAULTFD, ODP, RC_WRITE, RC_READ), read_resolved,
	  &(const struct resolved){ UFFD_MOVE, REGION_ANON, GENERATION(1) } },
	{ "INV-15.continue",
	  "READ of a page of a file that userfaultfd maps (UFFDIO_CONTINUE) returns its "
	  "data",
	  NEEDS(USERFAULTFD, ODP, RC_WRITE, RC_READ), read_resolved,
	  &(const struct resolved){ UFFD_CONTINUE, REGION_MEMFD, GENERATION(1) } },
};
SCENARIO_FAMILY(resolutions);

SCENARIO(
	"ERR-18",
	"an access to a page that userfaultfd marks as failed (UFFDIO_POISON) is refused",
	NEEDS(USERFAULTFD, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, MiB(8), MR_ODP);
	enum op_status status;

	rdma_write(t, memory, 0, KiB(16), GENERATION(1));
	uffd_delay_by(t, memory, UFFD_POISON, 1, ZEROS);
	/* farther away than what a device may take along with the first pages */
	status = rdma_read_status(t, memory, MiB(6), KiB(4));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	uffd_delay_stop(t, memory);
	rdma_read(t, memory, 0, KiB(16), GENERATION(1));
	rdma_write(t, memory, 0, KiB(16), GENERATION(2));
	check_mapping(t, memory, 0, KiB(16), GENERATION(2));
}
