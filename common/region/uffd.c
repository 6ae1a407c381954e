// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* uffd.c - page faults that are resolved late, by a userfaultfd */
#include "region/uffd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"

/* include/uapi/linux/userfaultfd.h, where the headers are older */
#ifndef UFFDIO_MOVE
struct uffdio_move {
	uint64_t dst, src, len, mode;
	int64_t move;
};
#define UFFDIO_MOVE	  _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFD_FEATURE_MOVE (1ull << 16)
#endif
#ifndef UFFDIO_POISON
struct uffdio_poison {
	struct uffdio_range range;
	uint64_t mode;
	int64_t updated;
};
#define UFFDIO_POISON	    _IOWR(UFFDIO, 0x08, struct uffdio_poison)
#define UFFD_FEATURE_POISON (1ull << 14)
#endif

static int write_protect(const struct uffd_delay *delay, uint64_t addr, size_t len,
			 bool on)
{
	struct uffdio_writeprotect what = {
		.range = { addr, len },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	return ioctl(delay->fd, UFFDIO_WRITEPROTECT, &what) ? -errno : 0;
}

static void fill(const struct uffd_delay *delay, uint64_t addr, unsigned char *page)
{
	pattern_fill(page, addr - (uintptr_t)delay->region->addr, PAGE_BYTES, delay->p);
}

/* ---- each resolves a fault of the page at @addr: 0 or -errno ---- */

static int copy(const struct uffd_delay *delay, uint64_t addr)
{
	unsigned char page[PAGE_BYTES];
	struct uffdio_copy what = { .dst = addr,
				    .src = (uintptr_t)page,
				    .len = PAGE_BYTES };

	fill(delay, addr, page);
	return ioctl(delay->fd, UFFDIO_COPY, &what) ? -errno : 0;
}

static int unprotect(const struct uffd_delay *delay, uint64_t addr)
{
	return write_protect(delay, addr, PAGE_BYTES, false);
}

static int zero(const struct uffd_delay *delay, uint64_t addr)
{
	struct uffdio_zeropage what = { .range = { addr, PAGE_BYTES } };

	return ioctl(delay->fd, UFFDIO_ZEROPAGE, &what) ? -errno : 0;
}

static int move(const struct uffd_delay *delay, uint64_t addr)
{
	unsigned char *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_move what = { .dst = addr,
				    .src = (uintptr_t)page,
				    .len = PAGE_BYTES };
	int ret;

	if (page == MAP_FAILED)
		return -errno;
	fill(delay, addr, page);
	ret = ioctl(delay->fd, UFFDIO_MOVE, &what) ? -errno : 0;
	munmap(page, PAGE_BYTES);
	return ret;
}

static int map_again(const struct uffd_delay *delay, uint64_t addr)
{
	struct uffdio_continue what = { .range = { addr, PAGE_BYTES } };

	return ioctl(delay->fd, UFFDIO_CONTINUE, &what) ? -errno : 0;
}

static int poison(const struct uffd_delay *delay, uint64_t addr)
{
	struct uffdio_poison what = { .range = { addr, PAGE_BYTES } };

	return ioctl(delay->fd, UFFDIO_POISON, &what) ? -errno : 0;
}

static const struct {
	int (*resolve)(const struct uffd_delay *delay, uint64_t addr);
	uint64_t mode, features;
} ways[UFFD_WAYS] = {
	[UFFD_COPY] = { copy, UFFDIO_REGISTER_MODE_MISSING, 0 },
	[UFFD_PROTECT] = { unprotect, UFFDIO_REGISTER_MODE_WP, 0 },
	[UFFD_ZERO] = { zero, UFFDIO_REGISTER_MODE_MISSING, 0 },
	[UFFD_MOVE] = { move, UFFDIO_REGISTER_MODE_MISSING, UFFD_FEATURE_MOVE },
	[UFFD_CONTINUE] = { map_again, UFFDIO_REGISTER_MODE_MINOR,
			    UFFD_FEATURE_MINOR_SHMEM },
	[UFFD_POISON] = { poison, UFFDIO_REGISTER_MODE_MISSING, UFFD_FEATURE_POISON },
};

static int answer(struct uffd_delay *delay)
{
	struct uffd_msg message;
	uint64_t addr;
	int ret;

	if (read(delay->fd, &message, sizeof(message)) != sizeof(message))
		return errno == EAGAIN ? 0 : -errno;
	if (message.event != UFFD_EVENT_PAGEFAULT)
		return 0;
	clock_sleep_ns(delay->delay_ns);
	addr = round_down(message.arg.pagefault.address, PAGE_BYTES);
	ret = ways[delay->way].resolve(delay, addr);
	/* two faults on the same page: the first has resolved it */
	if (ret == -EEXIST)
		ret = 0;
	if (!ret)
		atomic_fetch_add(&delay->answers, 1);
	return ret;
}

static void *answer_all(void *data)
{
	struct uffd_delay *delay = data;
	struct pollfd fds[] = { { .fd = delay->fd, .events = POLLIN },
				{ .fd = delay->stop[0], .events = POLLIN | POLLHUP } };
	int ret = 0;

	while (!ret && !fds[1].revents) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0)
			ret = -errno;
		else if (fds[0].revents)
			ret = answer(delay);
	}
	/* from here on faults are not resolved any more: the caller must know */
	if (ret)
		log_errno(ret, "resolve a page fault of the userfaultfd");
	atomic_store(&delay->error, ret);
	return NULL;
}

static int open_range(struct uffd_delay *delay)
{
	struct uffdio_api api = { .api = UFFD_API,
				  .features = ways[delay->way].features };
	struct uffdio_register range = {
		.range = { (uintptr_t)delay->region->addr + delay->offset, delay->len },
		.mode = ways[delay->way].mode,
	};

	delay->fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (delay->fd < 0)
		return log_errno(errno, "userfaultfd");
	if (ioctl(delay->fd, UFFDIO_API, &api))
		return -EOPNOTSUPP;
	if (ioctl(delay->fd, UFFDIO_REGISTER, &range) ||
	    (delay->way == UFFD_PROTECT &&
	     write_protect(delay, range.range.start, range.range.len, true)))
		return log_errno(errno, "userfaultfd over %zu bytes", delay->len);
	return 0;
}

static void close_all(struct uffd_delay *delay)
{
	const int fds[] = { delay->fd, delay->stop[0], delay->stop[1] };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	delay->running = false;
}

int uffd_delay_begin(struct uffd_delay *delay, struct region *region, uint64_t offset,
		     size_t len, uint64_t delay_ns, enum uffd_way way, struct pattern p)
{
	int ret;

	if (delay->running)
		return log_errno(
			EBUSY, "a userfaultfd with a delay exists already: end it first");
	*delay = (struct uffd_delay){ .region = region,
				      .offset = offset,
				      .len = len,
				      .delay_ns = delay_ns,
				      .way = way,
				      .p = p,
				      .fd = -1,
				      .stop = { -1, -1 } };
	ret = open_range(delay);
	if (!ret && pipe2(delay->stop, O_CLOEXEC))
		ret = log_errno(errno, "pipe");
	if (!ret) {
		ret = pthread_create(&delay->thread, NULL, answer_all, delay);
		if (ret)
			ret = log_errno(ret, "start the thread of the userfaultfd");
	}
	delay->running = !ret;
	if (ret)
		close_all(delay);
	return ret;
}

int uffd_delay_end(struct uffd_delay *delay)
{
	if (!delay->running)
		return log_errno(ESRCH, "no userfaultfd with a delay to end");
	close(delay->stop[1]);
	delay->stop[1] = -1;
	pthread_join(delay->thread, NULL);
	close_all(delay);
	if (atomic_load(&delay->error))
		return atomic_load(&delay->error);
	return (int)atomic_load(&delay->answers);
}
