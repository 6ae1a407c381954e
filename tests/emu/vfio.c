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

#define WINDOW 0x4000u

struct world {
	struct device *dev;
	struct vfio_user client;
	int fd; /* our end */
};

static void interrupt(void *owner, unsigned int vector)
{
	struct world *w = owner;

	vfio_user_interrupt(&w->client, vector);
}

static int begin(void **state)
{
	static struct world w;
	struct device_config config = { .scheme = SCHEME_MEMORY,
					.interrupt = interrupt,
					.owner = &w };
	int fds[2];

	w = (struct world){ .dev = device_new(&config) };
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
	struct world *w = *state;

	close(w->fd);
	vfio_user_free(&w->client);
	device_free(w->dev);
	return 0;
}

/* Sends a message, with a descriptor if @fd is one. */
static void say(struct world *w, uint16_t command, const void *data, size_t len, int fd)
{
	uint8_t bytes[256];
	struct vfio_header header = { .id = 7,
				      .command = command,
				      .size = (uint32_t)(sizeof(header) + len) };
	struct iovec iov = { bytes, header.size };
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), data, len);
	if (fd >= 0) {
		struct cmsghdr *c = (struct cmsghdr *)control;

		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	assert_int_equal(sendmsg(w->fd, &msg, 0), header.size);
}

/* The next answer's error; its data goes to @data. */
static uint32_t hear(struct world *w, uint16_t command, void *data, size_t len)
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

/* Maps pipelined, some with and some without a descriptor: each gets its own. */
static void descriptors_stay_with_their_message(void **state)
{
	struct world *w = *state;
	uint8_t byte;

	for (unsigned int i = 0; i < 6; i++) {
		struct map m = { sizeof(m), 3, 0, i * 0x10000ull, WINDOW };
		int fd = i % 3 == 1 ? -1 : file_of((uint8_t)(0x10 + i));

		say(w, 2, &m, sizeof(m), fd);
		if (fd >= 0)
			close(fd);
	}
	while (w->client.consumed < 6 * (sizeof(struct vfio_header) + sizeof(struct map)))
		assert_int_equal(vfio_user_serve(&w->client), 0);
	for (unsigned int i = 0; i < 6; i++) {
		assert_int_equal(hear(w, 2, NULL, 0), 0);
		if (i % 3 == 1) {
			assert_null(dma_at(&w->dev->dma, i * 0x10000ull, 1, false));
			continue;
		}
		assert_int_equal(dma_read(&w->dev->dma, i * 0x10000ull, &byte, 1), 0);
		assert_int_equal(byte, 0x10 + i);
	}
}

static void bad_windows_are_refused(void **state)
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
	struct world *w = *state;

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd = file_of(1);

		say(w, 2, &rows[i].map, sizeof(rows[i].map), fd);
		close(fd);
		assert_int_equal(vfio_user_serve(&w->client), 0);
		assert_int_equal(hear(w, 2, NULL, 0), rows[i].error);
	}
	assert_int_equal(w->dev->dma.n, 0);
}

static void the_configuration_space_is_a_connectx(void **state)
{
	struct {
		uint64_t offset;
		uint32_t region, count;
	} read = { 0, 7, 64 };
	uint8_t answer[16 + 64];
	struct world *w = *state;

	say(w, 9, &read, sizeof(read), -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(hear(w, 9, answer, sizeof(answer)), 0);
	assert_int_equal(answer[16] | answer[17] << 8, 0x15b3);
	assert_int_equal(answer[18] | answer[19] << 8, 0x1021);
}

static void a_stream_in_pieces(void **state)
{
	struct vfio_header header = { .id = 7, .command = 4, .size = sizeof(header) };
	const uint8_t *bytes = (const uint8_t *)&header;
	struct world *w = *state;
	uint32_t info[4];

	for (size_t i = 0; i < sizeof(header); i++) {
		assert_int_equal(send(w->fd, bytes + i, 1, 0), 1);
		assert_int_equal(vfio_user_serve(&w->client), 0);
	}
	assert_int_equal(hear(w, 4, info, sizeof(info)), 0);
}

static void nonsense_is_hung_up_on(void **state)
{
	struct vfio_header header = { .id = 7, .command = 4, .size = 3 };
	struct world *w = *state;

	assert_int_equal(send(w->fd, &header, sizeof(header), 0), sizeof(header));
	assert_int_equal(vfio_user_serve(&w->client), -EPROTO);
}

static void unknown_messages_are_refused(void **state)
{
	struct world *w = *state;

	for (uint16_t command = 16; command < 40; command++) {
		say(w, command, "", 0, -1);
		assert_int_equal(vfio_user_serve(&w->client), 0);
		assert_int_equal(hear(w, command, NULL, 0), ENOTSUP);
	}
}

static void a_client_that_comes_back(void **state)
{
	struct map m = { sizeof(m), 3, 0, 0, WINDOW };
	struct world *w = *state;
	int fd = file_of(1), fds[2];

	say(w, 2, &m, sizeof(m), fd);
	close(fd);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	close(w->fd);
	assert_int_equal(vfio_user_serve(&w->client), -ECONNRESET);
	vfio_user_detach(&w->client);
	assert_int_equal(w->dev->dma.n, 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	w->fd = fds[0];
	vfio_user_attach(&w->client, fds[1]);
	a_stream_in_pieces(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(descriptors_stay_with_their_message),
		TEST(bad_windows_are_refused),
		TEST(the_configuration_space_is_a_connectx),
		TEST(a_stream_in_pieces),
		TEST(nonsense_is_hung_up_on),
		TEST(unknown_messages_are_refused),
		TEST(a_client_that_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
