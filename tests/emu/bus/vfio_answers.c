// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * vfio_answers.c - a client's stream: limits of messages, answers not taken, the end of a
 * client
 */
#include "cmocka_all.h"

#include "base/util.h"
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST   (VFIO_USER_MAX_DATA + (64u << 10)) /* bytes of a message */
#define ANSWER (sizeof(struct vfio_header) + 16 + VFIO_USER_MAX_DATA)

/*
 * Reads as much of the configuration space as one message may move, most of it beyond the
 * end
 */
static void ask_for_most(struct connection *w)
{
	struct {
		uint64_t offset;
		uint32_t region, count;
	} read = { 0, VFIO_PCI_CONFIG_REGION_INDEX, VFIO_USER_MAX_DATA };

	connection_send(w, VFIO_USER_REGION_READ, &read, sizeof(read), -1);
}

static void *take_answer(void *argument)
{
	const struct connection *w = argument;
	uint8_t *answer = malloc(ANSWER);

	if (answer && recv(w->fd, answer, ANSWER, MSG_WAITALL) == (ssize_t)ANSWER)
		return answer;
	free(answer);
	return NULL;
}

/* An answer that no socket's buffer holds goes out as the client takes it. */
static void answer__larger_than_the_buffer(void **state)
{
	struct connection *w = *state;
	struct vfio_header header;
	uint8_t expected[PCI_BYTES], *answer;
	pthread_t client;
	void *result;

	ask_for_most(w);
	assert_int_equal(pthread_create(&client, NULL, take_answer, w), 0);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(pthread_join(client, &result), 0);
	assert_non_null(result);
	answer = result;
	memcpy(&header, answer, sizeof(header));
	assert_int_equal(header.size, ANSWER);
	assert_int_equal(header.flags, VFIO_USER_REPLY);
	pci_read(&w->client.pci, 0, expected, sizeof(expected));
	answer += sizeof(header) + 16;
	assert_memory_equal(answer, expected, sizeof(expected));
	for (size_t i = PCI_BYTES; i < VFIO_USER_MAX_DATA; i++)
		if (answer[i] != 0xff)
			fail_msg("byte %zu is 0x%x", i, answer[i]);
	free(result);
}

/* A client that does not take its answer, or is gone, does not hold the device up. */
static void answer__not_taken(void **state)
{
	struct connection *w = *state;

	w->client.patience_ms = 1;
	ask_for_most(w);
	assert_int_equal(vfio_user_serve(&w->client), -ETIMEDOUT);
}

static void answer__client_gone(void **state)
{
	struct connection *w = *state;

	connection_send(w, VFIO_USER_DEVICE_GET_INFO, "", 0, -1);
	close(w->fd);
	w->fd = -1;
	assert_int_equal(vfio_user_serve(&w->client), -EPIPE);
}

struct question {
	struct vfio_header header;
	uint64_t addr, count;
};

static void reply(struct connection *w, uint16_t id)
{
	struct vfio_header header = { .id = id,
				      .command = VFIO_USER_DMA_READ,
				      .size = sizeof(header),
				      .flags = VFIO_USER_REPLY | VFIO_USER_ERROR };

	connection_send_bytes(w, &header, sizeof(header), NULL, 0);
}

/* One question at a time, about the last access that was refused. */
static void question__about_a_refused_access(void **state)
{
	struct connection *w = *state;
	struct question question;
	uint8_t *host;

	assert_int_equal(vfio_user_report_refused(&w->client), 0);
	assert_int_equal(dma_span(&w->dev->dma, 0x123000, 8, true, &host), 0);
	assert_int_equal(dma_span(&w->dev->dma, 0x456000, 8, false, &host), 0);
	assert_int_equal(vfio_user_report_refused(&w->client), 0);
	assert_int_equal(recv(w->fd, &question, sizeof(question), 0), sizeof(question));
	assert_int_equal(question.header.command, VFIO_USER_DMA_READ);
	assert_int_equal(question.header.size, sizeof(question));
	assert_int_equal(question.header.flags, VFIO_USER_COMMAND);
	assert_int_equal(question.addr, 0x456000);
	assert_int_equal(question.count, 1);
	assert_int_equal(dma_span(&w->dev->dma, 0x789000, 8, true, &host), 0);
	assert_int_equal(vfio_user_report_refused(&w->client), 0);
	assert_int_equal(recv(w->fd, &question, sizeof(question), MSG_DONTWAIT), -1);
	reply(w, question.header.id);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(vfio_user_report_refused(&w->client), 0);
	assert_int_equal(recv(w->fd, &question, sizeof(question), 0), sizeof(question));
	assert_int_equal(question.addr, 0x789000);
	/* to a question that was not asked there is no answer */
	reply(w, question.header.id + 1);
	assert_int_equal(vfio_user_serve(&w->client), -EPROTO);
}

/* Done, but not answered, also when it fails */
static void answer__not_wanted(void **state)
{
	struct connection *w = *state;
	struct vfio_header header = { .id = 7,
				      .command = VFIO_USER_DEVICE_RESET,
				      .size = sizeof(header),
				      .flags = VFIO_USER_NO_REPLY };

	w->dev->issi = 1;
	connection_send_bytes(w, &header, sizeof(header), NULL, 0);
	header.command = VFIO_USER_MESSAGES;
	connection_send_bytes(w, &header, sizeof(header), NULL, 0);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(w->dev->issi, 0);
	assert_int_equal(recv(w->fd, &header, sizeof(header), MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
}

/* A message may fill the buffer; the next one comes with its end. */
static void message__largest(void **state)
{
	struct connection *w = *state;
	uint8_t *bytes = calloc(1, MOST + sizeof(struct vfio_header));
	struct vfio_header header = { .id = 7,
				      .command = VFIO_USER_MESSAGES,
				      .size = MOST };
	uint32_t info[4];
	size_t sent = 0;

	assert_non_null(bytes);
	memcpy(bytes, &header, sizeof(header));
	message_build(bytes + MOST, VFIO_USER_DEVICE_GET_INFO, "", 0);
	while (sent < MOST + sizeof(header)) {
		size_t n = size_min(16384, MOST + sizeof(header) - sent);

		assert_int_equal(send(w->fd, bytes + sent, n, 0), n);
		sent += n;
		assert_int_equal(vfio_user_serve(&w->client), 0);
	}
	while (w->client.consumed < sent)
		assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(connection_answer(w, VFIO_USER_MESSAGES, NULL, 0), ENOTSUP);
	assert_int_equal(
		connection_answer(w, VFIO_USER_DEVICE_GET_INFO, info, sizeof(info)), 0);
	free(bytes);
}

/* The beginning of a message that came with the end of another one waits for its rest. */
static void message__cut_after_another(void **state)
{
	struct connection *w = *state;
	uint8_t bytes[64];
	size_t one = message_build(bytes, VFIO_USER_MESSAGES, "", 0);
	size_t both = one + message_build(bytes + one, VFIO_USER_DEVICE_GET_INFO, "", 0);
	uint32_t info[4];

	connection_send_bytes(w, bytes, one + 6, NULL, 0);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	connection_send_bytes(w, bytes + one + 6, both - one - 6, NULL, 0);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(connection_answer(w, VFIO_USER_MESSAGES, NULL, 0), ENOTSUP);
	assert_int_equal(
		connection_answer(w, VFIO_USER_DEVICE_GET_INFO, info, sizeof(info)), 0);
}

/* What is no command of the protocol ends the connection. */
static void message__not_of_the_protocol(void **state)
{
	static const struct vfio_header rows[] = {
		{ 7, VFIO_USER_DEVICE_GET_INFO, 15, 0, 0 },
		{ 7, VFIO_USER_DEVICE_GET_INFO, MOST + 1, 0, 0 },
		{ 7, VFIO_USER_DEVICE_GET_INFO, 16, VFIO_USER_REPLY, 0 },
		{ 7, VFIO_USER_DEVICE_GET_INFO, 16, 2, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct connection *w;

		connection_end(state);
		connection_begin(state);
		w = *state;
		connection_send_bytes(w, &rows[i], sizeof(rows[i]), NULL, 0);
		assert_int_equal(vfio_user_serve(&w->client), -EPROTO);
	}
}

/*
 * As many descriptors as the version message allows, with a message that has no use for
 * them
 */
static void message__most_descriptors(void **state)
{
	struct connection *w = *state;
	int fds[FD_QUEUE_MESSAGE], before;
	uint8_t bytes[64] = { 0 };
	uint32_t info[4];

	for (unsigned int i = 0; i < FD_QUEUE_MESSAGE; i++)
		fds[i] = STDERR_FILENO;
	before = lowest_free_fd();
	connection_send_bytes(w, bytes,
			      message_build(bytes, VFIO_USER_DEVICE_GET_INFO, "", 0), fds,
			      FD_QUEUE_MESSAGE);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(
		connection_answer(w, VFIO_USER_DEVICE_GET_INFO, info, sizeof(info)), 0);
	assert_int_equal(lowest_free_fd(), before);
}

/* The end of the stream is distinguished from an error, whatever errno was before. */
static void stream__ended(void **state)
{
	struct connection *w = *state;

	close(w->fd);
	w->fd = -1;
	errno = 0;
	assert_int_equal(vfio_user_serve(&w->client), -ECONNRESET);
}

/* Nothing to read is no error; what is no socket is one. */
static void stream__without_bytes(void **state)
{
	struct connection *w = *state;
	int fd = w->client.fd;

	assert_int_equal(vfio_user_serve(&w->client), 0);
	w->client.fd = eventfd(0, EFD_CLOEXEC);
	assert_int_equal(vfio_user_serve(&w->client), -ENOTSOCK);
	close(w->client.fd);
	w->client.fd = fd;
}

/* An eventfd that happens to be descriptor 0 is one as any other. */
static void interrupt__by_descriptor_zero(void **state)
{
	struct connection *w = *state;
	int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), saved = stdin_close();
	uint64_t n = 0;

	w->client.vectors[5] = dup2(event, STDIN_FILENO);
	vfio_user_interrupt(&w->client, 5);
	assert_int_equal(read(event, &n, sizeof(n)), sizeof(n));
	assert_int_equal(n, 1);
	vfio_drop_vectors(&w->client);
	assert_int_equal(w->client.vectors[5], -1);
	assert_int_equal(w->client.max_data, VFIO_USER_MAX_DATA); /* which stays */
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	close(event);
	stdin_restore(saved);
}

/* Gives the device an eventfd for that vector. */
static int set_vector(struct connection *w, uint32_t vector)
{
	const uint32_t set[] = { 20,
				 VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
				 VFIO_PCI_MSIX_IRQ_INDEX, vector, 1 };
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	connection_send(w, VFIO_USER_DEVICE_SET_IRQS, set, sizeof(set), fd);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(connection_answer(w, VFIO_USER_DEVICE_SET_IRQS, NULL, 0), 0);
	return fd;
}

/*
 * With its client goes all that it gave: descriptors, windows, vectors, registers,
 * objects.
 */
static void detach__leaves_nothing(void **state)
{
	struct connection *w = *state;
	struct map m = { sizeof(m), 3, 0, 0, WINDOW };
	struct pci fresh;
	int file = file_of(1), fd = w->client.fd, events[2];
	const uint8_t ones[] = { 0xff };

	pci_init(&fresh, SCHEME_MEMORY);
	connection_send(w, VFIO_USER_DMA_MAP, &m, sizeof(m), file);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(connection_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
	events[0] = set_vector(w, 0);
	events[1] = set_vector(w, PCI_VECTORS - 1);
	/* half a message, with a descriptor */
	connection_send_bytes(w, "half", 4, &file, 1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(w->client.fds.n, 1);
	pci_write(&w->client.pci, PCI_INTERRUPT_LINE, ones, 1);
	w->dev->issi = 1;
	vfio_user_detach(&w->client);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(w->client.fd, -1);
	assert_int_equal(w->client.fds.n, 0);
	assert_int_equal(w->dev->dma.n, 0);
	assert_int_equal(w->dev->issi, 0);
	assert_memory_equal(&w->client.pci, &fresh, sizeof(fresh));
	for (unsigned int i = 0; i < PCI_VECTORS; i++)
		assert_int_equal(w->client.vectors[i], -1);
	vfio_user_detach(&w->client);
	close(events[0]);
	close(events[1]);
	close(file);
}

/* A client may have descriptor 0; the next one begins a stream of its own. */
static void attach__descriptor_zero(void **state)
{
	struct connection *w = *state;
	int fds[2], saved;
	uint32_t info[4];

	connection_send_bytes(w, "half", 4, NULL, 0);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	w->client.max_data = 64;
	vfio_user_detach(&w->client);
	close(w->fd);
	saved = stdin_close();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(fds[0], STDIN_FILENO);
	w->fd = fds[1];
	vfio_user_attach(&w->client, fds[0]);
	assert_int_equal(w->client.max_data, VFIO_USER_MAX_DATA);
	connection_send(w, VFIO_USER_DEVICE_GET_INFO, "", 0, -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(
		connection_answer(w, VFIO_USER_DEVICE_GET_INFO, info, sizeof(info)), 0);
	vfio_user_detach(&w->client);
	assert_int_equal(w->client.fd, -1);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	stdin_restore(saved);
}

/* Without a client: no vectors, registers as after power-on, two seconds of patience */
static void init__without_a_client(void **state)
{
	struct connection *w = *state;
	struct vfio_user client;
	struct pci fresh;

	pci_init(&fresh, SCHEME_MEMORY);
	assert_int_equal(vfio_user_init(&client, w->dev), 0);
	assert_int_equal(client.fd, -1);
	assert_int_equal(client.patience_ms, 2000);
	assert_memory_equal(&client.pci, &fresh, sizeof(fresh));
	for (unsigned int i = 0; i < PCI_VECTORS; i++)
		assert_int_equal(client.vectors[i], -1);
	vfio_user_interrupt(&client, 0);
	vfio_user_free(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONNECTION_TEST(answer__larger_than_the_buffer),
		CONNECTION_TEST(answer__not_taken),
		CONNECTION_TEST(answer__client_gone),
		CONNECTION_TEST(question__about_a_refused_access),
		CONNECTION_TEST(answer__not_wanted),
		CONNECTION_TEST(message__largest),
		CONNECTION_TEST(message__cut_after_another),
		CONNECTION_TEST(message__not_of_the_protocol),
		CONNECTION_TEST(message__most_descriptors),
		CONNECTION_TEST(stream__ended),
		CONNECTION_TEST(stream__without_bytes),
		CONNECTION_TEST(interrupt__by_descriptor_zero),
		CONNECTION_TEST(detach__leaves_nothing),
		CONNECTION_TEST(attach__descriptor_zero),
		CONNECTION_TEST(init__without_a_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
