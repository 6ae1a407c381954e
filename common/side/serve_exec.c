// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * serve_exec.c - the implicit region of a process that calls exec(), and the processes
 * that are forked after that
 *
 * The memory that the region was registered for is gone then. A process that is forked
 * later may get the same struct mm_struct.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

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

static int receive_region(int socket, struct shared_region *shared)
{
	struct iovec data = { shared, sizeof(*shared) };
	union descriptor descriptor;
	struct msghdr msg = message(&data, &descriptor);
	const struct cmsghdr *header;
	ssize_t n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);

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
			       const struct worker *owner, int timeout_ms)
{
	struct shared_region shared;
	char nothing = 0;
	int ret = receive_region(owner->socket, &shared);

	if (!ret)
		ret = shared_region_import(imported, &shared);
	if (ret)
		return ret;
	ret = worker_send(owner, &nothing, 1);
	if (!ret && worker_receive(owner, &nothing, 1, timeout_ms) == -ETIMEDOUT)
		ret = -ETIMEDOUT;
	return ret;
}

/* Forks processes, each of which has the page. Returns how many prefetches succeed. */
static unsigned int prefetch_beside(const struct imported_region *imported,
				    const void *page, int timeout_ms)
{
	struct worker processes[PROCESSES] = { 0 };
	unsigned int n = 0, reached = 0;

	while (n < PROCESSES && !worker_start(&processes[n], wait_for_the_end, NULL)) {
		n++;
		reached +=
			!imported_region_prefetch(imported, (uintptr_t)page, PAGE_BYTES);
	}
	while (n)
		worker_wait(&processes[--n], timeout_ms);
	return reached;
}

/* The page is mapped after the exec(), so that the region's owner has never had it. */
static int count_reached(const struct imported_region *imported, int timeout_ms,
			 uint64_t *reached)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (page == MAP_FAILED)
		return -errno;
	*reached = prefetch_beside(imported, page, timeout_ms);
	munmap(page, PAGE_BYTES);
	return 0;
}

int serve_region_after_exec(struct local_side *side, struct local_target *target,
			    const struct side_request *request, struct side_reply *reply)
{
	int timeout_ms =
		(int)(env_patience(side->env, SIDE_OP_TIMEOUT_NS) / NSEC_PER_MSEC);
	struct imported_region imported = { 0 };
	struct worker owner = { 0 };
	int ret = worker_start(&owner, own_region, &side->device);

	if (ret)
		return log_errno(ret, "start a process that registers a region");
	ret = import_and_let_exec(&imported, &owner, timeout_ms);
	if (!ret)
		ret = count_reached(&imported, timeout_ms, &reply->number);
	imported_region_close(&imported);
	worker_kill(&owner, timeout_ms);
	return ret ? log_errno(ret, "the region of a process that calls exec()") : 0;
}
