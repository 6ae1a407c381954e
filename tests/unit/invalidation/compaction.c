// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * compaction.c - holes are made once a node, memory is compacted, and moved pages are
 * noticed
 */
#include "invalidation/compaction.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fake_files.h"
#include "memory.h"

#define COMPACT "/proc/sys/vm/compact_memory"
#define LOCKED	"/proc/sys/vm/compact_unevictable_allowed"

/* The host: where its pages are, how much memory it has, and what is locked of it. */
static struct {
	uid_t user;
	long pages;
	int node, mlock_error, free_error;
	uint64_t free; /* bytes of the node */
	bool moves;    /* the compaction moves a page */
	size_t locked;
	unsigned int locks;
	int balance; /* mappings made less those given back */
} host;

uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
	return host.user;
}

int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
	return *fake_file_text(path) ? 0 : -1;
}

long __real_sysconf(int name);
long __wrap_sysconf(int name);
long __wrap_sysconf(int name)
{
	return name == _SC_PHYS_PAGES ? host.pages : __real_sysconf(name);
}

int __wrap_file_read_kib(const char *path, const char *key, uint64_t *bytes);
int __wrap_file_read_kib(const char *path, const char *key, uint64_t *bytes)
{
	char expected[64];

	snprintf(expected, sizeof(expected), "/sys/devices/system/node/node%d/meminfo",
		 host.node);
	assert_string_equal(path, expected);
	assert_string_equal(key, "MemFree");
	*bytes = host.free;
	return host.free_error;
}

int __wrap_nodes_of(unsigned char *addr, size_t len);
int __wrap_nodes_of(unsigned char *addr, size_t len)
{
	return host.node;
}

int __wrap_residency_frames(const void *addr, size_t len, uint64_t *frames);
int __wrap_residency_frames(const void *addr, size_t len, uint64_t *frames)
{
	bool compacted = !strcmp(fake_file_text(COMPACT), "1");

	for (size_t i = 0; i < len / PAGE_BYTES; i++)
		frames[i] = 100 + i;
	if (compacted && host.moves)
		frames[len / PAGE_BYTES - 1] = 7;
	return 0;
}

int __wrap_mlock(const void *addr, size_t len);
int __wrap_mlock(const void *addr, size_t len)
{
	assert_int_equal(*(const unsigned char *)addr, 1); /* the pages are there */
	host.locked = len;
	host.locks++;
	errno = host.mlock_error;
	return errno ? -1 : 0;
}

void *__real_mmap64(void *addr, size_t len, int protection, int flags, int fd,
		    off_t offset);
void *__wrap_mmap64(void *addr, size_t len, int protection, int flags, int fd,
		    off_t offset);
void *__wrap_mmap64(void *addr, size_t len, int protection, int flags, int fd,
		    off_t offset)
{
	host.balance++;
	return __real_mmap64(addr, len, protection, flags, fd, offset);
}

int __real_munmap(void *addr, size_t len);
int __wrap_munmap(void *addr, size_t len);
int __wrap_munmap(void *addr, size_t len)
{
	host.balance--;
	return __real_munmap(addr, len);
}

static struct arena arena;
static struct region region;

static int a_host(void **state)
{
	memset(&host, 0, sizeof(host));
	host.pages = 1000;
	host.moves = true;
	host.free = KiB(410);
	fake_files_reset();
	fake_file(COMPACT, "0", 0);
	fake_file(LOCKED, "1", 0);
	return 0;
}

static int open_it(void **state)
{
	arena_init(&arena, 0);
	region = open_kind(&arena, REGION_ANON, KiB(64));
	return 0;
}

static int close_it(void **state)
{
	region_close(&region);
	return 0;
}

static int move(void)
{
	return compaction_move(&region, KiB(4), KiB(16));
}

static void possible__with_root_and_little_memory(void **state)
{
	assert_true(compaction_possible());
	host.pages = (long)(GiB(16) / PAGE_BYTES);
	assert_true(compaction_possible());
	host.pages++;
	assert_false(compaction_possible());
	host.pages = 1000;
	host.user = 1000;
	assert_false(compaction_possible());
	host.user = 0;
	fake_files_reset();
	assert_false(compaction_possible());
}

/* Holes in three tenths of what is free, made once a node and kept. */
static void move__with_holes(void **state)
{
	host.node = 1;
	assert_int_equal(move(), 0);
	assert_int_equal(host.locked, KiB(120)); /* of 123 */
	assert_int_equal(host.balance, 1);
	assert_string_equal(fake_file_text(COMPACT), "1");
	assert_string_equal(fake_file_text(LOCKED), "0");
	fake_file(COMPACT, "0", 0);
	assert_int_equal(move(), 0);
	assert_int_equal(host.locks, 1);
	assert_int_equal(host.balance, 1);
	host.moves = false;
	assert_int_equal(move(), -EAGAIN);
}

static void refused(int error, const char *part)
{
	struct capture c = capture_start(stderr);
	char text[512];
	int ret = move();

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	one_line(text, part, "");
	assert_string_equal(fake_file_text(COMPACT), "0");
	assert_int_equal(host.balance, 0);
}

static void move__each_error_is_returned(void **state)
{
	host.node = 2;
	host.free_error = -ENODATA;
	refused(-ENODATA, "node2/meminfo");
	host.free_error = 0;
	host.free = KiB(12); /* three tenths of it are no page */
	refused(-ENOMEM, "holes in the memory of node 2");
	assert_int_equal(host.locks, 0);
	host.free = KiB(410);
	host.mlock_error = EPERM;
	refused(-ENOMEM, "holes in the memory of node 2");
	host.node = 64;
	refused(-ERANGE, "node 64");
	fake_file(LOCKED, "1", EACCES);
	refused(-EACCES, LOCKED);
	host.node = -EAGAIN;
	assert_int_equal(move(), -EAGAIN);
}

static void move__compacting_is_refused(void **state)
{
	host.node = 3;
	fake_file(COMPACT, "0", EIO);
	host.balance = -1; /* the holes remain */
	refused(-EIO, COMPACT);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(possible__with_root_and_little_memory, a_host),
	cmocka_unit_test_setup(move__with_holes, a_host),
	cmocka_unit_test_setup(move__each_error_is_returned, a_host),
	cmocka_unit_test_setup(move__compacting_is_refused, a_host),
};

int main(void)
{
	return cmocka_run_group_tests_name("compaction", tests, open_it, close_it);
}
