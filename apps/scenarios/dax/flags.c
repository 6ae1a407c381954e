// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flags.c - DAX: flags of a file that is mapped (chattr, FS_IOC_FSSETXATTR) */
#include "scenario/scenario.h"

struct flag {
	enum file_call set;
};

/*
 * A filesystem may let a process write that has the file open already (xfs does), or no
 * process (ext4): the device must get the same answer as write().
 */
static void protect_by_flag(struct test *t, const void *row)
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	const struct flag *flag = row;
	enum op_status status;
	int error;

	rdma_write(t, file, 0, KiB(16), GENERATION(1));
	error = file_call_errno(t, file, flag->set, 0, KiB(64), file);
	if (error)
		test_skip(t, "the filesystem does not set the flag (errno %d)", error);
	error = file_call_errno(t, file, FILE_REWRITE, 0, KiB(4), file);
	test_note(t, "write() returned errno %d", error);
	for (uint64_t offset = 0; offset <= KiB(32); offset += KiB(32)) {
		status = rdma_write_status(t, file, offset, KiB(4), GENERATION(2));
		expect(t, (status == OP_SUCCESS) == !error,
		       "write() returned errno %d, but WRITE to page %llu completed with "
		       "%s",
		       error, (unsigned long long)(offset / PAGE_BYTES),
		       op_status_name(status));
		if (status != OP_SUCCESS)
			reconnect(t);
	}
	rdma_read(t, file, KiB(4), KiB(12), GENERATION(1));
}

static const struct scenario protections[] = {
	{ "DAX-25.immutable",
	  "WRITE to a file that became immutable is refused where write() is, also to a "
	  "page that the device has",
	  NEEDS(DEVICE, FSDAX, ROOT, RC_WRITE, RC_READ), protect_by_flag,
	  &(const struct flag){ FILE_IMMUTABLE } },
	{ "DAX-25.append-only",
	  "WRITE to a file that became append-only is refused where write() is, also to "
	  "a page that the device has",
	  NEEDS(DEVICE, FSDAX, ROOT, RC_WRITE, RC_READ), protect_by_flag,
	  &(const struct flag){ FILE_APPEND_ONLY } },
};
SCENARIO_FAMILY(protections);

/* It has no effect where the mount is dax=always, else when the file is closed. */
SCENARIO(
	"DAX-25.dax",
	"the region of an open file stays coherent while FS_XFLAG_DAX is set and cleared",
	NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	for (uint16_t turn = 1; turn <= 4; turn++) {
		int error;

		rdma_write(t, file, 0, KiB(16) * turn, GENERATION(turn));
		error = file_call_errno(t, file, FILE_TOGGLE_DAX, 0, KiB(64), file);
		if (error)
			test_skip(t, "the filesystem does not change it (errno %d)",
				  error);
		check_file(t, file, 0, KiB(16) * turn, GENERATION(turn));
		rdma_read(t, file, 0, KiB(16) * turn, GENERATION(turn));
	}
}
