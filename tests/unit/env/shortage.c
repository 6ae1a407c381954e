// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* shortage.c - an error is the host's where the host refuses the same, and only there */
#include "env/shortage.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/util.h"
#include "env/env.h"
#include "env/memory.h"

enum call { OPEN, THREAD, MAP, LOCK, MEMORY, ALLOCATE, MEMFD, CONNECT, CALLS };

/* A host that refuses a call with an errno, for all paths or for one. */
static struct {
	int refuses[CALLS];
	const char *path;
	unsigned int after; /* so many times it does not */
	int open;	    /* descriptors and mappings that were not given back */
	uint64_t locked;
} host;

static int answer(enum call call)
{
	errno = host.refuses[call];
	if (errno && host.after) {
		host.after--;
		return 0;
	}
	return errno ? -1 : 0;
}

int __wrap_open64(const char *path, int flags, ...);
int __wrap_close(int fd);
int __wrap_socket(int domain, int type, int protocol);
int __wrap_pthread_create(pthread_t *thread, const void *attr, void *(*start)(void *),
			  void *arg);
int __wrap_pthread_join(pthread_t thread, void **value);
void *__wrap_mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __wrap_munmap(void *at, size_t len);
int __wrap_mlock2(const void *at, size_t len, unsigned int flags);
int __wrap_file_read_kib(const char *path, const char *key, uint64_t *bytes);
int __wrap_memory_left(struct memory_left *left);
int __wrap_fallocate64(int fd, int mode, off_t offset, off_t len);
int __wrap_memfd_create(const char *name, unsigned int flags);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t len);

int __wrap_open64(const char *path, int flags, ...)
{
	if ((!host.path || !strcmp(path, host.path)) && answer(OPEN))
		return -1;
	return ++host.open;
}

int __wrap_close(int fd)
{
	host.open--;
	return 0;
}

int __wrap_socket(int domain, int type, int protocol)
{
	return ++host.open;
}

int __wrap_pthread_create(pthread_t *thread, const void *attr, void *(*start)(void *),
			  void *arg)
{
	*thread = 0;
	if (answer(THREAD))
		return errno;
	host.open++;
	return 0;
}

int __wrap_pthread_join(pthread_t thread, void **value)
{
	host.open--;
	return 0;
}

void *__wrap_mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	if (answer(MAP))
		return MAP_FAILED;
	host.open++;
	return &host;
}

int __wrap_munmap(void *at, size_t len)
{
	host.open--;
	return 0;
}

int __wrap_mlock2(const void *at, size_t len, unsigned int flags)
{
	assert_int_equal(flags, MLOCK_ONFAULT);
	host.locked = len;
	return answer(LOCK);
}

int __wrap_file_read_kib(const char *path, const char *key, uint64_t *bytes)
{
	assert_string_equal(key, "VmPin");
	*bytes = MiB(3);
	return 0;
}

int __wrap_memory_left(struct memory_left *left)
{
	left->bytes = host.refuses[MEMORY] ? MiB(64) - 1 : MiB(64);
	return 0;
}

int __wrap_fallocate64(int fd, int mode, off_t offset, off_t len)
{
	return answer(ALLOCATE);
}

int __wrap_memfd_create(const char *name, unsigned int flags)
{
	return answer(MEMFD) ? -1 : ++host.open;
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t len)
{
	return answer(CONNECT);
}

static const struct env env = {
	.place = { [REGION_FSDAX] = "/pmem", [REGION_DEVDAX] = "/dev/dax0.0" },
};

static int good_host(void **state)
{
	memset(&host, 0, sizeof(host));
	return 0;
}

/* A shortage with this reason, or (NULL) none. Whatever was taken was given back. */
static void is(int error, uint64_t pins, const char *why)
{
	char text[SHORTAGE_TEXT] = "";
	bool found = shortage_of(&env, error, pins, text);

	if (found != !!why || (why && !strstr(text, why)))
		fail_msg("%s: %s, expected %s", strerror(abs(error)),
			 found ? text : "no shortage", why ? why : "no shortage");
	assert_int_equal(host.open, 0);
}

static const struct {
	int error;
	enum call call;
	const char *path;
	uint64_t pins;
	const char *why;
} rows[] = {
	{ EMFILE, OPEN, NULL, 0, "(ulimit -n)" },
	{ ENFILE, OPEN, NULL, 0, "(sysctl fs.file-max)" },
	{ EAGAIN, THREAD, NULL, 0, "(ulimit -u, pids.max of the control group)" },
	{ ENOMEM, LOCK, NULL, 1, "(ulimit -l)" },
	{ ENOMEM, MAP, NULL, 0, "(ulimit -v)" },
	{ ENOMEM, MEMORY, NULL, 0, "less than 64M of memory is free" },
	{ ENOSPC, ALLOCATE, NULL, 0, " has not 1M of free space" },
	{ EDQUOT, ALLOCATE, NULL, 0, ": the quota" },
	{ EACCES, OPEN, "/dev/shm", 0, "/dev/shm may not be written to" },
	{ EACCES, MEMFD, NULL, 0, "(sysctl vm.memfd_noexec=0)" },
	{ EROFS, OPEN, "/dev/shm", 0, "/dev/shm is read-only" },
	{ ENETUNREACH, CONNECT, NULL, 0, "(ip link set lo up)" },
	{ ENOENT, OPEN, "/proc/self/pagemap", 0, "(mount -t proc proc /proc)" },
	{ ENOENT, OPEN, "/dev/shm", 0, "/dev/shm is missing" },
};

static void host__refuses_the_same(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		good_host(NULL);
		host.refuses[rows[i].call] = rows[i].error;
		host.path = rows[i].path;
		is(rows[i].error, rows[i].pins, rows[i].why);
		is(-rows[i].error, rows[i].pins, rows[i].why);
	}
}

/* The driver, or the device, has made that error. */
static void host__gives_it(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		is(rows[i].error, rows[i].pins, NULL);
}

static void host__refuses_for_another_reason(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		good_host(NULL);
		/* that of the memory and of its lock is a figure */
		if (rows[i].call == MEMORY || rows[i].call == LOCK)
			continue;
		host.refuses[rows[i].call] = EIO;
		host.path = rows[i].path;
		is(rows[i].error, rows[i].pins, NULL);
	}
}

static void host__lacks_what_the_error_does_not_mean(void **state)
{
	static const int errors[] = { EIO, EINVAL, EPERM, EOPNOTSUPP, ETIMEDOUT };

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		for (unsigned int call = 0; call < CALLS; call++)
			host.refuses[call] = errors[i];
		is(errors[i], MiB(1), NULL);
	}
	host.refuses[MEMORY] = ENOMEM;
	is(ENOSPC, 0, NULL);
}

/* An ODP registration that fails so is what a scenario wants to know. */
static void locks__are_of_what_is_pinned(void **state)
{
	host.refuses[LOCK] = ENOMEM;
	is(ENOMEM, 0, NULL);
	is(ENOMEM, MiB(2), "(ulimit -l)");
	assert_int_equal(host.locked, MiB(3) + MiB(2));
}

/* What a step had, it gave back when it failed. */
static void files__a_few_are_left(void **state)
{
	host.refuses[OPEN] = EMFILE;
	host.after = 63;
	is(EMFILE, 0, "(ulimit -n)");
	host.after = 64;
	is(EMFILE, 0, NULL);
}

/* The place that is full is not the one that was asked for. */
static void places__each_is_asked(void **state)
{
	host.refuses[ALLOCATE] = ENOSPC;
	host.refuses[OPEN] = EROFS;
	host.path = "/dev/shm";
	is(EROFS, 0, "/dev/shm is read-only");
	is(ENOSPC, 0, "/pmem has not");
}

/* One that is full explains nothing of regions that are elsewhere. */
static void space__of_the_kinds_that_were_named(void **state)
{
	char why[SHORTAGE_TEXT];

	assert_false(shortage_of_space(&env, UINT64_MAX, why));
	host.refuses[ALLOCATE] = ENOSPC;
	assert_true(shortage_of_space(&env, 1 << REGION_FSDAX, why));
	assert_string_equal(why, "/pmem has not 1M of free space; delete files there");
	assert_true(shortage_of_space(&env, 1 << REGION_TMPFS, why));
	assert_string_equal(why, "/dev/shm has not 1M of free space; delete files there");
	assert_false(shortage_of_space(&env, 1 << REGION_ANON | 1 << REGION_DEVDAX, why));
	assert_false(shortage_of_space(&env, 1 << REGION_FILE, why));
	assert_false(shortage_of_space(&env, 0, why));
	host.refuses[ALLOCATE] = EDQUOT;
	assert_true(shortage_of_space(&env, 1 << REGION_FSDAX, why));
	assert_string_equal(why, "/pmem: the quota of this user is used up; raise it");
	host.refuses[ALLOCATE] = EIO;
	assert_false(shortage_of_space(&env, UINT64_MAX, why));
	assert_int_equal(host.open, 0);
}

/* It makes files in /dev/shm for each endpoint. */
static void space__of_shared_memory_of_libfabric(void **state)
{
	struct env over = { .device.driver = "shm" };
	char why[SHORTAGE_TEXT];

	host.refuses[ALLOCATE] = ENOSPC;
	assert_true(shortage_of_space(&over, 0, why));
	assert_string_equal(why, "/dev/shm has not 1M of free space; delete files there");
	strcpy(over.device.driver, "tcp");
	assert_false(shortage_of_space(&over, 0, why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(host__refuses_the_same, good_host),
		cmocka_unit_test_setup(host__gives_it, good_host),
		cmocka_unit_test_setup(host__refuses_for_another_reason, good_host),
		cmocka_unit_test_setup(host__lacks_what_the_error_does_not_mean,
				       good_host),
		cmocka_unit_test_setup(locks__are_of_what_is_pinned, good_host),
		cmocka_unit_test_setup(places__each_is_asked, good_host),
		cmocka_unit_test_setup(space__of_the_kinds_that_were_named, good_host),
		cmocka_unit_test_setup(space__of_shared_memory_of_libfabric, good_host),
		cmocka_unit_test_setup(files__a_few_are_left, good_host),
	};

	return cmocka_run_group_tests_name("shortage", tests, NULL, NULL);
}
