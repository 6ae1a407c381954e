/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fd_queue.h - file descriptors of a byte stream, each with the byte that it came with
 *
 * A stream socket delivers descriptors with bytes, and a read ends with the bytes that a
 * set of them came with (unix(7)). The last byte of that read names the message that owns
 * the set, however the message was split.
 */
#ifndef ODPLAB_EMU_FD_QUEUE_H
#define ODPLAB_EMU_FD_QUEUE_H

#include <stdint.h>
#include <sys/socket.h>

/* The most descriptors of one message; the version message names it to the client */
#define FD_QUEUE_MESSAGE 8

struct fd_queue {
	struct {
		int fd;
		uint64_t at;		 /* offset of a byte in the stream */
	} entries[2 * FD_QUEUE_MESSAGE]; /* of a message in part, and of one read */
	unsigned int n;
};

/*
 * Takes over the descriptors that recvmsg() put into @msg, whose last byte is the one at
 * offset @at. 0, or -EPROTO if there are more than the client may send.
 */
int fd_queue_receive(struct fd_queue *queue, struct msghdr *msg, uint64_t at);

/* How many of them came with bytes before @end. */
unsigned int fd_queue_count(const struct fd_queue *queue, uint64_t end);

/* Takes the oldest out; the queue must have one. The caller closes it. */
int fd_queue_pop(struct fd_queue *queue);

/* Closes the oldest @n. */
void fd_queue_close(struct fd_queue *queue, unsigned int n);

#endif
