// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#include "connection.h"

#include "cmocka_all.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void interrupt(void *owner, unsigned int vector)
{
	struct connection *w = owner;

	vfio_user_interrupt(&w->client, vector);
}

int connection_begin(void **state)
{
	static struct connection w;
	struct device_config config = { .scheme = SCHEME_MEMORY,
					.interrupt = interrupt,
					.owner = &w };
	int fds[2];

	w = (struct connection){ .dev = device_new(&config) };
	assert_non_null(w.dev);
	assert_int_equal(vfio_user_init(&w.client, w.dev), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	w.fd = fds[0];
	vfio_user_attach(&w.client, fds[1]);
	*state = &w;
	return 0;
}

int connection_end(void **state)
{
	struct connection *w = *state;

	close(w->fd);
	vfio_user_free(&w->client);
	device_free(w->dev);
	return 0;
}

int connection_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(addr.sun_path, path, strlen(path));
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

void connection_send_bytes(struct connection *w, const void *from, size_t len,
			   const int *fds, unsigned int n)
{
	struct iovec iov = { (void *)(uintptr_t)from, len };
	char control[CMSG_SPACE(sizeof(int) * MANY_FDS)] = { 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (n) {
		struct cmsghdr *c = (struct cmsghdr *)control;

		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * n);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * n);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * n);
	}
	assert_int_equal(sendmsg(w->fd, &msg, 0), len);
}

size_t message_build(uint8_t *bytes, uint16_t command, const void *data, size_t len)
{
	struct vfio_header header = { .id = 7,
				      .command = command,
				      .size = (uint32_t)(sizeof(header) + len) };

	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), data, len);
	return header.size;
}

void connection_send(struct connection *w, uint16_t command, const void *data, size_t len,
		     int fd)
{
	uint8_t bytes[256] = { 0 };

	connection_send_bytes(w, bytes, message_build(bytes, command, data, len), &fd,
			      fd >= 0);
}

uint32_t connection_answer(struct connection *w, uint16_t command, void *data, size_t len)
{
	struct vfio_header header;

	assert_int_equal(recv(w->fd, &header, sizeof(header), MSG_WAITALL),
			 sizeof(header));
	assert_int_equal(header.command, command);
	assert_int_equal(header.id, 7);
	if (header.flags & VFIO_USER_ERROR) {
		assert_int_equal(header.flags, VFIO_USER_REPLY | VFIO_USER_ERROR);
		assert_int_equal(header.size, sizeof(header));
		return header.error;
	}
	assert_int_equal(header.flags, VFIO_USER_REPLY);
	assert_int_equal(header.size, sizeof(header) + len);
	if (len)
		assert_int_equal(recv(w->fd, data, len, MSG_WAITALL), len);
	return 0;
}

int file_of(uint8_t fill)
{
	uint8_t page[WINDOW];
	int fd = memfd_create("guest", MFD_CLOEXEC);

	memset(page, fill, sizeof(page));
	assert_int_equal(write(fd, page, sizeof(page)), sizeof(page));
	return fd;
}

int window_byte(struct connection *w, uint64_t addr)
{
	const uint8_t *at = dma_at(&w->dev->dma, addr, 1, false);

	return at ? *at : -1;
}

int lowest_free_fd(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

int stdin_close(void)
{
	int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	close(STDIN_FILENO);
	return saved;
}

void stdin_restore(int saved)
{
	if (saved < 0)
		return;
	dup2(saved, STDIN_FILENO);
	close(saved);
}
