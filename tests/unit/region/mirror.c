// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mirror.c - what is asked of the test driver, and what its replies become */
#include "region/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "capture.h"

/* As lib/test_hmm_uapi.h has it. */
struct hmm_dmirror_cmd {
	uint64_t addr;
	uint64_t ptr;
	uint64_t npages;
	uint64_t cpages;
	uint64_t faults;
};

#define HMM_DMIRROR_READ	    _IOWR('H', 0x00, struct hmm_dmirror_cmd)
#define HMM_DMIRROR_WRITE	    _IOWR('H', 0x01, struct hmm_dmirror_cmd)
#define HMM_DMIRROR_MIGRATE_TO_DEV  _IOWR('H', 0x02, struct hmm_dmirror_cmd)
#define HMM_DMIRROR_SNAPSHOT	    _IOWR('H', 0x04, struct hmm_dmirror_cmd)
#define HMM_DMIRROR_EXCLUSIVE	    _IOWR('H', 0x05, struct hmm_dmirror_cmd)
#define HMM_DMIRROR_CHECK_EXCLUSIVE _IOWR('H', 0x06, struct hmm_dmirror_cmd)
#define HMM_DMIRROR_FLAGS	    _IOWR('H', 0x08, struct hmm_dmirror_cmd)

#define HMM_DMIRROR_FLAG_FAIL_ALLOC 1

/* The driver: a byte for each of its pages, and the errno of the next request. */
enum { PRIVATE = 77, COHERENT };
static struct {
	unsigned int opened, interrupted;
	int error, fd;
	unsigned char places[16];
	struct hmm_dmirror_cmd last;
	unsigned long request;
} driver;

int __wrap_open64(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, struct hmm_dmirror_cmd *command);

int __wrap_open64(const char *path, int flags, ...)
{
	assert_true(flags & O_CLOEXEC);
	driver.opened++;
	if (!strcmp(path, "/dev/hmm_dmirror2"))
		return COHERENT;
	assert_string_equal(path, "/dev/hmm_dmirror0");
	return PRIVATE;
}

int __wrap_ioctl(int fd, unsigned long request, struct hmm_dmirror_cmd *command)
{
	driver.fd = fd;
	if (driver.interrupted) {
		driver.interrupted--;
		errno = EINTR;
		return -1;
	}
	if (request == HMM_DMIRROR_SNAPSHOT) {
		memcpy((void *)(uintptr_t)command->ptr, driver.places, command->npages);
		return 0;
	}
	driver.last = *command;
	driver.request = request;
	errno = driver.error;
	return driver.error ? -1 : 0;
}

static int reset(void **state)
{
	unsigned int opened = driver.opened;

	memset(&driver, 0, sizeof(driver));
	driver.opened = opened;
	return 0;
}

static unsigned char memory[2 * PAGE_BYTES], buffer[2 * PAGE_BYTES];

static int read_twice(void)
{
	int ret = mirror_read(memory, PAGE_BYTES, buffer);

	return ret ? ret : mirror_read(memory, PAGE_BYTES, buffer);
}

static void access__names_the_range_and_the_buffer(void **state)
{
	assert_int_equal(mirror_read(memory, sizeof(memory), buffer), 0);
	assert_int_equal(driver.request, HMM_DMIRROR_READ);
	assert_int_equal(driver.fd, PRIVATE);
	assert_int_equal(driver.last.addr, (uintptr_t)memory);
	assert_int_equal(driver.last.ptr, (uintptr_t)buffer);
	assert_int_equal(driver.last.npages, 2);
	assert_int_equal(mirror_write(memory, PAGE_BYTES, buffer), 0);
	assert_int_equal(driver.request, HMM_DMIRROR_WRITE);
	assert_int_equal(driver.last.npages, 1);
}

static void access__is_repeated_after_a_signal(void **state)
{
	driver.interrupted = 3;
	assert_int_equal(mirror_read(memory, PAGE_BYTES, buffer), 0);
	assert_int_equal(driver.request, HMM_DMIRROR_READ);
}

static void access__where_there_is_no_memory_is_refused_without_a_line(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];

	driver.error = EFAULT;
	assert_int_equal(mirror_read(memory, PAGE_BYTES, buffer), -EFAULT);
	assert_int_equal(mirror_write(memory, PAGE_BYTES, buffer), -EFAULT);
	capture_end(&c, text, sizeof(text));
	assert_string_equal(text, "");
}

static void access__names_any_other_error(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];

	driver.error = EBUSY;
	assert_int_equal(mirror_read(memory, PAGE_BYTES, buffer), -EBUSY);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "a read by the second mirror"));
}

/* 0x22: on this device, writable; 0x32: on another one; 0x02: in system memory */
static void holds__counts_pages_of_this_device_only(void **state)
{
	const unsigned char places[] = { 0x22, 0x20, 0x32, 0x02, 0x00, 0x10, 0x40 };

	memcpy(driver.places, places, sizeof(places));
	assert_int_equal(
		mirror_holds(memory, ARRAY_SIZE(places) * PAGE_BYTES, MIRROR_PRIVATE), 2);
}

/* 0x42, seen from the device with coherent memory; 0x52: on another of its kind */
static void holds__counts_pages_of_coherent_memory(void **state)
{
	const unsigned char places[] = { 0x42, 0x22, 0x52, 0x40, 0x02, 0x41 };

	memcpy(driver.places, places, sizeof(places));
	assert_int_equal(mirror_holds(memory, ARRAY_SIZE(places) * PAGE_BYTES,
				      MIRROR_COHERENT),
			 3);
	assert_int_equal(driver.fd, COHERENT);
}

static void take__asks_for_migration(void **state)
{
	driver.places[1] = 0x22;
	assert_int_equal(mirror_take(memory, sizeof(memory), MIRROR_PRIVATE), 0);
	assert_int_equal(driver.request, HMM_DMIRROR_MIGRATE_TO_DEV);
	assert_int_equal(driver.last.npages, 2);
	assert_true(driver.last.ptr);
}

/* The driver cannot read back what did not go. */
static void take__is_done_where_some_pages_went(void **state)
{
	driver.error = ENOENT;
	driver.places[0] = 0x22;
	assert_int_equal(mirror_take(memory, sizeof(memory), MIRROR_PRIVATE), 0);
}

static void take__is_to_be_tried_again_where_no_page_went(void **state)
{
	driver.error = ENOENT;
	assert_int_equal(mirror_take(memory, sizeof(memory), MIRROR_PRIVATE), -EAGAIN);
	driver.error = 0;
	assert_int_equal(mirror_take(memory, sizeof(memory), MIRROR_PRIVATE), -EAGAIN);
}

static void take__fails_with_a_line_where_the_driver_refuses(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];

	driver.error = EINVAL;
	driver.places[0] = 0x22;
	assert_int_equal(mirror_take(memory, sizeof(memory), MIRROR_PRIVATE), -EINVAL);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "migration to device memory"));
}

static void take__asks_the_device_with_that_memory(void **state)
{
	driver.places[0] = 0x42;
	assert_int_equal(mirror_take(memory, sizeof(memory), MIRROR_COHERENT), 0);
	assert_int_equal(driver.fd, COHERENT);
	driver.places[0] = 0x22;
	assert_int_equal(mirror_take(memory, sizeof(memory), MIRROR_COHERENT), -EAGAIN);
}

static void reserve__asks_for_exclusive_access(void **state)
{
	assert_int_equal(mirror_reserve(memory, sizeof(memory)), 0);
	assert_int_equal(driver.request, HMM_DMIRROR_EXCLUSIVE);
	assert_int_equal(driver.last.addr, (uintptr_t)memory);
	assert_int_equal(driver.last.npages, 2);
	assert_true(driver.last.ptr);
}

static void reserve__is_to_be_tried_again_where_a_page_is_in_use(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];

	driver.error = EBUSY;
	assert_int_equal(mirror_reserve(memory, sizeof(memory)), -EAGAIN);
	driver.error = ENOENT;
	assert_int_equal(mirror_reserve(memory, sizeof(memory)), -EAGAIN);
	driver.error = EFAULT;
	assert_int_equal(mirror_reserve(memory, sizeof(memory)), -EFAULT);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "exclusive access by the second mirror"));
}

static void has_reserved__is_what_the_driver_refuses(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];

	assert_int_equal(mirror_has_reserved(memory, PAGE_BYTES), 0);
	assert_int_equal(driver.request, HMM_DMIRROR_CHECK_EXCLUSIVE);
	assert_int_equal(driver.last.npages, 1);
	driver.error = EPERM;
	assert_int_equal(mirror_has_reserved(memory, PAGE_BYTES), 1);
	driver.error = EINVAL;
	assert_int_equal(mirror_has_reserved(memory, PAGE_BYTES), -EINVAL);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "a question for exclusive access"));
}

/* The driver takes the flags from the member npages. */
static void fail_return__sets_the_flag(void **state)
{
	struct capture c = capture_start(stderr);
	char text[256];

	assert_int_equal(mirror_fail_return(), 0);
	assert_int_equal(driver.request, HMM_DMIRROR_FLAGS);
	assert_int_equal(driver.last.npages, HMM_DMIRROR_FLAG_FAIL_ALLOC);
	driver.error = EINVAL;
	assert_int_equal(mirror_fail_return(), -EINVAL);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "flags of the second mirror"));
}

/* A file of the driver mirrors the process that has opened it. */
static void a_child__opens_the_driver_once_for_itself(void **state)
{
	unsigned int opened;
	int status;

	assert_int_equal(mirror_read(memory, PAGE_BYTES, buffer), 0);
	opened = driver.opened;
	assert_int_equal(mirror_read(memory, PAGE_BYTES, buffer), 0);
	assert_int_equal(driver.opened, opened);
	if (!fork())
		_exit(read_twice() || driver.opened != opened + 1);
	wait(&status);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(access__names_the_range_and_the_buffer, reset),
		cmocka_unit_test_setup(access__is_repeated_after_a_signal, reset),
		cmocka_unit_test_setup(
			access__where_there_is_no_memory_is_refused_without_a_line,
			reset),
		cmocka_unit_test_setup(access__names_any_other_error, reset),
		cmocka_unit_test_setup(holds__counts_pages_of_this_device_only, reset),
		cmocka_unit_test_setup(holds__counts_pages_of_coherent_memory, reset),
		cmocka_unit_test_setup(take__asks_for_migration, reset),
		cmocka_unit_test_setup(take__is_done_where_some_pages_went, reset),
		cmocka_unit_test_setup(take__is_to_be_tried_again_where_no_page_went,
				       reset),
		cmocka_unit_test_setup(take__fails_with_a_line_where_the_driver_refuses,
				       reset),
		cmocka_unit_test_setup(take__asks_the_device_with_that_memory, reset),
		cmocka_unit_test_setup(reserve__asks_for_exclusive_access, reset),
		cmocka_unit_test_setup(
			reserve__is_to_be_tried_again_where_a_page_is_in_use, reset),
		cmocka_unit_test_setup(has_reserved__is_what_the_driver_refuses, reset),
		cmocka_unit_test_setup(fail_return__sets_the_flag, reset),
		cmocka_unit_test_setup(a_child__opens_the_driver_once_for_itself, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
