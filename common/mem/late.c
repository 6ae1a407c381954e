// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* late.c - pages that come late: a userfaultfd whose owner takes its time */
#include "mem/late.h"

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

static int write_protect(struct late *late, uint64_t addr, size_t len, bool on)
{
	struct uffdio_writeprotect what = {
		.range = { addr, len },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	return ioctl(late->fd, UFFDIO_WRITEPROTECT, &what) ? -errno : 0;
}

static int bring_page(struct late *late, uint64_t addr)
{
	unsigned char page[PAGE_BYTES];
	struct uffdio_copy copy = { .dst = addr,
				    .src = (uintptr_t)page,
				    .len = PAGE_BYTES };

	pattern_fill(page, addr - (uintptr_t)late->region->addr, PAGE_BYTES, late->p);
	/* one that was brought already was asked for twice */
	return ioctl(late->fd, UFFDIO_COPY, &copy) && errno != EEXIST ? -errno : 0;
}

static int answer(struct late *late)
{
	struct uffd_msg message;
	uint64_t addr;
	int ret;

	if (read(late->fd, &message, sizeof(message)) != sizeof(message))
		return errno == EAGAIN ? 0 : -errno;
	if (message.event != UFFD_EVENT_PAGEFAULT)
		return 0;
	clock_sleep_ns(late->delay_ns);
	addr = round_down(message.arg.pagefault.address, PAGE_BYTES);
	ret = late->protect ? write_protect(late, addr, PAGE_BYTES, false) :
			      bring_page(late, addr);
	if (!ret)
		atomic_fetch_add(&late->answers, 1);
	return ret;
}

static void *answer_all(void *data)
{
	struct late *late = data;
	struct pollfd fds[] = { { .fd = late->fd, .events = POLLIN },
				{ .fd = late->stop[0], .events = POLLIN | POLLHUP } };
	int ret = 0;

	while (!ret && !fds[1].revents) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0)
			ret = -errno;
		else if (fds[0].revents)
			ret = answer(late);
	}
	if (ret)
		log_errno(ret, "answer a page fault");
	return NULL;
}

static int open_range(struct late *late)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)late->region->addr + late->offset, late->len },
		.mode = late->protect ? UFFDIO_REGISTER_MODE_WP :
					UFFDIO_REGISTER_MODE_MISSING,
	};

	late->fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (late->fd < 0)
		return log_errno(errno, "userfaultfd");
	if (ioctl(late->fd, UFFDIO_API, &api) ||
	    ioctl(late->fd, UFFDIO_REGISTER, &range) ||
	    (late->protect &&
	     write_protect(late, range.range.start, range.range.len, true)))
		return log_errno(errno, "a userfaultfd of %zu bytes", late->len);
	return 0;
}

static void close_all(struct late *late)
{
	const int fds[] = { late->fd, late->stop[0], late->stop[1] };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	late->running = false;
}

int late_begin(struct late *late, struct region *region, uint64_t offset, size_t len,
	       uint64_t delay_ns, bool protect, struct pattern p)
{
	int ret;

	if (late->running)
		return log_errno(EBUSY, "two ranges that come late");
	*late = (struct late){ .region = region,
			       .offset = offset,
			       .len = len,
			       .delay_ns = delay_ns,
			       .protect = protect,
			       .p = p,
			       .fd = -1,
			       .stop = { -1, -1 } };
	ret = open_range(late);
	if (!ret && pipe2(late->stop, O_CLOEXEC))
		ret = log_errno(errno, "a pipe");
	if (!ret) {
		ret = pthread_create(&late->thread, NULL, answer_all, late);
		if (ret)
			ret = log_errno(ret, "a thread that answers page faults");
	}
	late->running = !ret;
	if (ret)
		close_all(late);
	return ret;
}

int late_end(struct late *late)
{
	if (!late->running)
		return log_errno(ESRCH, "end a range that comes late");
	close(late->stop[1]);
	late->stop[1] = -1;
	pthread_join(late->thread, NULL);
	close_all(late);
	return (int)atomic_load(&late->answers);
}
