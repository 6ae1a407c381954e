// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* kernel_log.c - which lines of the kernel's log are complaints; logs that cannot be read */
#include "evidence/kernel_log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"

static void complaint__each_kind(void **state)
{
	static const char *const lines[] = {
		"[   12.345678] WARNING: CPU: 1 PID: 140 at drivers/infiniband/core/"
		"umem_odp.c:353 ib_umem_odp_map_dma_and_lock+0x1/0x2 [ib_core]",
		"[   12.345678] WARNING: mm/gup.c:148 at try_grab_folio+0x1/0x2, CPU#1: "
		"x/7",
		"[   12.345678] BUG: kernel NULL pointer dereference, address: 0",
		"[   12.345678] BUG: sleeping function called from invalid context",
		"[   12.345678] Oops: general protection fault, probably for "
		"non-canonical",
		"[   12.345678] Oops: 0000 [#1] SMP",
		"[   12.345678] kernel BUG at mm/hmm.c:42!",
		"[   12.345678] UBSAN: shift-out-of-bounds in rxe_odp.c:1",
		"[   12.345678] BUG: KASAN: slab-use-after-free in rxe_odp_do_pagefault",
		"[   12.345678] INFO: task odp_test:123 blocked for more than 120 "
		"seconds.",
		"[   12.345678] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
		"[   12.345678] watchdog: BUG: soft lockup - CPU#0 stuck for 26s!",
		"[   12.345678] refcount_t: underflow; use-after-free.",
		"[   12.345678] Unable to handle kernel paging request at virtual "
		"address 0",
		"[   12.345678] unregister_netdevice: waiting for dummy0 to become free",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		char all[512], found[256];

		snprintf(all, sizeof(all), "[1.0] before\n%s\n[3.0] after\n", lines[i]);
		if (!kernel_log_complaint(all, found, sizeof(found)))
			fail_msg("missed: %s", lines[i]);
		assert_string_equal(found, lines[i]);
	}
}

static void complaint__none(void **state)
{
	static const char *const logs[] = {
		NULL,
		"",
		"\n\n",
		"[1.0] odplab: DP-01.write begins\n[1.1] rdma_rxe: loaded\n",
		"[1.0] EXT4-fs (pmem0): DAX enabled. Warning: use at your own risk\n",
		"[1.0] process 'BUG' started\n[1.1] debug: x\n",
	};
	char found[64];

	for (size_t i = 0; i < ARRAY_SIZE(logs); i++)
		assert_false(kernel_log_complaint(logs[i], found, sizeof(found)));
}

static void complaint__the_first_and_cut_to_fit(void **state)
{
	char found[20];

	assert_true(kernel_log_complaint("a\nBUG: one is long enough to be cut\nBUG: two",
					 found, sizeof(found)));
	assert_string_equal(found, "BUG: one is long en");
}

/* Words of one line and the next are no complaint together. */
static void complaint__within_one_line(void **state)
{
	char found[64];

	assert_false(kernel_log_complaint("a BUG\n: b\n", found, sizeof(found)));
	assert_true(kernel_log_complaint("a\nBUG: b", found, sizeof(found)));
	assert_string_equal(found, "BUG: b");
}

static void log__not_readable(void **state)
{
	struct kernel_log log = { -1 };

	kernel_log_mark(&log, "nowhere");
	assert_null(kernel_log_take(&log));
	kernel_log_close(&log);
}

/* open() fails with this, 0: it does not. */
static int open_error;
static int stand_in = -1; /* a file in the place of /dev/kmsg, or -1 */
static int opened_with;	  /* flags of the last open() */

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);

int __wrap_open64(const char *path, int flags, ...)
{
	errno = open_error;
	opened_with = flags;
	if (open_error)
		return -1;
	assert_string_equal(path, "/dev/kmsg");
	return stand_in >= 0 ? dup(stand_in) : __real_open64(path, flags);
}

static void log__that_cannot_be_opened_has_the_reason(void **state)
{
	struct kernel_log log;

	open_error = EPERM;
	kernel_log_open(&log);
	assert_int_equal(log.fd, -1);
	assert_string_equal(log.detail,
			    "/dev/kmsg: Operation not permitted; run as root, "
			    "or set kernel.dmesg_restrict=0");
	open_error = ENOENT;
	kernel_log_open(&log);
	assert_string_equal(log.detail, "/dev/kmsg: No such file or directory");
	open_error = 0;
}

static int make_stand_in(void **state)
{
	stand_in = memfd_create("kmsg", MFD_CLOEXEC);
	return stand_in < 0 || write(stand_in, "earlier", 7) != 7;
}

static int remove_stand_in(void **state)
{
	close(stand_in);
	stand_in = -1;
	return 0;
}

static void open__at_the_end_without_waiting(void **state)
{
	struct kernel_log log;
	int fd;

	lseek(stand_in, 0, SEEK_SET);
	kernel_log_open(&log);
	assert_int_equal(opened_with, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_string_equal(log.detail, "/dev/kmsg");
	assert_int_equal(lseek(log.fd, 0, SEEK_CUR), 7);
	fd = log.fd;
	kernel_log_close(&log);
	assert_int_equal(log.fd, -1);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

/* Each mark has a file of its own, which is closed again. */
static void mark__one_line_cut_to_fit(void **state)
{
	struct kernel_log log = { .fd = stand_in };
	char text[400], all[600] = "", longest[256];
	int lowest = dup(0);

	close(lowest);
	kernel_log_mark(&log, "DP-01 begins");
	assert_int_equal(opened_with, O_WRONLY | O_CLOEXEC);
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	kernel_log_mark(&log, text);
	assert_true(pread(stand_in, all, sizeof(all) - 1, 0) > 0);
	snprintf(longest, sizeof(longest), "<6>odplab: %s", text);
	assert_int_equal(strncmp(all, "earlier<6>odplab: DP-01 begins\n", 31), 0);
	assert_string_equal(all + 31, longest);
	assert_int_equal(dup(0), lowest);
	close(lowest);
	log.fd = -1;
	kernel_log_mark(&log, "nowhere");
	assert_int_equal(lseek(stand_in, 0, SEEK_END), 31 + strlen(longest));
}

/* ---- records, one a read(), as /dev/kmsg gives them; NULL: some are overwritten ---- */

static const char *const *records;
static int records_end; /* errno after the last; 0: the end of a file */

ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	if (!records)
		return __real_read(fd, buf, size);
	if (*records && !**records) {
		errno = records_end;
		return records_end ? -1 : 0;
	}
	if (!*records++) {
		errno = EPIPE;
		return -1;
	}
	assert_true(strlen(records[-1]) <= size);
	memcpy(buf, records[-1], strlen(records[-1]));
	return (ssize_t)strlen(records[-1]);
}

static void take(const char *const *of, int end, const char *expected)
{
	struct kernel_log log = { .fd = 0 };
	char *text;

	records = of;
	records_end = end;
	text = kernel_log_take(&log);
	records = NULL;
	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

/* Documentation/ABI/testing/dev-kmsg has the form of a record. */
static void take__a_line_of_each_record(void **state)
{
	static const char *const some[] = {
		"6,1,5678901,-;mlx5_core 0000:00:04.0: firmware version\n "
		"SUBSYSTEM=pci\n",
		"4,2,3000000000001,-,caller=T7;a;b\n",
		NULL,
		"no record",
		"6,3,7,c;no newline",
		"odd;without a time\n",
		"",
	};
	static const char expected[] =
		"[    5.678901] mlx5_core 0000:00:04.0: firmware version\n"
		"[3000000.000001] a;b\n"
		"[ lines lost ]\n"
		"[    0.000007] no newline\n"
		"[    0.000000] without a time\n";

	take(some, EAGAIN, expected);
	take(some, 0, expected);
	take((const char *const[]){ "" }, EAGAIN, "");
}

/* The kernel's own, where this process may. */
static void mark__is_a_line_of_the_log(void **state)
{
	struct kernel_log log;
	char mark[64], *lines;

	snprintf(mark, sizeof(mark), "unit test %d", (int)getpid());
	kernel_log_open(&log);
	if (log.fd < 0 || access("/dev/kmsg", W_OK)) {
		print_message("/dev/kmsg cannot be read and written here\n");
		kernel_log_close(&log);
		skip();
	}
	kernel_log_mark(&log, mark);
	lines = kernel_log_take(&log);
	kernel_log_close(&log);
	assert_non_null(lines);
	assert_non_null(strstr(lines, mark));
	free(lines);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(log__that_cannot_be_opened_has_the_reason),
	cmocka_unit_test_setup_teardown(open__at_the_end_without_waiting, make_stand_in,
					remove_stand_in),
	cmocka_unit_test_setup_teardown(mark__one_line_cut_to_fit, make_stand_in,
					remove_stand_in),
	cmocka_unit_test(take__a_line_of_each_record),
	cmocka_unit_test(mark__is_a_line_of_the_log),
	cmocka_unit_test(complaint__each_kind),
	cmocka_unit_test(complaint__none),
	cmocka_unit_test(complaint__the_first_and_cut_to_fit),
	cmocka_unit_test(complaint__within_one_line),
	cmocka_unit_test(log__not_readable),
};

int main(void)
{
	return cmocka_run_group_tests_name("kernel_log", tests, NULL, NULL);
}
