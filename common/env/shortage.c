// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * shortage.c - is the error of a step a shortage of the host, or of the device's making?
 */
#include "env/shortage.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/util.h"
#include "env/env.h"
#include "env/memory.h"

/*
 * As much as one step takes at most, so that what it has given back does not hide the
 * shortage.
 */
#define FILES	     64
#define MEMORY_BYTES MiB(64)
#define SPACE_BYTES  MiB(1)

/* What the host is asked for. */
struct question {
	const struct env *env;
	int error;
	uint64_t pins, kinds;
	const char *subject; /* of the answer: which place; "" where there is only one */
};

/* Returns 0 where the host gives it, or -errno. */
typedef int ask_fn(struct question *question);

static int ask_files(struct question *question)
{
	int fds[FILES], n = 0, ret = 0;

	while (n < FILES && !ret) {
		fds[n] = open("/", O_PATH | O_CLOEXEC);
		if (fds[n] < 0)
			ret = -errno;
		else
			n++;
	}
	while (n)
		close(fds[--n]);
	return ret;
}

static void *idle(void *arg)
{
	return arg;
}

static int ask_thread(struct question *question)
{
	pthread_t thread;
	int ret = pthread_create(&thread, NULL, idle, NULL);

	if (!ret)
		pthread_join(thread, NULL);
	return -ret;
}

static void *map(uint64_t bytes, int flags)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static int ask_addresses(struct question *question)
{
	void *memory = map(MEMORY_BYTES, 0);

	if (memory == MAP_FAILED)
		return -errno;
	munmap(memory, MEMORY_BYTES);
	return 0;
}

/* Not by taking it, which would call the OOM killer. */
static int ask_memory(struct question *question)
{
	struct memory_left left;

	if (memory_left(&left))
		return 0;
	return left.bytes < MEMORY_BYTES ? -ENOMEM : 0;
}

/*
 * mlock() is held to the same limit, and lifted by the same capability, as the pinning of
 * memory for a device, but each has a count of its own (mm/mlock.c,
 * drivers/infiniband/core/umem.c).
 */
static int ask_locks(struct question *question)
{
	uint64_t pinned = 0;
	void *memory;
	int ret;

	if (!question->pins)
		return 0;
	file_read_kib("/proc/self/status", "VmPin", &pinned);
	pinned += question->pins;
	memory = map(pinned, MAP_NORESERVE);
	if (memory == MAP_FAILED)
		return -errno;
	ret = mlock2(memory, pinned, MLOCK_ONFAULT) ? -ENOMEM : 0;
	munmap(memory, pinned);
	return ret;
}

static int allocate_file(const char *place)
{
	_cleanup_fd_ int fd = open(place, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	return fallocate(fd, 0, 0, SPACE_BYTES) ? -errno : 0;
}

static const char *place_of(const struct env *env, enum region_kind kind)
{
	if (kind == REGION_TMPFS)
		return REGION_TMPFS_PLACE;
	return kind == REGION_DEVDAX ? NULL : env->place[kind];
}

/* Where files of regions, and the shared memory of libfabric, are made. */
static int ask_places(struct question *question)
{
	for (unsigned int kind = 0; kind < REGION_KINDS; kind++) {
		const char *place = place_of(question->env, (enum region_kind)kind);
		int ret = 0;

		if (place && question->kinds & 1ull << kind)
			ret = allocate_file(place);
		question->subject = place;
		if (ret == -question->error)
			return ret;
	}
	return 0;
}

static int ask_memfd(struct question *question)
{
	_cleanup_fd_ int fd = memfd_create("odplab", MFD_CLOEXEC);

	question->subject = "";
	return fd < 0 ? -errno : 0;
}

static int ask_route(struct question *question)
{
	_cleanup_fd_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const struct sockaddr_in self = { .sin_family = AF_INET,
					  .sin_port = htons(9),
					  .sin_addr = { htonl(INADDR_LOOPBACK) } };

	if (fd < 0)
		return -errno;
	return connect(fd, (const struct sockaddr *)&self, sizeof(self)) ? -errno : 0;
}

static int ask_page_table(struct question *question)
{
	_cleanup_fd_ int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : 0;
}

static const struct {
	int error;
	ask_fn *ask;
	const char *lack; /* after the subject */
} rows[] = {
	{ EMFILE, ask_files,
	  "the process has as many files open as it may; raise the limit (ulimit -n)" },
	{ ENFILE, ask_files,
	  "the host has as many files open as it may; raise it (sysctl fs.file-max)" },
	{ EAGAIN, ask_thread,
	  "no more threads or processes can be started; raise the limits of threads "
	  "(ulimit -u, "
	  "pids.max of the control group) and of address space (ulimit -v)" },
	{ ENOMEM, ask_locks,
	  "no more memory can be pinned; raise the limit (ulimit -l), or run with "
	  "CAP_IPC_LOCK" },
	{ ENOMEM, ask_addresses,
	  "no 64M can be mapped; raise the limit of address space (ulimit -v), or what "
	  "may be committed (sysctl vm.overcommit_memory)" },
	{ ENOMEM, ask_memory,
	  "less than 64M of memory is free; end other programs, or raise the limit of "
	  "the control group" },
	{ ENOSPC, ask_places, " has not 1M of free space; delete files there" },
	{ EDQUOT, ask_places, ": the quota of this user is used up; raise it" },
	{ EACCES, ask_places,
	  " may not be written to by this user; allow it, as chmod 1777 does" },
	{ EACCES, ask_memfd,
	  "memfd_create() is refused; allow it (sysctl vm.memfd_noexec=0)" },
	{ EROFS, ask_places,
	  " is read-only; mount it for writing (mount -o remount,rw)" },
	{ ENETUNREACH, ask_route,
	  "the host cannot reach 127.0.0.1; bring the loopback interface up (ip link set "
	  "lo up)" },
	{ ENOENT, ask_page_table,
	  "/proc/self/pagemap is missing; mount /proc (mount -t proc proc /proc)" },
	{ ENOENT, ask_places, " is missing; make it again" },
};

static bool refused(struct question *question, char why[SHORTAGE_TEXT])
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		question->subject = "";
		if (rows[i].error != question->error ||
		    rows[i].ask(question) != -question->error)
			continue;
		snprintf(why, SHORTAGE_TEXT, "%s%s", question->subject, rows[i].lack);
		return true;
	}
	return false;
}

bool shortage_of(const struct env *env, int error, uint64_t pins, char why[SHORTAGE_TEXT])
{
	struct question question = {
		.env = env, .error = abs(error), .pins = pins, .kinds = UINT64_MAX
	};

	return refused(&question, why);
}

bool shortage_of_space(const struct env *env, uint64_t kinds, char why[SHORTAGE_TEXT])
{
	struct question question = { .env = env, .error = ENOSPC, .kinds = kinds };

	/* libfabric's provider shm has its memory there */
	if (!strcmp(env->device.driver, "shm"))
		question.kinds |= 1ull << REGION_TMPFS;
	if (refused(&question, why))
		return true;
	question.error = EDQUOT;
	return refused(&question, why);
}
