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

/* A page's byte in a snapshot: the upper half is where the page is. */
#define PLACE		     0x70
#define DEVICE_PRIVATE_LOCAL 0x20

/* A file of the driver mirrors the process that has opened it: a forked child needs one of its own. */
static struct {
	pthread_mutex_t lock;
	int fd;
	pid_t owner;
} open_mirror = { PTHREAD_MUTEX_INITIALIZER, -1, 0 };

bool mirror_there(void)
{
	return !access(MIRROR_DEVICE, R_OK | W_OK);
}

/* The file of this process, open until it ends. Returns it, or -errno after one line. */
static int mirror_file(void)
{
	int fd;

	pthread_mutex_lock(&open_mirror.lock);
	if (open_mirror.owner != getpid()) {
		open_mirror.fd = open(MIRROR_DEVICE, O_RDWR | O_CLOEXEC);
		open_mirror.owner = open_mirror.fd < 0 ? 0 : getpid();
	}
	fd = open_mirror.fd < 0 ? log_errno(errno, "open " MIRROR_DEVICE) :
				  open_mirror.fd;
	pthread_mutex_unlock(&open_mirror.lock);
	return fd;
}

/* Returns 0, or -errno, with a line only where the driver could not be asked. */
static int ask(unsigned long what, const void *addr, size_t len, const void *buffer)
{
	struct command command = { .addr = (uintptr_t)addr,
				   .buffer = (uintptr_t)buffer,
				   .pages = len / PAGE_BYTES };
	int fd = mirror_file(), ret;

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
	int ret = ask(what, addr, len, buffer);

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

int mirror_take(void *addr, size_t len)
{
	_cleanup_free_ void *copy = malloc(len);
	int ret;

	if (!copy)
		return log_errno(ENOMEM, "a copy of migrated pages");
	/* it reads back what went, which fails where not all did: dmirror_migrate_to_device() */
	ret = ask(MIRROR_MIGRATE_TO_DEVICE, addr, len, copy);
	if (ret && ret != -ENOENT)
		return log_errno(-ret, "migration to device memory");
	ret = mirror_holds(addr, len);
	return ret > 0 ? 0 : ret < 0 ? ret : -EAGAIN;
}

int mirror_holds(void *addr, size_t len)
{
	size_t pages = len / PAGE_BYTES;
	_cleanup_free_ unsigned char *places = calloc(pages, 1);
	int ret, held = 0;

	if (!places)
		return log_errno(ENOMEM, "places of pages");
	ret = ask(MIRROR_SNAPSHOT, addr, len, places);
	if (ret)
		return log_errno(-ret, "a snapshot by the second mirror");
	for (size_t i = 0; i < pages; i++)
		held += (places[i] & PLACE) == DEVICE_PRIVATE_LOCAL;
	return held;
}
