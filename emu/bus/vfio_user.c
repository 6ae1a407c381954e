// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio_user.c - one client's connection: the byte stream and what goes with it */
#include "bus/vfio_user.h"

#include "base/log.h"
#include "base/util.h"
#include "bus/vfio_messages.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_BYTES (VFIO_USER_MAX_DATA + KiB(64))
#define PATIENCE_MS  2000

int vfio_user_init(struct vfio_user *client, struct device *dev)
{
	*client = (struct vfio_user){ .fd = -1, .patience_ms = PATIENCE_MS, .dev = dev };
	memset(client->vectors, -1, sizeof(client->vectors));
	pci_init(&client->pci, dev->config.scheme);
	client->in = malloc(BUFFER_BYTES);
	client->out = malloc(BUFFER_BYTES);
	return client->in && client->out ? 0 : -ENOMEM;
}

void vfio_user_attach(struct vfio_user *client, int fd)
{
	client->fd = fd;
	client->received = client->consumed = 0;
	client->max_data = VFIO_USER_MAX_DATA;
	client->asked = false;
}

void vfio_user_detach(struct vfio_user *client)
{
	if (client->fd < 0)
		return;
	close(client->fd);
	client->fd = -1;
	fd_queue_close(&client->fds, client->fds.n);
	vfio_drop_vectors(client);
	device_reset(client->dev);
	dma_unmap_all(&client->dev->dma);
	pci_init(&client->pci, client->dev->config.scheme);
}

void vfio_user_free(struct vfio_user *client)
{
	vfio_user_detach(client);
	free(client->in);
	free(client->out);
}

void vfio_user_interrupt(struct vfio_user *client, unsigned int vector)
{
	uint64_t one = 1;

	if (vector < PCI_VECTORS && client->vectors[vector] >= 0 &&
	    write(client->vectors[vector], &one, sizeof(one)) < 0)
		log_debug("interrupt %u: %s", vector, strerror(errno));
}

static int receive(struct vfio_user *client)
{
	size_t held = client->received - client->consumed;
	char control[CMSG_SPACE(sizeof(int) * FD_QUEUE_MESSAGE)];
	struct iovec iov = { client->in + held, BUFFER_BYTES - held };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(client->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	if (!n)
		return -ECONNRESET;
	client->received += (uint64_t)n;
	if (!msg.msg_controllen && !(msg.msg_flags & MSG_CTRUNC))
		return 0;
	return fd_queue_receive(&client->fds, &msg, client->received - 1);
}

/* Whole or not at all: a client that does not take its answers is not waited for long. */
static int send_all(const struct vfio_user *client, const uint8_t *from, size_t len)
{
	struct pollfd p = { .fd = client->fd, .events = POLLOUT };

	while (len) {
		ssize_t n = send(client->fd, from, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n < 0 && poll(&p, 1, client->patience_ms) <= 0)
			return -ETIMEDOUT;
		if (n > 0) {
			from += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

static int answer(struct vfio_user *client, const struct vfio_header *request, int result,
		  size_t len)
{
	struct vfio_header reply = { .id = request->id,
				     .command = request->command,
				     .size = (uint32_t)(sizeof(reply) + len),
				     .flags = VFIO_USER_REPLY };

	if (request->flags & VFIO_USER_NO_REPLY)
		return 0;
	if (result) {
		reply.flags |= VFIO_USER_ERROR;
		reply.error = (uint32_t)-result;
	}
	memcpy(client->out, &reply, sizeof(reply));
	return send_all(client, client->out, reply.size);
}

int vfio_user_report_refused(struct vfio_user *client)
{
	struct {
		struct vfio_header header;
		uint64_t addr;
		uint64_t count;
	} read = { .header = { .command = VFIO_USER_DMA_READ, .size = sizeof(read) },
		   .addr = client->dev->dma.refused_addr,
		   .count = 1 };

	if (client->fd < 0 || client->asked || !client->dev->dma.refused_new)
		return 0;
	client->dev->dma.refused_new = false;
	client->asked = true;
	read.header.id = ++client->question;
	return send_all(client, (const uint8_t *)&read, sizeof(read));
}

/* Whatever the byte is, it comes too late for the access. */
static int take_reply(struct vfio_user *client, const struct vfio_header *reply)
{
	if (!client->asked || reply->command != VFIO_USER_DMA_READ ||
	    reply->id != client->question)
		return -EPROTO;
	client->asked = false;
	return 0;
}

static int serve_one(struct vfio_user *client, const uint8_t *at)
{
	struct vfio_header header;
	size_t len = 0;
	int result;

	memcpy(&header, at, sizeof(header));
	if ((header.flags & VFIO_USER_TYPE) == VFIO_USER_REPLY)
		return take_reply(client, &header);
	if ((header.flags & VFIO_USER_TYPE) != VFIO_USER_COMMAND ||
	    fd_queue_count(&client->fds, client->consumed) > FD_QUEUE_MESSAGE)
		return -EPROTO;
	result = vfio_message(client, header.command, at + sizeof(header),
			      header.size - sizeof(header), client->out + sizeof(header),
			      &len);
	if (result)
		log_debug("vfio-user message %u: %s", header.command, strerror(-result));
	return answer(client, &header, result, len);
}

/* How many bytes the message at @at has, 0 if it is not whole yet, or -EPROTO. */
static int64_t message_bytes(const uint8_t *at, uint64_t held)
{
	struct vfio_header header;

	if (held < sizeof(header))
		return 0;
	memcpy(&header, at, sizeof(header));
	if (header.size < sizeof(header) || header.size > BUFFER_BYTES)
		return -EPROTO;
	return header.size <= held ? header.size : 0;
}

int vfio_user_serve(struct vfio_user *client)
{
	const uint8_t *at = client->in;
	int64_t n;
	int ret = receive(client);

	if (ret)
		return ret == -EAGAIN ? 0 : ret;
	while ((n = message_bytes(at, client->received - client->consumed)) > 0) {
		client->consumed += (uint64_t)n;
		ret = serve_one(client, at);
		/* a message that took none of its descriptors leaves none for the next */
		fd_queue_close(&client->fds,
			       fd_queue_count(&client->fds, client->consumed));
		if (ret)
			return ret;
		at += n;
	}
	memmove(client->in, at, client->received - client->consumed);
	return (int)n;
}
