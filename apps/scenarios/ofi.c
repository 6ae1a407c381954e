// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * ofi.c - OFI: memory and messages of libfabric's providers
 *
 * Over verbs the same expectations hold, as a control.
 */
#include <errno.h>

#include "scenario/scenario.h"

/*
 * Once in each page: a single byte is equal in two generations by chance once in 256. The
 * longest is the inline size of the queue pairs: see QP_INLINE.
 */
static void inject(struct test *t, const void *row)
{
	struct target *sink = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_ANON, KiB(64), MR_ODP);
	const uint64_t len = *(const uint64_t *)row;

	for (uint64_t at = 0; at < KiB(64); at += KiB(4)) {
		target_fill_for(t, source, at, sink, at, len, GENERATION(1));
		rdma_write_injected(t, source, at, sink, at, len);
		check_mapping(t, sink, at, len, GENERATION(1));
		check_mapping(t, sink, at + len, KiB(4) - len, ZEROS);
	}
}

#define INJECT(id_, about_, len_)                                             \
	{                                                                     \
		.id = id_, .about = about_, .needs = NEEDS(RC_WRITE, INLINE), \
		.run = inject, .row = &(const uint64_t)                       \
		{                                                             \
			len_                                                  \
		}                                                             \
	}

static const struct scenario injections[] = {
	INJECT("OFI-01.byte",
	       "the source of fi_inject() of 1 byte can be overwritten at once", 1),
	INJECT("OFI-01.word",
	       "the source of fi_inject() of 8 bytes can be overwritten at once", 8),
	INJECT("OFI-01.most",
	       "the source of fi_inject() of 64 bytes can be overwritten at once", 64),
};
SCENARIO_FAMILY(injections);

/*
 * FI_DELIVERY_COMPLETE, or the acknowledgement of a device. The CPU checks the data right
 * after the completion, many times, as an early completion is a race.
 */
static void deliver(struct test *t, const void *row)
{
	struct target *sink = responder_target(t, REGION_ANON, MiB(1), MR_ODP);
	const uint64_t len = *(const uint64_t *)row;

	for (unsigned int round = 1; round <= 50; round++) {
		rdma_write(t, sink, 0, len, GENERATION(round));
		check_mapping(t, sink, 0, len, GENERATION(round));
	}
}

static const struct scenario deliveries[] = {
	{ "OFI-02.small",
	  "a WRITE of 64 bytes with delivery completion is visible when it completes",
	  NEEDS(RC_WRITE), deliver, &(const uint64_t){ 64 } },
	{ "OFI-02.page",
	  "a WRITE of a page with delivery completion is visible when it completes",
	  NEEDS(RC_WRITE), deliver, &(const uint64_t){ KiB(4) } },
	{ "OFI-02.large",
	  "a WRITE of 1 MiB with delivery completion is visible when it completes",
	  NEEDS(RC_WRITE), deliver, &(const uint64_t){ MiB(1) } },
};
SCENARIO_FAMILY(deliveries);

SCENARIO("OFI-03.memfd",
	 "a WRITE with commit completion is in the memfd when it completes",
	 NEEDS(COMMIT, RC_WRITE))
{
	struct target *memfd = responder_target(t, REGION_MEMFD, KiB(64), MR_ODP);

	rdma_write_durable(t, memfd, 0, KiB(16), GENERATION(1));
	check_file(t, memfd, 0, KiB(16), GENERATION(1));
}

SCENARIO("OFI-03.fsdax",
	 "a WRITE with commit completion is in the DAX file when it completes",
	 NEEDS(COMMIT, FSDAX, RC_WRITE))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	expect_faults(t, file, AT_LEAST(1))
		rdma_write_durable(t, file, 0, KiB(16), GENERATION(1));
	check_file(t, file, 0, KiB(16), GENERATION(1));
}

/*
 * Providers cache registrations by address. The memory is replaced between a
 * deregistration and the next registration, which must not return the cached one.
 */
typedef void replace_fn(struct test *t, struct target *target);

static void replace_mapping(struct test *t, struct target *target)
{
	target_remap(t, target, 0, KiB(64));
}

static void replace_pages(struct test *t, struct target *target)
{
	target_evict(t, target, 0, KiB(64));
}

struct cached {
	enum region_kind kind;
	enum mr_mode mode;
	replace_fn *replace;
	/* of what was written before the replacement: ZEROS or its generation */
	uint16_t left;
};

static void register_again(struct test *t, const void *row)
{
	const struct cached *cached = row;
	struct target *target = responder_target(t, cached->kind, KiB(64), cached->mode);

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	target_deregister(t, target);
	cached->replace(t, target);
	target_register(t, target);
	rdma_read(t, target, 0, KiB(16), cached->left);
	rdma_write(t, target, 0, KiB(16), GENERATION(2));
	check_mapping(t, target, 0, KiB(16), GENERATION(2));
}

#define CACHED(id_, about_, needs_, ...)                                            \
	{                                                                           \
		.id = id_, .about = about_, .needs = needs_, .run = register_again, \
		.row = &(const struct cached)                                       \
		{                                                                   \
			__VA_ARGS__                                                 \
		}                                                                   \
	}

static const struct scenario caches[] = {
	CACHED("OFI-04.anon",
	       "a registration after munmap and mmap of private memory reaches the new "
	       "pages",
	       NEEDS(RC_WRITE, RC_READ), REGION_ANON, MR_ODP, replace_mapping, ZEROS),
	CACHED("OFI-04.memfd",
	       "a registration after munmap and mmap of a memfd reaches the new mapping",
	       NEEDS(RC_WRITE, RC_READ), REGION_MEMFD, MR_ODP, replace_mapping, 1),
	CACHED("OFI-04.fsdax",
	       "a registration after munmap and mmap of a DAX file reaches the new "
	       "mapping",
	       NEEDS(FSDAX, RC_WRITE, RC_READ), REGION_FSDAX, MR_ODP, replace_mapping, 1),
	CACHED("OFI-04.dontneed",
	       "a registration after MADV_DONTNEED reaches the new pages",
	       NEEDS(RC_WRITE, RC_READ), REGION_ANON, MR_ODP, replace_pages, ZEROS),
	CACHED("OFI-04.anon-pinned",
	       "a pinned registration after munmap and mmap of private memory reaches "
	       "the new pages",
	       NEEDS(PINNED), REGION_ANON, MR_PINNED, replace_mapping, ZEROS),
	CACHED("OFI-04.memfd-pinned",
	       "a pinned registration after munmap and mmap of a memfd reaches the new "
	       "mapping",
	       NEEDS(PINNED), REGION_MEMFD, MR_PINNED, replace_mapping, 1),
	CACHED("OFI-04.dontneed-pinned",
	       "a pinned registration after MADV_DONTNEED reaches the new pages",
	       NEEDS(PINNED), REGION_ANON, MR_PINNED, replace_pages, ZEROS),
};
SCENARIO_FAMILY(caches);

/* fi_mr_reg() over every kind of memory, each cold. */
static void reach_kind(struct test *t, const void *row)
{
	const enum region_kind kind = *(const enum region_kind *)row;
	struct target *target = responder_target(t, kind, MiB(2), MR_ODP);

	expect_faults(t, target, AT_LEAST(1))
		rdma_write(t, target, 0, KiB(16), GENERATION(1));
	expect_faults(t, target, NONE)
		rdma_read(t, target, 0, KiB(16), GENERATION(1));
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
}

#define KIND(id_, about_, needs_, kind_)                                         \
	{                                                                        \
		.id = id_, .about = about_,                                      \
		.needs = (needs_) | NEEDS(RC_WRITE, RC_READ), .run = reach_kind, \
		.row = &(const enum region_kind)                                 \
		{                                                                \
			kind_                                                    \
		}                                                                \
	}

static const struct scenario kinds[] = {
	KIND("OFI-06.anon",
	     "private memory can be registered on demand, written and read", 0,
	     REGION_ANON),
	KIND("OFI-06.thp",
	     "memory of transparent huge pages can be registered on demand, written and "
	     "read",
	     0, REGION_THP),
	KIND("OFI-06.hugetlb",
	     "memory of huge pages can be registered on demand, written and read",
	     NEEDS(HUGE_PAGES), REGION_HUGETLB_2M),
	KIND("OFI-06.memfd", "a memfd can be registered on demand, written and read", 0,
	     REGION_MEMFD),
	KIND("OFI-06.tmpfs",
	     "a file on tmpfs can be registered on demand, written and read", 0,
	     REGION_TMPFS),
	KIND("OFI-06.file",
	     "a page-cache file can be registered on demand, written and read",
	     NEEDS(FILE), REGION_FILE),
	KIND("OFI-06.fsdax", "a DAX file can be registered on demand, written and read",
	     NEEDS(FSDAX), REGION_FSDAX),
	KIND("OFI-06.devdax",
	     "a DAX device can be registered on demand, written and read", NEEDS(DEVDAX),
	     REGION_DEVDAX),
};
SCENARIO_FAMILY(kinds);

SCENARIO("OFI-07.pinned", "without ODP a DAX file cannot be registered",
	 NEEDS(FSDAX, PINNED))
{
	expect_errno(t, registration_errno(t, REGION_FSDAX, KiB(64), MR_PINNED),
		     EOPNOTSUPP);
}

SCENARIO("OFI-07.odp", "with ODP a DAX file can be registered and written",
	 NEEDS(FSDAX, ODP, RC_WRITE))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	expect_faults(t, file, EXACTLY(4))
		rdma_write(t, file, 0, KiB(16), GENERATION(1));
	check_file(t, file, 0, KiB(16), GENERATION(1));
}

SCENARIO("OFI-08", "memory that is registered without ODP never faults", NEEDS(PINNED))
{
	struct target *pinned = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);

	expect_faults(t, pinned, NONE)
		rdma_write(t, pinned, 0, KiB(64), GENERATION(1));
	expect_faults(t, pinned, NONE)
		rdma_read(t, pinned, 0, KiB(64), GENERATION(1));
	check_mapping(t, pinned, 0, KiB(64), GENERATION(1));
}

/*
 * Providers change their protocol with the length: injected, copied, fetched by the peer.
 */
static void send_message(struct test *t, const void *row)
{
	struct target *sink = responder_target(t, REGION_ANON, MiB(2), MR_ODP);
	struct target *source = initiator_target(t, REGION_ANON, MiB(2), MR_ODP);
	const uint64_t len = *(const uint64_t *)row;

	target_fill_for(t, source, 0, sink, 0, len, GENERATION(1));
	rdma_send_from(t, source, 0, sink, 0, len);
	check_mapping(t, sink, 0, len, GENERATION(1));
	check_mapping(t, sink, len, MiB(2) - len, ZEROS);
}

#define MESSAGE(id_, about_, len_)                                            \
	{                                                                     \
		.id = id_, .about = about_, .needs = NEEDS(RC_SEND, RC_RECV), \
		.run = send_message, .row = &(const uint64_t)                 \
		{                                                             \
			len_                                                  \
		}                                                             \
	}

static const struct scenario messages[] = {
	MESSAGE("OFI-10.tiny", "a message of 8 bytes arrives with its data", 8),
	MESSAGE("OFI-10.page", "a message of one page arrives with its data", KiB(4)),
	MESSAGE("OFI-10.eager",
		"a message of 16 KiB, at the eager limit, arrives with its data",
		KiB(16)),
	MESSAGE("OFI-10.beyond-eager",
		"a message of 20 KiB, above the eager limit, arrives with its data",
		KiB(20)),
	MESSAGE("OFI-10.large", "a message of 1 MiB arrives with its data", MiB(1)),
};
SCENARIO_FAMILY(messages);

SCENARIO("OFI-13", "each of 20 connections in turn carries a WRITE", NEEDS(RC_WRITE))
{
	struct target *sink = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	for (unsigned int round = 1; round <= 20; round++) {
		reconnect(t);
		rdma_write(t, sink, 0, KiB(4), GENERATION(round));
		check_mapping(t, sink, 0, KiB(4), GENERATION(round));
	}
}
