// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* shutdown.c - DAX: a filesystem that is shut down, and one that is to be read-only */
#include <errno.h>

#include "scenario/scenario.h"

struct shutdown {
	enum shutdown_how how;
};

static void write_is_refused(struct test *t, struct target *file, uint64_t offset)
{
	enum op_status status = OP_SUCCESS;

	expect_within(t, 5 * NSEC_PER_SEC)
		status = rdma_write_status(t, file, offset, KiB(4), GENERATION(3));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
}

/*
 * The journal ends, and with it what allocates blocks. The kernel unmaps no page (it does
 * when the memory fails), so that a device goes on with those that it has, except after
 * SHUTDOWN_FLUSHED: that freezes the filesystem first, which makes pages read-only.
 */
static void shut_down(struct test *t, const void *row)
{
	struct target *file = responder_target(t, REGION_FSDAX, MiB(2), MR_ODP);
	enum shutdown_how how = ((const struct shutdown *)row)->how;
	enum op_status status = OP_SUCCESS;

	target_fill(t, file, KiB(512), KiB(64), GENERATION(1));
	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	expect_within(t, 5 * NSEC_PER_SEC)
		expect_errno(t, shut_down_errno(t, file, how), 0);
	if (how == SHUTDOWN_FLUSHED) {
		write_is_refused(t, file, 0);
	} else {
		expect_faults(t, file, NONE)
			rdma_write(t, file, 0, KiB(16), GENERATION(2));
		rdma_read(t, file, KiB(16), KiB(48), GENERATION(1));
	}
	write_is_refused(t, file, MiB(1));
	write_is_refused(t, file, KiB(512));
	/* a filesystem may look up a block that it has */
	expect_within(t, 5 * NSEC_PER_SEC)
		status = attempt(t, RDMA_READ, file, .offset = KiB(544));
	test_note(t, "READ of a cold page that has a block ended with %s",
		  op_status_name(status));
}

static const struct scenario shutdowns[] = {
	{ "DAX-22.unflushed",
	  "after a filesystem is shut down at once, WRITE to a cold page is refused "
	  "within 5 s, and pages that the device has stay accessible",
	  NEEDS(DEVICE, FSDAX, ROOT, RC_WRITE, RC_READ, HAZARD), shut_down,
	  &(const struct shutdown){ SHUTDOWN_UNFLUSHED } },
	{ "DAX-22.logged",
	  "after a filesystem has written its journal and is shut down, WRITE to a cold "
	  "page is refused within 5 s, and pages that the device has stay accessible",
	  NEEDS(DEVICE, FSDAX, ROOT, RC_WRITE, RC_READ, HAZARD), shut_down,
	  &(const struct shutdown){ SHUTDOWN_LOGGED } },
	{ "DAX-22.flushed",
	  "after a filesystem is flushed and shut down, WRITE is refused within 5 s, "
	  "also "
	  "to a page that the device had",
	  NEEDS(DEVICE, FSDAX, ROOT, RC_WRITE, RC_READ, HAZARD), shut_down,
	  &(const struct shutdown){ SHUTDOWN_FLUSHED } },
};
SCENARIO_FAMILY(shutdowns);

struct remount {
	bool mount_alone;
};

static void remount(struct test *t, const void *row)
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	bool mount_alone = ((const struct remount *)row)->mount_alone;

	rdma_write(t, file, 0, KiB(16), GENERATION(1));
	expect_errno(t, remount_errno(t, file, mount_alone), EBUSY);
	expect_faults(t, file, NONE)
		rdma_write(t, file, 0, KiB(16), GENERATION(2));
	expect_faults(t, file, EXACTLY(4))
		rdma_write(t, file, KiB(16), KiB(16), GENERATION(2));
	check_mapping(t, file, 0, KiB(32), GENERATION(2));
}

static const struct scenario remounts[] = {
	{ "DAX-23.filesystem",
	  "a filesystem cannot be made read-only (EBUSY) while a region maps it, and the "
	  "region keeps working",
	  NEEDS(FSDAX, UNMOUNT, RC_WRITE), remount,
	  &(const struct remount){ .mount_alone = false } },
	{ "DAX-23.mount",
	  "a mount cannot be made read-only (EBUSY) while a region maps its filesystem, "
	  "and the region keeps working",
	  NEEDS(FSDAX, UNMOUNT, RC_WRITE), remount,
	  &(const struct remount){ .mount_alone = true } },
};
SCENARIO_FAMILY(remounts);
