// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mirror.c - a second HMM mirror of this process's memory, beside the NIC's */
#include "region/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <linux/types.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/util.h"

/* lib/test_hmm_uapi.h, which no package installs. */
struct command {
	__u64 addr;   /* in the mirrored process */
	__u64 buffer; /* of the caller: data, or a byte a page */
	__u64 pages;
	__u64 copied; /* replied: pages */
	__u64 faults; /* replied */
};

#define MIRROR_READ		 _IOWR('H', 0x00, struct command)
#define MIRROR_WRITE		 _IOWR('H', 0x01, struct command)
#define MIRROR_MIGRATE_TO_DEVICE _IOWR('H', 0x02, struct command)
#define MIRROR_SNAPSHOT		 _IOWR('H', 0x04, struct command)
#define MIRROR_EXCLUSIVE	 _IOWR('H', 0x05, struct command)
#define MIRROR_CHECK_EXCLUSIVE	 _IOWR('H', 0x06, struct command)
#define MIRROR_FLAGS		 _IOWR('H', 0x08, struct command)

/* The driver clears it once an allocation has failed for it. */
#define FLAG_FAIL_ALLOC 1

/*
 * A page's byte in a snapshot: the upper half is where the page is, seen from the device
 * that is asked.
 */
#define PLACE 0x70

/*
 * A file of the driver mirrors the process that has opened it: a forked child needs one
 * of its own.
 */
static struct mirror {
	const char *path;
	unsigned char here;
	int fd;
	pid_t owner;
} mirrors[MIRROR_MEMORIES] = {
	[MIRROR_PRIVATE] = { MIRROR_DEVICE, .here = 0x20 },
	[MIRROR_COHERENT] = { MIRROR_COHERENT_DEVICE, .here = 0x40 },
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

bool mirror_there(void)
{
	return !access(MIRROR_DEVICE, R_OK | W_OK);
}

bool mirror_coherent_there(void)
{
	return !access(MIRROR_COHERENT_DEVICE, R_OK | W_OK);
}

/* The file of this process, open until it ends. Returns it, or -errno after one line. */
static int mirror_file(struct mirror *mirror)
{
	int fd;

	pthread_mutex_lock(&lock);
	if (mirror->owner != getpid()) {
		mirror->fd = open(mirror->path, O_RDWR | O_CLOEXEC);
		mirror->owner = mirror->fd < 0 ? 0 : getpid();
	}
	fd = mirror->fd < 0 ? log_errno(errno, "open %s", mirror->path) : mirror->fd;
	pthread_mutex_unlock(&lock);
	return fd;
}

/* Returns 0, or -errno, with a line only where the driver could not be asked. */
static int ask(enum mirror_memory memory, unsigned long what, const void *addr,
	       size_t len, const void *buffer)
{
	struct command command = { .addr = (uintptr_t)addr,
				   .buffer = (uintptr_t)buffer,
				   .pages = len / PAGE_BYTES };
	int fd = mirror_file(&mirrors[memory]), ret;

	if (fd < 0)
		return fd;
	do
		ret = ioctl(fd, what, &command) ? -errno : 0;
	while (ret == -EINTR);
	return ret;
}

static int ask_for_data(unsigned long what, const void *addr, size_t len,
			const void *buffer, const char *text)
{
	int ret = ask(MIRROR_PRIVATE, what, addr, len, buffer);

	return ret && ret != -EFAULT ? log_errno(-ret, "%s by the second mirror", text) :
				       ret;
}

int mirror_read(const void *addr, size_t len, void *to)
{
	return ask_for_data(MIRROR_READ, addr, len, to, "a read");
}

int mirror_write(void *addr, size_t len, const void *from)
{
	return ask_for_data(MIRROR_WRITE, addr, len, from, "a write");
}

/*
 * As @what is asked for, with a copy of the pages that nothing needs. Returns 0 or
 * -errno.
 */
static int ask_for_pages(enum mirror_memory memory, unsigned long what, void *addr,
			 size_t len)
{
	_cleanup_free_ void *copy = malloc(len);

	if (!copy)
		return log_errno(ENOMEM, "a copy of pages of the second mirror");
	return ask(memory, what, addr, len, copy);
}

int mirror_take(void *addr, size_t len, enum mirror_memory memory)
{
	/*
	 * it reads back what went, which fails where not all did:
	 * dmirror_migrate_to_device()
	 */
	int ret = ask_for_pages(memory, MIRROR_MIGRATE_TO_DEVICE, addr, len);

	if (ret && ret != -ENOENT)
		return log_errno(-ret, "migration to device memory");
	ret = mirror_holds(addr, len, memory);
	return ret > 0 ? 0 : ret < 0 ? ret : -EAGAIN;
}

int mirror_holds(void *addr, size_t len, enum mirror_memory memory)
{
	size_t pages = len / PAGE_BYTES;
	_cleanup_free_ unsigned char *places = calloc(pages, 1);
	int ret, held = 0;

	if (!places)
		return log_errno(ENOMEM, "places of pages");
	ret = ask(memory, MIRROR_SNAPSHOT, addr, len, places);
	if (ret)
		return log_errno(-ret, "a snapshot by the second mirror");
	for (size_t i = 0; i < pages; i++)
		held += (places[i] & PLACE) == mirrors[memory].here;
	return held;
}

int mirror_reserve(void *addr, size_t len)
{
	int ret = ask_for_pages(MIRROR_PRIVATE, MIRROR_EXCLUSIVE, addr, len);

	/*
	 * -EBUSY: the page is locked; -ENOENT: something else had a page back before the
	 * driver read it
	 */
	if (ret == -EBUSY || ret == -ENOENT)
		return -EAGAIN;
	return ret ? log_errno(-ret, "exclusive access by the second mirror") : 0;
}

int mirror_has_reserved(void *addr, size_t len)
{
	int ret = ask(MIRROR_PRIVATE, MIRROR_CHECK_EXCLUSIVE, addr, len, NULL);

	if (ret && ret != -EPERM)
		return log_errno(-ret, "a question for exclusive access");
	return ret == -EPERM;
}

int mirror_fail_return(void)
{
	/* the driver has the flags in the place of the pages */
	int ret = ask(MIRROR_PRIVATE, MIRROR_FLAGS, NULL, FLAG_FAIL_ALLOC * PAGE_BYTES,
		      NULL);

	return ret ? log_errno(-ret, "flags of the second mirror") : 0;
}
