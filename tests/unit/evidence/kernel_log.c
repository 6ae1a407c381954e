// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* kernel_log.c - what is taken from the kernel's log, and which lines are complaints */
#include "evidence/kernel_log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
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

static void complaint__with_the_flags_of_its_page(void **state)
{
	static const char log[] = "[1] BUG: Bad page state in process x  pfn:1ce1f\n"
				  "[2] page: refcount:0 mapcount:0\n"
				  "[2] flags: 0x10(dirty|node=0)\n"
				  "[2] raw: 000fffffc0000010\n";
	char found[128];

	assert_true(kernel_log_complaint(log, found, sizeof(found)));
	assert_string_equal(found, "[1] BUG: Bad page state in process x  pfn:1ce1f; "
				   "flags: 0x10(dirty|node=0)");
	/* of another line, and of none */
	assert_true(kernel_log_complaint("BUG: b\nBUG: Bad page state\n flags: 1", found,
					 sizeof(found)));
	assert_string_equal(found, "BUG: b");
	assert_true(kernel_log_complaint("BUG: Bad page state\n", found, sizeof(found)));
	assert_string_equal(found, "BUG: Bad page state");
}

/* As VT-d, AMD-Vi and SMMUs report it. */
static void complaint__of_an_iommu(void **state)
{
	static const char *const faults[] = {
		"DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0x12000 "
		"[fault reason 0x06] PTE Read access is not set",
		"mlx5_core 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT "
		"domain=0x000d address=0x12000 flags=0x0020]",
		"arm-smmu-v3 1.auto: event: F_TRANSLATION client: 0000:01:00.0 sid: "
		"0x100",
		"arm-smmu 1.auto: Unhandled context fault: fsr=0x402, iova=0x00012000",
	};
	char found[256];

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		assert_true(kernel_log_complaint(faults[i], found, sizeof(found)));
		assert_string_equal(found, faults[i]);
	}
	assert_false(kernel_log_complaint("DMAR: IOMMU enabled", found, sizeof(found)));
}

/* Words of one line and the next are no complaint together. */
static void complaint__within_one_line(void **state)
{
	char found[64];

	assert_false(kernel_log_complaint("a BUG\n: b\n", found, sizeof(found)));
	assert_true(kernel_log_complaint("a\nBUG: b", found, sizeof(found)));
	assert_string_equal(found, "BUG: b");
}

/*
 * A file stands for /dev/kmsg: each open() of it has an offset of its own. It holds one
 * record at a time, as a read() of the device gives no more. -1: open() fails with
 * @open_error.
 */
static int kmsg = -1, writers, open_error;
static bool real;	   /* the kernel's own, in the place of the file */
static bool overrun;	   /* records were lost before the next one */
static int warn_once = -1; /* in the place of clear_warn_once of debugfs */

/*
 * It is not instrumented: what records the functions that are entered opens its file
 * here.
 */
int __wrap_open(const char *path, int flags, ...) __attribute__((no_instrument_function));
int __wrap_open(const char *path, int flags, ...)
{
	char file[32];
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (strcmp(path, "/sys/kernel/debug/clear_warn_once") == 0) {
		snprintf(file, sizeof(file), "/proc/self/fd/%d", warn_once);
		return openat(AT_FDCWD, file, flags);
	}
	if (real || strcmp(path, "/dev/kmsg") != 0)
		return openat(AT_FDCWD, path, flags, mode);
	if (kmsg < 0) {
		errno = open_error;
		return -1;
	}
	if ((flags & O_ACCMODE) == O_RDONLY)
		assert_true(flags & O_NONBLOCK);
	else
		writers++;
	assert_true(flags & O_CLOEXEC);
	snprintf(file, sizeof(file), "/proc/self/fd/%d", kmsg);
	return openat(AT_FDCWD, file, flags);
}

/* The name that open() has where files are large. */
int __wrap_open64(const char *path, int flags, ...) __attribute__((alias("__wrap_open")));

ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	if (!overrun)
		return __real_read(fd, buf, size);
	overrun = false;
	errno = EPIPE;
	return -1;
}

static void log_record(const char *record)
{
	assert_int_equal(lseek(kmsg, 0, SEEK_END) < 0, 0);
	assert_int_equal(write(kmsg, record, strlen(record)), strlen(record));
}

static void takes(struct kernel_log *log, const char *expected)
{
	char *text = kernel_log_take(log);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static int make_log(void **state)
{
	kmsg = memfd_create("kmsg", MFD_CLOEXEC);
	writers = 0;
	return kmsg < 0;
}

static int remove_log(void **state)
{
	int fd = kmsg;

	kmsg = -1;
	return close(fd);
}

/* From the end of the log on; a record is its text, without the keys that follow it. */
static void log__is_taken(void **state)
{
	struct kernel_log log;

	log_record("6,1,1,-;before\n");
	kernel_log_open(&log);
	assert_true(log.fd >= 0);
	takes(&log, "");
	log_record("6,1234,5678901,-;text; of it\n SUBSYSTEM=pci\n");
	takes(&log, "[    5.678901] text; of it\n");
	takes(&log, "");
	log_record("no record\n");
	takes(&log, "");
	log_record("4,2,12345000042,c;late\n");
	overrun = true;
	takes(&log, "[ lines lost ]\n[12345.000042] late\n");
	kernel_log_close(&log);
}

static void log__is_asked_to_warn_again(void **state)
{
	struct kernel_log log = { -1 };
	char text[8] = "";

	warn_once = memfd_create("warn-once", MFD_CLOEXEC);
	assert_true(warn_once >= 0);
	kernel_log_warn_again(&log);
	assert_int_equal(pread(warn_once, text, sizeof(text), 0), 0);
	kernel_log_open(&log);
	kernel_log_warn_again(&log);
	assert_int_equal(pread(warn_once, text, sizeof(text), 0), 1);
	assert_string_equal(text, "1");
	close(warn_once);
	/* nothing is there to be written to, and that is no error */
	kernel_log_warn_again(&log);
	kernel_log_close(&log);
}

static void log__is_closed(void **state)
{
	struct kernel_log log;
	int fd;

	kernel_log_open(&log);
	fd = log.fd;
	kernel_log_close(&log);
	assert_int_equal(log.fd, -1);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

/* Each mark has a file of its own, which the kernel limits one by one. */
static void log__is_marked(void **state)
{
	struct kernel_log log;
	char text[64] = "";

	kernel_log_open(&log);
	kernel_log_mark(&log, "DP-01 begins");
	assert_int_equal(pread(kmsg, text, sizeof(text) - 1, 0), 24);
	assert_string_equal(text, "<6>odplab: DP-01 begins\n");
	kernel_log_mark(&log, "x");
	assert_int_equal(writers, 2);
	assert_int_equal(dup(kmsg), log.fd + 1); /* they are closed */
	close(log.fd + 1);
	kernel_log_close(&log);
	/* a log that is not read is not written either */
	kernel_log_mark(&log, "x");
	assert_int_equal(writers, 2);
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
}

static int use_real(void **state)
{
	real = true;
	return 0;
}

static int use_file(void **state)
{
	real = false;
	return 0;
}

/* Where this process may write to the kernel's own, which takes less than a file does. */
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

static void log__not_readable(void **state)
{
	struct kernel_log log = { -1 };

	kernel_log_mark(&log, "nowhere");
	assert_null(kernel_log_take(&log));
	kernel_log_close(&log);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(complaint__each_kind),
	cmocka_unit_test(complaint__none),
	cmocka_unit_test(complaint__the_first_and_cut_to_fit),
	cmocka_unit_test(complaint__of_an_iommu),
	cmocka_unit_test(complaint__within_one_line),
	cmocka_unit_test(complaint__with_the_flags_of_its_page),
	cmocka_unit_test_setup_teardown(log__is_taken, make_log, remove_log),
	cmocka_unit_test_setup_teardown(log__is_asked_to_warn_again, make_log,
					remove_log),
	cmocka_unit_test_setup_teardown(log__is_closed, make_log, remove_log),
	cmocka_unit_test_setup_teardown(log__is_marked, make_log, remove_log),
	cmocka_unit_test(log__that_cannot_be_opened_has_the_reason),
	cmocka_unit_test_setup_teardown(mark__is_a_line_of_the_log, use_real, use_file),
	cmocka_unit_test(log__not_readable),
};

int main(void)
{
	return cmocka_run_group_tests_name("kernel_log", tests, NULL, NULL);
}
