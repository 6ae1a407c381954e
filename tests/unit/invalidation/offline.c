// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * offline.c - a page frame is put to use again only where it was the one that went
 * offline
 */
#include "invalidation/offline.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "fake_files.h"
#include "memory.h"
#include "region/advice.h"

#define UNPOISON "/sys/kernel/debug/hwpoison/unpoison-pfn"
#define OFFSET	 (3 * PAGE_BYTES)

/* The page: its frame before and after the advice, and the errors of the calls. */
static struct {
	uid_t user;
	uint64_t before, after;
	int frames_error, frames_error_after, advise_error;
	unsigned int looked, advised;
} page;

static unsigned char memory[4 * PAGE_BYTES];

uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
	return page.user;
}

int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
	assert_int_equal(mode, W_OK);
	return *fake_file_text(path) ? 0 : -1;
}

int __wrap_residency_frames(const void *addr, size_t len, uint64_t *frames);
int __wrap_residency_frames(const void *addr, size_t len, uint64_t *frames)
{
	assert_ptr_equal(addr, memory + OFFSET);
	assert_int_equal(len, PAGE_BYTES);
	page.looked++;
	*frames = page.advised ? page.after : page.before;
	return page.advised ? page.frames_error_after : page.frames_error;
}

int __wrap_region_advise(struct region *region, uint64_t offset, size_t len,
			 enum region_advice advice);
int __wrap_region_advise(struct region *region, uint64_t offset, size_t len,
			 enum region_advice advice)
{
	assert_int_equal(offset, OFFSET);
	assert_int_equal(len, PAGE_BYTES);
	assert_int_equal(advice, REGION_SOFT_OFFLINE);
	page.advised++;
	return page.advise_error;
}

static int move(void)
{
	struct region region = { .addr = memory, .len = sizeof(memory) };

	page.looked = page.advised = 0;
	return offline_move(&region, OFFSET);
}

static int reset(void **state)
{
	memset(&page, 0, sizeof(page));
	page.before = 4711;
	page.after = 815;
	fake_files_reset();
	fake_file(UNPOISON, "-", 0);
	return 0;
}

static void undoable__as_root_with_the_file(void **state)
{
	assert_true(offline_undoable());
	page.user = 1000;
	assert_false(offline_undoable());
	page.user = 0;
	fake_files_reset();
	assert_false(offline_undoable());
}

static void move__puts_the_frame_to_use(void **state)
{
	assert_int_equal(move(), 0);
	assert_string_equal(fake_file_text(UNPOISON), "4711");
	assert_int_equal(fake_files_writes(), 1);
	assert_int_equal(page.advised, 1);
}

/* The kernel moved another frame: what went offline is not known. */
static void move__another_frame(void **state)
{
	page.after = page.before;
	assert_int_equal(move(), -EAGAIN);
	assert_int_equal(fake_files_writes(), 0);
}

static void move__page_not_present(void **state)
{
	page.before = 0;
	assert_int_equal(move(), -EAGAIN);
	assert_int_equal(page.advised, 0);
	assert_int_equal(fake_files_writes(), 0);
}

/* Whatever took it out of use; nothing depends on it. */
static void release__where_it_can_be(void **state)
{
	struct capture c;
	char text[256];

	offline_release(0);
	page.user = 1000;
	offline_release(12);
	assert_int_equal(fake_files_writes(), 0);
	page.user = 0;
	offline_release(12);
	assert_string_equal(fake_file_text(UNPOISON), "12");
	fake_file(UNPOISON, "-", EBUSY);
	c = capture_start(stderr);
	offline_release(13);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "page frame 13 is out of use until reboot: Device "
				     "or resource busy\n"));
}

static void move__errors(void **state)
{
	page.frames_error = -EIO;
	assert_int_equal(move(), -EIO);
	assert_int_equal(page.advised, 0);
	page.frames_error = 0;

	page.advise_error = -EBUSY;
	assert_int_equal(move(), -EBUSY);
	assert_int_equal(page.looked, 1);
	page.advise_error = 0;

	page.frames_error_after = -EACCES;
	assert_int_equal(move(), -EACCES);
	assert_int_equal(fake_files_writes(), 0);
}

static void move__frame_stays_offline(void **state)
{
	struct capture log;
	char text[256];
	int ret;

	fake_file(UNPOISON, "-", EPERM);
	log = capture_start(stderr);
	ret = move();
	capture_end(&log, text, sizeof(text));
	assert_int_equal(ret, -EPERM);
	one_line(text, UNPOISON, "frame 4711");
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

static const struct CMUnitTest tests[] = {
	TEST(undoable__as_root_with_the_file),
	TEST(move__puts_the_frame_to_use),
	TEST(move__another_frame),
	TEST(move__page_not_present),
	TEST(move__errors),
	TEST(release__where_it_can_be),
	TEST(move__frame_stays_offline),
};

int main(void)
{
	return cmocka_run_group_tests_name("offline", tests, NULL, NULL);
}
