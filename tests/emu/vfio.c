// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio.c - the vfio-user protocol over a real socket: pipelining, descriptors, bad messages */
#include "cmocka_all.h"

#include "bus/bar.h"
#include "bus/vfio_messages.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define WINDOW	 0x4000u
#define MANY_FDS 33

/* As the specification has it, with the limits of this device */
#define VERSION_ANSWER                                                         \
	"{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576," \
	"\"write_multiple\":true}}"

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
	uint8_t bytes[256] = { 0 };

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

struct irqs {
	uint32_t argsz, flags, index, start, count;
	uint8_t data[8];
};

#define MSIX	VFIO_PCI_MSIX_IRQ_INDEX
#define NONE	VFIO_IRQ_SET_DATA_NONE
#define BOOL	VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD VFIO_IRQ_SET_DATA_EVENTFD
#define MASK	VFIO_IRQ_SET_ACTION_MASK
#define UNMASK	VFIO_IRQ_SET_ACTION_UNMASK
#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER

/* Sends @irqs with @n eventfds (all the same); the answer's error. @data: bytes of it */
static uint32_t set_irqs(struct connection *w, const struct irqs *irqs, size_t data,
			 int fd, unsigned int n)
{
	int fds[] = { fd, fd, fd, fd };
	uint8_t bytes[64] = { 0 };

	send_bytes(w, bytes,
		   build(bytes, VFIO_USER_DEVICE_SET_IRQS, irqs,
			 offsetof(struct irqs, data) + data),
		   fds, n);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	return take_answer(w, VFIO_USER_DEVICE_SET_IRQS, NULL, 0);
}

static uint64_t interrupts(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

/* What is refused leaves the vectors as they were. */
static void irqs__refused(void **state)
{
	static const struct {
		struct irqs irqs;
		size_t data;
		unsigned int fds;
	} rows[] = {
		{ { 19, EVENTFD | TRIGGER, MSIX, 0, 2, { 0 } }, 0, 2 },
		{ { 20, EVENTFD | TRIGGER, VFIO_PCI_NUM_IRQS, 0, 2, { 0 } }, 0, 2 },
		{ { 20, EVENTFD | TRIGGER, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER, MSIX, PCI_VECTORS, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER, MSIX, PCI_VECTORS - 1, 2, { 0 } }, 0, 2 },
		{ { 20, EVENTFD | TRIGGER, MSIX, 1, UINT32_MAX, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER, MSIX, 0, 2, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER, MSIX, 0, 1, { 0 } }, 0, 2 },
		{ { 20, EVENTFD | TRIGGER, MSIX, 0, 0, { 0 } }, 0, 0 },
		{ { 20, EVENTFD | MASK, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | UNMASK, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | MASK | TRIGGER, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | NONE | TRIGGER, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER | 1u << 6, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, NONE | MASK, MSIX, 0, 1, { 0 } }, 0, 0 },
		{ { 20, NONE | MASK, MSIX, 0, 0, { 0 } }, 0, 0 },
		{ { 20, NONE | TRIGGER, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, NONE | TRIGGER, MSIX, 1, 0, { 0 } }, 0, 0 },
		{ { 20, BOOL | TRIGGER, MSIX, 0, 2, { 1, 1 } }, 1, 0 },
		{ { 20, BOOL | TRIGGER, MSIX, 0, 1, { 1, 1 } }, 1, 1 },
		{ { 20, BOOL | TRIGGER, MSIX, 0, 0, { 1, 1 } }, 1, 0 },
	};
	const struct irqs set = { 20, EVENTFD | TRIGGER, MSIX, 0, 2, { 0 } };
	int own = eventfd(0, EFD_NONBLOCK), other = eventfd(0, EFD_NONBLOCK);
	struct connection *w = *state;

	assert_int_equal(set_irqs(w, &set, 0, own, 2), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t error =
			set_irqs(w, &rows[i].irqs, rows[i].data, other, rows[i].fds);

		if (error != EINVAL)
			print_message("row %zu: error %u\n", i, error);
		assert_int_equal(error, EINVAL);
		vfio_user_interrupt(&w->client, 0);
		vfio_user_interrupt(&w->client, 1);
		assert_int_equal(interrupts(own), 2);
		assert_int_equal(interrupts(other), 0);
	}
	close(own);
	close(other);
}

static void irqs__assigned(void **state)
{
	const struct irqs three = { 20, EVENTFD | TRIGGER, MSIX, 29, 3, { 0 } },
			  one = { 20, EVENTFD | TRIGGER, MSIX, 30, 1, { 0 } },
			  all = { 20, NONE | TRIGGER, MSIX, 0, 0, { 0 } };
	int fd = eventfd(0, EFD_NONBLOCK), free = lowest_free_fd();
	struct connection *w = *state;

	assert_int_equal(set_irqs(w, &three, 0, fd, 3), 0);
	for (unsigned int i = 0; i < PCI_VECTORS + 2; i++)
		vfio_user_interrupt(&w->client, i);
	assert_int_equal(interrupts(fd), 3);
	assert_int_equal(set_irqs(w, &one, 0, fd, 0), 0); /* takes its eventfd away */
	for (unsigned int i = 0; i < PCI_VECTORS; i++)
		vfio_user_interrupt(&w->client, i);
	assert_int_equal(interrupts(fd), 2);
	assert_int_equal(set_irqs(w, &three, 0, fd, 3), 0);
	assert_int_equal(set_irqs(w, &all, 0, fd, 0), 0);
	for (unsigned int i = 0; i < PCI_VECTORS; i++)
		vfio_user_interrupt(&w->client, i);
	assert_int_equal(interrupts(fd), 0);
	assert_int_equal(lowest_free_fd(),
			 free); /* none is kept, replaced ones neither */
	close(fd);
}

static void irqs__triggered(void **state)
{
	const struct irqs set = { 20, EVENTFD | TRIGGER, MSIX, 4, 4, { 0 } },
			  some = { 24, BOOL | TRIGGER, MSIX, 4, 4, { 1, 0, 0xff, 0 } },
			  all = { 20, NONE | TRIGGER, MSIX, 4, 3, { 0 } };
	int fd = eventfd(0, EFD_NONBLOCK);
	struct connection *w = *state;

	assert_int_equal(set_irqs(w, &set, 0, fd, 4), 0);
	assert_int_equal(interrupts(fd), 0);
	assert_int_equal(set_irqs(w, &some, 4, -1, 0), 0);
	assert_int_equal(interrupts(fd), 2);
	assert_int_equal(set_irqs(w, &all, 0, -1, 0), 0);
	assert_int_equal(interrupts(fd), 3);
	close(fd);
}

/* Sends a version message with that text; the answer's error. */
static uint32_t send_version(struct connection *w, uint16_t major, const char *text,
			     size_t len)
{
	uint8_t data[200] = { (uint8_t)major };
	char answer[4 + sizeof(VERSION_ANSWER)];
	uint32_t error;

	memcpy(data + 4, text, len);
	send_message(w, VFIO_USER_VERSION, data, 4 + len, -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	error = take_answer(w, VFIO_USER_VERSION, answer, sizeof(answer));
	if (!error) {
		assert_memory_equal(answer, "\0\0\0", 4);
		assert_string_equal(answer + 4, VERSION_ANSWER);
	}
	return error;
}

/* Reads @count bytes of the BAR; the answer's error. */
static uint32_t read_bar(struct connection *w, uint32_t count)
{
	struct {
		uint64_t offset;
		uint32_t region, count;
	} read = { 0, VFIO_PCI_BAR0_REGION_INDEX, count };
	uint8_t answer[16 + 128];

	send_message(w, VFIO_USER_REGION_READ, &read, sizeof(read), -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	return take_answer(w, VFIO_USER_REGION_READ, answer, 16 + count);
}

/* The version message, without and with limits of the client's: a read that they allow */
static void version__limits(void **state)
{
	static const struct {
		const char *text;
		uint32_t error, reads;
	} rows[] = {
		{ "", 0, 128 },
		{ "{}", 0, 128 },
		{ "{\"capabilities\":{}}", 0, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":2097152}}", 0, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":64}}", 0, 64 },
		{ "{\"capabilities\":{\"max_msg_fds\":0,\"pgsizes\":4096}}", 0, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":0}}", EINVAL, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":-1}}", EINVAL, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":\"64\"}}", EINVAL, 128 },
		{ "{\"capabilities\":{\"max_msg_fds\":-1}}", EINVAL, 128 },
		{ "{\"capabilities\":[]}", EINVAL, 128 },
		{ "[]", EINVAL, 128 },
		{ "{", EINVAL, 128 },
	};
	struct connection *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].text);

		assert_int_equal(send_version(w, 0, rows[i].text, len ? len + 1 : 0),
				 rows[i].error);
		assert_int_equal(read_bar(w, rows[i].reads), 0);
		if (rows[i].reads < 128)
			assert_int_equal(read_bar(w, rows[i].reads + 1), EINVAL);
	}
}

/* What is refused leaves the limit as it was. */
static void version__refused(void **state)
{
	static const char limit[] = "{\"capabilities\":{\"max_data_xfer_size\":64}}";
	struct connection *w = *state;

	assert_int_equal(send_version(w, 0, limit, sizeof(limit)), 0);
	assert_int_equal(send_version(w, 1, "", 0), ENOTSUP);
	assert_int_equal(send_version(w, 0, "{} ", 3), EINVAL); /* without its end */
	assert_int_equal(send_version(w, 0, "[]", 3), EINVAL);
	send_message(w, VFIO_USER_VERSION, "\0\0", 3, -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(take_answer(w, VFIO_USER_VERSION, NULL, 0), EINVAL);
	assert_int_equal(read_bar(w, 64), 0);
	assert_int_equal(read_bar(w, 65), EINVAL);
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
		{ { 31, 3, 0, 0, WINDOW }, EINVAL },
		{ { 32, 7, 0, 0, WINDOW }, EINVAL },
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
		TEST(irqs__refused),
		TEST(irqs__assigned),
		TEST(irqs__triggered),
		TEST(version__limits),
		TEST(version__refused),
		TEST(window__refused),
		TEST(configuration__of_a_connectx),
		TEST(stream__in_single_bytes),
		TEST(stream__nonsense_ends_it),
		TEST(message__unknown),
		TEST(client__comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
