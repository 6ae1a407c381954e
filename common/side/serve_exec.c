// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * serve_exec.c - the implicit region of a process that calls exec(), and the processes
 * that are forked after that
 *
 * The memory that the region was registered for is gone then. A process that is forked
 * later may get the same struct mm_struct.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "env/patience.h"
#include "process/worker.h"
#include "rdma/shared_region.h"
#include "side/local_internal.h"

#define PROCESSES 64

union descriptor {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message(struct iovec *data, union descriptor *descriptor)
{
	memset(descriptor, 0, sizeof(*descriptor));
	return (struct msghdr){ .msg_iov = data,
				.msg_iovlen = 1,
				.msg_control = descriptor,
				.msg_controllen = sizeof(*descriptor) };
}

static int send_region(int socket, struct shared_region *shared)
{
	struct iovec data = { shared, sizeof(*shared) };
	union descriptor descriptor;
	struct msghdr msg = message(&data, &descriptor);
	struct cmsghdr *header = CMSG_FIRSTHDR(&msg);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &shared->fd, sizeof(int));
	return sendmsg(socket, &msg, MSG_NOSIGNAL) == sizeof(*shared) ? 0 : -errno;
}

static int receive_region(int socket, struct shared_region *shared, int timeout_ms)
{
	struct pollfd ready = { .fd = socket, .events = POLLIN };
	struct iovec data = { shared, sizeof(*shared) };
	union descriptor descriptor;
	struct msghdr msg = message(&data, &descriptor);
	const struct cmsghdr *header;
	ssize_t n;

	if (poll(&ready, 1, timeout_ms) != 1)
		return -ETIMEDOUT;
	n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
	header = CMSG_FIRSTHDR(&msg);
	if (n != sizeof(*shared) || !header || header->cmsg_type != SCM_RIGHTS)
		return -ECHILD;
	memcpy(&shared->fd, CMSG_DATA(header), sizeof(int));
	return 0;
}

/* The socket closes as it calls exec(). */
static int own_region(int socket, void *device)
{
	struct shared_region shared;
	char go;

	if (shared_region_make(&shared, device) || send_region(socket, &shared) ||
	    read(socket, &go, 1) != 1)
		return 1;
	execlp("sleep", "sleep", "600", NULL);
	return 1;
}

static int wait_for_the_end(int socket, void *unused)
{
	char end;

	return read(socket, &end, 1) ? 1 : 0;
}

static int import_and_let_exec(struct imported_region *imported,
			       const struct rdma_device *device,
			       const struct worker *owner, int timeout_ms)
{
	struct shared_region shared;
	char nothing = 0;
	int ret = receive_region(owner->socket, &shared, timeout_ms);

	if (!ret)
		ret = shared_region_import(imported, &shared, device);
	if (ret)
		return ret;
	ret = worker_send(owner, &nothing, 1);
	if (!ret && worker_receive(owner, &nothing, 1, timeout_ms) == -ETIMEDOUT)
		ret = -ETIMEDOUT;
	return ret;
}

#define THEIRS 0x74 /* in the page of the forked processes, and ... */
#define OURS   0x6f /* in that of this one, after it has forked them */

/* Does the device READ there what the forked processes have? */
static bool device_reads(struct imported_region *imported, const unsigned char *page,
			 int timeout_ms)
{
	unsigned char got = 0;
	int ret = imported_region_read(imported, (uintptr_t)page, &got, 1,
				       (uint64_t)timeout_ms * NSEC_PER_MSEC);

	return !ret && got == THEIRS;
}

/* How often the memory of a forked process was reached. */
struct reached {
	unsigned int prefetches, reads;
};

/* Returns 0, or -EAGAIN where there were fewer processes than it takes. */
static int reach_beside(struct imported_region *imported, unsigned char *page,
			int timeout_ms, struct reached *reached)
{
	struct worker processes[PROCESSES] = { 0 };
	unsigned int n = 0;
	int ret;

	*page = THEIRS;
	while (n < PROCESSES && !worker_start(&processes[n], wait_for_the_end, NULL)) {
		n++;
		*page = OURS;
		if (!imported_region_prefetch(imported, (uintptr_t)page, PAGE_BYTES)) {
			reached->prefetches++;
			/* one READ that succeeds is enough */
			reached->reads += !reached->reads &&
					  device_reads(imported, page, timeout_ms);
		}
		*page = THEIRS;
	}
	ret = n == PROCESSES ? 0 : -EAGAIN;
	while (n)
		worker_wait(&processes[--n], timeout_ms);
	return ret;
}

/* The page is mapped after the exec(), so that the region's owner has never had it. */
static int count_reached(struct imported_region *imported, int timeout_ms,
			 struct reached *reached)
{
	unsigned char *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	int ret;

	if (page == MAP_FAILED)
		return -errno;
	ret = reach_beside(imported, page, timeout_ms, reached);
	munmap(page, PAGE_BYTES);
	return ret;
}

int serve_region_after_exec(struct local_side *side, struct local_target *target,
			    const struct side_request *request, struct side_reply *reply)
{
	int timeout_ms =
		(int)(env_patience(side->env, SIDE_OP_TIMEOUT_NS) / NSEC_PER_MSEC);
	struct imported_region imported = { 0 };
	struct reached reached = { 0 };
	struct worker owner = { 0 };
	int ret = worker_start(&owner, own_region, &side->device);

	if (ret)
		return log_errno(ret, "start a process that registers a region");
	ret = import_and_let_exec(&imported, &side->device, &owner, timeout_ms);
	if (!ret)
		ret = count_reached(&imported, timeout_ms, &reached);
	/* the region of a process that has ended is refused for that */
	if (!ret && subprocess_wait(&owner.process, clock_ns()) != -ETIMEDOUT)
		ret = -ECHILD;
	reply->number = reached.prefetches;
	reply->strays = reached.reads;
	imported_region_close(&imported);
	worker_kill(&owner, timeout_ms);
	return ret ? log_errno(ret, "the region of a process that calls exec()") : 0;
}
