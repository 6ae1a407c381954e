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

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);

int __wrap_open64(const char *path, int flags, ...)
{
	errno = open_error;
	return open_error ? -1 : __real_open64(path, flags);
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
