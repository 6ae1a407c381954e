// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio.c - the vfio-user protocol over a real socket: pipelining, descriptors, bad messages */
#include "cmocka_all.h"

#include "bus/bar.h"
#include "bus/vfio_messages.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define WINDOW	 0x4000u
#define MANY_FDS 33

struct connection {
	struct device *dev;
	struct vfio_user client;
	int fd; /* the client's end */
};

static void interrupt(void *owner, unsigned int vector)
{
	struct connection *w = owner;

	vfio_user_interrupt(&w->client, vector);
}

static int begin(void **state)
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

static int end(void **state)
{
	struct connection *w = *state;

	close(w->fd);
	vfio_user_free(&w->client);
	device_free(w->dev);
	return 0;
}

/* Sends bytes, and @n descriptors with them. */
static void send_bytes(struct connection *w, const void *from, size_t len, const int *fds,
		       unsigned int n)
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

/* Builds a message at @bytes; its length. */
static size_t build(uint8_t *bytes, uint16_t command, const void *data, size_t len)
{
	struct vfio_header header = { .id = 7,
				      .command = command,
				      .size = (uint32_t)(sizeof(header) + len) };

	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), data, len);
	return header.size;
}

/* Sends a message, with a descriptor if @fd is one. */
static void send_message(struct connection *w, uint16_t command, const void *data,
			 size_t len, int fd)
{
	uint8_t bytes[256];

	send_bytes(w, bytes, build(bytes, command, data, len), &fd, fd >= 0);
}

/* The next answer's error; its data goes to @data. */
static uint32_t take_answer(struct connection *w, uint16_t command, void *data,
			    size_t len)
{
	struct vfio_header header;

	assert_int_equal(recv(w->fd, &header, sizeof(header), MSG_WAITALL),
			 sizeof(header));
	assert_int_equal(header.command, command);
	assert_int_equal(header.id, 7);
	if (header.flags & VFIO_USER_ERROR)
		return header.error;
	assert_int_equal(header.size, sizeof(header) + len);
	if (len)
		assert_int_equal(recv(w->fd, data, len, MSG_WAITALL), len);
	return 0;
}

struct map {
	uint32_t argsz, flags;
	uint64_t offset, addr, size;
};

static int file_of(uint8_t fill)
{
	uint8_t page[WINDOW];
	int fd = memfd_create("guest", MFD_CLOEXEC);

	memset(page, fill, sizeof(page));
	assert_int_equal(write(fd, page, sizeof(page)), sizeof(page));
	return fd;
}

/* The first byte of the window at @addr; -1: out of reach */
static int window_byte(struct connection *w, uint64_t addr)
{
	const uint8_t *at = dma_at(&w->dev->dma, addr, 1, false);

	return at ? *at : -1;
}

/* Maps pipelined, some with and some without a descriptor: each gets its own. */
static void descriptors__stay_with_their_message(void **state)
{
	struct connection *w = *state;

	for (unsigned int i = 0; i < 6; i++) {
		struct map m = { sizeof(m), 3, 0, i * 0x10000ull, WINDOW };
		int fd = i % 3 == 1 ? -1 : file_of((uint8_t)(0x10 + i));

		send_message(w, VFIO_USER_DMA_MAP, &m, sizeof(m), fd);
		if (fd >= 0)
			close(fd);
	}
	while (w->client.consumed < 6 * (sizeof(struct vfio_header) + sizeof(struct map)))
		assert_int_equal(vfio_user_serve(&w->client), 0);
	for (unsigned int i = 0; i < 6; i++) {
		assert_int_equal(take_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
		if (i % 3 == 1) {
			assert_null(dma_at(&w->dev->dma, i * 0x10000ull, 1, false));
			continue;
		}
		assert_int_equal(window_byte(w, i * 0x10000ull), 0x10 + i);
	}
}

/* A message comes in two pieces, the second in one read with the next message. */
static void descriptors__split_message(void **state)
{
	struct map a = { sizeof(a), 3, 0, 0, WINDOW },
		   b = { sizeof(b), 3, 0, 0x10000, WINDOW };
	int fds[2] = { file_of(0xaa), file_of(0xbb) };
	struct connection *w = *state;
	uint8_t bytes[64];
	size_t n = build(bytes, VFIO_USER_DMA_MAP, &a, sizeof(a));

	send_bytes(w, bytes, 20, &fds[0], 1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	send_bytes(w, bytes + 20, n - 20, NULL, 0);
	send_message(w, VFIO_USER_DMA_MAP, &b, sizeof(b), fds[1]);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(take_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
	assert_int_equal(take_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
	assert_int_equal(window_byte(w, 0), 0xaa);
	assert_int_equal(window_byte(w, 0x10000), 0xbb);
	close(fds[0]);
	close(fds[1]);
}

/* The next message takes none of those that a message before it left. */
static void descriptors__not_taken(void **state)
{
	struct map m = { sizeof(m), 3, 0, 0, WINDOW };
	struct connection *w = *state;
	int fd = file_of(0xaa);
	uint32_t info[4];

	send_message(w, VFIO_USER_DEVICE_GET_INFO, "", 0, fd);
	send_message(w, VFIO_USER_DMA_MAP, &m, sizeof(m), -1);
	while (w->client.consumed < 2 * sizeof(struct vfio_header) + sizeof(m))
		assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(take_answer(w, VFIO_USER_DEVICE_GET_INFO, info, sizeof(info)),
			 0);
	assert_int_equal(take_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
	assert_int_equal(window_byte(w, 0), -1);
	close(fd);
}

/* The lowest descriptor that is free: the same before and after if none leaks */
static int lowest_free_fd(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

/* One more than the version message allows, at once and in pieces of one message */
static void descriptors__too_many(void **state)
{
	static const struct {
		unsigned int pieces, of_each;
	} rows[] = { { 1, FD_QUEUE_MESSAGE + 1 },
		     { 1, MANY_FDS },
		     { FD_QUEUE_MESSAGE + 1, 1 },
		     { 3, FD_QUEUE_MESSAGE } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fds[MANY_FDS], ret = 0, fd = file_of(1), before;
		struct connection *w;
		uint8_t bytes[64] = { 0 };

		end(state);
		begin(state);
		w = *state;
		before = lowest_free_fd();
		for (unsigned int n = 0; n < MANY_FDS; n++)
			fds[n] = fd;
		build(bytes, VFIO_USER_DEVICE_GET_INFO, "", 0);
		for (unsigned int n = 0; !ret && n < rows[i].pieces; n++) {
			bool last = n + 1 == rows[i].pieces;

			send_bytes(w, bytes + n,
				   last ? sizeof(struct vfio_header) - n : 1, fds,
				   rows[i].of_each);
			ret = vfio_user_serve(&w->client);
			assert_true(last || !ret || rows[i].of_each > 1);
		}
		assert_int_equal(ret, -EPROTO);
		fd_queue_close(&w->client.fds, w->client.fds.n);
		assert_int_equal(lowest_free_fd(), before);
		close(fd);
	}
}

static void window__refused(void **state)
{
	const struct {
		struct map map;
		uint32_t error;
	} rows[] = {
		{ { 32, 3, 0, 0, 0 }, EINVAL },
		{ { 32, 3, 0, -4096ull, 8192 }, EINVAL },
		{ { 32, 3, 1, 0, WINDOW }, EINVAL },
		{ { 32, 3, 0, 0, WINDOW + 1 }, ENXIO },
		{ { 32, 3, 4096, 0, WINDOW }, ENXIO },
	};
	struct connection *w = *state;

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd = file_of(1);

		send_message(w, VFIO_USER_DMA_MAP, &rows[i].map, sizeof(rows[i].map), fd);
		close(fd);
		assert_int_equal(vfio_user_serve(&w->client), 0);
		assert_int_equal(take_answer(w, VFIO_USER_DMA_MAP, NULL, 0),
				 rows[i].error);
	}
	assert_int_equal(w->dev->dma.n, 0);
}

static void configuration__of_a_connectx(void **state)
{
	struct {
		uint64_t offset;
		uint32_t region, count;
	} read = { 0, 7, 64 };
	uint8_t answer[16 + 64];
	struct connection *w = *state;

	send_message(w, VFIO_USER_REGION_READ, &read, sizeof(read), -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(take_answer(w, VFIO_USER_REGION_READ, answer, sizeof(answer)),
			 0);
	assert_int_equal(answer[16] | answer[17] << 8, 0x15b3);
	assert_int_equal(answer[18] | answer[19] << 8, 0x1021);
}

static void stream__in_single_bytes(void **state)
{
	struct vfio_header header = { .id = 7,
				      .command = VFIO_USER_DEVICE_GET_INFO,
				      .size = sizeof(header) };
	const uint8_t *bytes = (const uint8_t *)&header;
	struct connection *w = *state;
	uint32_t info[4];

	for (size_t i = 0; i < sizeof(header); i++) {
		assert_int_equal(send(w->fd, bytes + i, 1, 0), 1);
		assert_int_equal(vfio_user_serve(&w->client), 0);
	}
	assert_int_equal(take_answer(w, VFIO_USER_DEVICE_GET_INFO, info, sizeof(info)),
			 0);
}

static void stream__nonsense_ends_it(void **state)
{
	struct vfio_header header = { .id = 7,
				      .command = VFIO_USER_DEVICE_GET_INFO,
				      .size = 3 };
	struct connection *w = *state;

	assert_int_equal(send(w->fd, &header, sizeof(header), 0), sizeof(header));
	assert_int_equal(vfio_user_serve(&w->client), -EPROTO);
}

static void message__unknown(void **state)
{
	struct connection *w = *state;

	for (uint16_t command = VFIO_USER_MESSAGES; command < 40; command++) {
		send_message(w, command, "", 0, -1);
		assert_int_equal(vfio_user_serve(&w->client), 0);
		assert_int_equal(take_answer(w, command, NULL, 0), ENOTSUP);
	}
}

static void client__comes_back(void **state)
{
	struct map m = { sizeof(m), 3, 0, 0, WINDOW };
	struct connection *w = *state;
	int fd = file_of(1), fds[2];

	send_message(w, VFIO_USER_DMA_MAP, &m, sizeof(m), fd);
	close(fd);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	close(w->fd);
	assert_int_equal(vfio_user_serve(&w->client), -ECONNRESET);
	vfio_user_detach(&w->client);
	assert_int_equal(w->dev->dma.n, 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	w->fd = fds[0];
	vfio_user_attach(&w->client, fds[1]);
	stream__in_single_bytes(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(descriptors__stay_with_their_message),
		TEST(descriptors__split_message),
		TEST(descriptors__not_taken),
		TEST(descriptors__too_many),
		TEST(window__refused),
		TEST(configuration__of_a_connectx),
		TEST(stream__in_single_bytes),
		TEST(stream__nonsense_ends_it),
		TEST(message__unknown),
		TEST(client__comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
