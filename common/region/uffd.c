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

static int write_protect(struct uffd_delay *uffd_delay, uint64_t addr, size_t len,
			 bool on)
{
	struct uffdio_writeprotect what = {
		.range = { addr, len },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	return ioctl(uffd_delay->fd, UFFDIO_WRITEPROTECT, &what) ? -errno : 0;
}

static int bring_page(struct uffd_delay *uffd_delay, uint64_t addr)
{
	unsigned char page[PAGE_BYTES];
	struct uffdio_copy copy = { .dst = addr,
				    .src = (uintptr_t)page,
				    .len = PAGE_BYTES };

	pattern_fill(page, addr - (uintptr_t)uffd_delay->region->addr, PAGE_BYTES,
		     uffd_delay->p);
	/* one that was brought already was asked for twice */
	return ioctl(uffd_delay->fd, UFFDIO_COPY, &copy) && errno != EEXIST ? -errno : 0;
}

static int answer(struct uffd_delay *uffd_delay)
{
	struct uffd_msg message;
	uint64_t addr;
	int ret;

	if (read(uffd_delay->fd, &message, sizeof(message)) != sizeof(message))
		return errno == EAGAIN ? 0 : -errno;
	if (message.event != UFFD_EVENT_PAGEFAULT)
		return 0;
	clock_sleep_ns(uffd_delay->delay_ns);
	addr = round_down(message.arg.pagefault.address, PAGE_BYTES);
	ret = uffd_delay->protect ? write_protect(uffd_delay, addr, PAGE_BYTES, false) :
				    bring_page(uffd_delay, addr);
	if (!ret)
		atomic_fetch_add(&uffd_delay->answers, 1);
	return ret;
}

static void *answer_all(void *data)
{
	struct uffd_delay *uffd_delay = data;
	struct pollfd fds[] = { { .fd = uffd_delay->fd, .events = POLLIN },
				{ .fd = uffd_delay->stop[0],
				  .events = POLLIN | POLLHUP } };
	int ret = 0;

	while (!ret && !fds[1].revents) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0)
			ret = -errno;
		else if (fds[0].revents)
			ret = answer(uffd_delay);
	}
	if (ret)
		log_errno(ret, "answer a page fault");
	return NULL;
}

static int open_range(struct uffd_delay *uffd_delay)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)uffd_delay->region->addr + uffd_delay->offset,
			   uffd_delay->len },
		.mode = uffd_delay->protect ? UFFDIO_REGISTER_MODE_WP :
					      UFFDIO_REGISTER_MODE_MISSING,
	};

	uffd_delay->fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (uffd_delay->fd < 0)
		return log_errno(errno, "userfaultfd");
	if (ioctl(uffd_delay->fd, UFFDIO_API, &api) ||
	    ioctl(uffd_delay->fd, UFFDIO_REGISTER, &range) ||
	    (uffd_delay->protect &&
	     write_protect(uffd_delay, range.range.start, range.range.len, true)))
		return log_errno(errno, "a userfaultfd of %zu bytes", uffd_delay->len);
	return 0;
}

static void close_all(struct uffd_delay *uffd_delay)
{
	const int fds[] = { uffd_delay->fd, uffd_delay->stop[0], uffd_delay->stop[1] };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	uffd_delay->running = false;
}

int uffd_delay_begin(struct uffd_delay *uffd_delay, struct region *region,
		     uint64_t offset, size_t len, uint64_t delay_ns, bool protect,
		     struct pattern p)
{
	int ret;

	if (uffd_delay->running)
		return log_errno(EBUSY, "two ranges that come late");
	*uffd_delay = (struct uffd_delay){ .region = region,
					   .offset = offset,
					   .len = len,
					   .delay_ns = delay_ns,
					   .protect = protect,
					   .p = p,
					   .fd = -1,
					   .stop = { -1, -1 } };
	ret = open_range(uffd_delay);
	if (!ret && pipe2(uffd_delay->stop, O_CLOEXEC))
		ret = log_errno(errno, "a pipe");
	if (!ret) {
		ret = pthread_create(&uffd_delay->thread, NULL, answer_all, uffd_delay);
		if (ret)
			ret = log_errno(ret, "a thread that answers page faults");
	}
	uffd_delay->running = !ret;
	if (ret)
		close_all(uffd_delay);
	return ret;
}

int uffd_delay_end(struct uffd_delay *uffd_delay)
{
	if (!uffd_delay->running)
		return log_errno(ESRCH, "end a range that comes late");
	close(uffd_delay->stop[1]);
	uffd_delay->stop[1] = -1;
	pthread_join(uffd_delay->thread, NULL);
	close_all(uffd_delay);
	return (int)atomic_load(&uffd_delay->answers);
}
