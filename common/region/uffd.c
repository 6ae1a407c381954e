// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* uffd.c - pages that come late: a userfaultfd whose owner takes its time */
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
	/* one that was brought already was asked for twice */
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
	if (ret)
		log_errno(ret, "answer a page fault");
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
		return log_errno(errno, "a userfaultfd of %zu bytes", delay->len);
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
		return log_errno(EBUSY, "two ranges that come late");
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
		ret = log_errno(errno, "a pipe");
	if (!ret) {
		ret = pthread_create(&delay->thread, NULL, answer_all, delay);
		if (ret)
			ret = log_errno(ret, "a thread that answers page faults");
	}
	delay->running = !ret;
	if (ret)
		close_all(delay);
	return ret;
}

int uffd_delay_end(struct uffd_delay *delay)
{
	if (!delay->running)
		return log_errno(ESRCH, "end a range that comes late");
	close(delay->stop[1]);
	delay->stop[1] = -1;
	pthread_join(delay->thread, NULL);
	close_all(delay);
	return (int)atomic_load(&delay->answers);
}
