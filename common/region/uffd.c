// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* uffd.c - page faults that are resolved late, by a userfaultfd */
#include "region/uffd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"

static int write_protect(struct uffd_delay *delay, uint64_t addr, size_t len, bool on)
{
	struct uffdio_writeprotect what = {
		.range = { addr, len },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	return ioctl(delay->fd, UFFDIO_WRITEPROTECT, &what) ? -errno : 0;
}

static int bring_page(struct uffd_delay *delay, uint64_t addr)
{
	unsigned char page[PAGE_BYTES];
	struct uffdio_copy copy = { .dst = addr,
				    .src = (uintptr_t)page,
				    .len = PAGE_BYTES };

	pattern_fill(page, addr - (uintptr_t)delay->region->addr, PAGE_BYTES, delay->p);
	/* EEXIST: two faults on the same page, the first has brought it */
	return ioctl(delay->fd, UFFDIO_COPY, &copy) && errno != EEXIST ? -errno : 0;
}

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
	ret = delay->protect ? write_protect(delay, addr, PAGE_BYTES, false) :
			       bring_page(delay, addr);
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
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)delay->region->addr + delay->offset, delay->len },
		.mode = delay->protect ? UFFDIO_REGISTER_MODE_WP :
					 UFFDIO_REGISTER_MODE_MISSING,
	};

	delay->fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (delay->fd < 0)
		return log_errno(errno, "userfaultfd");
	if (ioctl(delay->fd, UFFDIO_API, &api) ||
	    ioctl(delay->fd, UFFDIO_REGISTER, &range) ||
	    (delay->protect &&
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
		     size_t len, uint64_t delay_ns, bool protect, struct pattern p)
{
	int ret;

	if (delay->running)
		return log_errno(
			EBUSY, "a userfaultfd with a delay exists already: end it first");
	*delay = (struct uffd_delay){ .region = region,
				      .offset = offset,
				      .len = len,
				      .delay_ns = delay_ns,
				      .protect = protect,
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
