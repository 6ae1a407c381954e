// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fd_queue.c - file descriptors of a byte stream, each with the byte that it came with */
#include "bus/fd_queue.h"

#include "base/util.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int add(struct fd_queue *queue, int fd, uint64_t at)
{
	if (queue->n == ARRAY_SIZE(queue->entries)) {
		close(fd);
		return -EPROTO;
	}
	queue->entries[queue->n].fd = fd;
	queue->entries[queue->n++].at = at;
	return 0;
}

int fd_queue_receive(struct fd_queue *queue, struct msghdr *msg, uint64_t at)
{
	int ret = msg->msg_flags & MSG_CTRUNC ? -EPROTO : 0;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int fd;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (add(queue, fd, at))
				ret = -EPROTO;
		}
	}
	return ret;
}

unsigned int fd_queue_count(const struct fd_queue *queue, uint64_t end)
{
	unsigned int n = 0;

	while (n < queue->n && queue->entries[n].at < end)
		n++;
	return n;
}

int fd_queue_pop(struct fd_queue *queue)
{
	int fd = queue->entries[0].fd;

	queue->n--;
	memmove(queue->entries, queue->entries + 1, queue->n * sizeof(queue->entries[0]));
	return fd;
}

void fd_queue_close(struct fd_queue *queue, unsigned int n)
{
	while (n--)
		close(fd_queue_pop(queue));
}
