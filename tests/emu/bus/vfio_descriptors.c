// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * vfio_descriptors.c - descriptors that come with vfio-user messages: each with its own,
 * none left
 */
#include "cmocka_all.h"

#include "connection.h"

#include <errno.h>
#include <unistd.h>

/* Maps pipelined, some with and some without a descriptor: each gets its own. */
static void descriptors__stay_with_their_message(void **state)
{
	struct connection *w = *state;

	for (unsigned int i = 0; i < 6; i++) {
		struct map m = { sizeof(m), 3, 0, i * 0x10000ull, WINDOW };
		int fd = i % 3 == 1 ? -1 : file_of((uint8_t)(0x10 + i));

		connection_send(w, VFIO_USER_DMA_MAP, &m, sizeof(m), fd);
		if (fd >= 0)
			close(fd);
	}
	while (w->client.consumed < 6 * (sizeof(struct vfio_header) + sizeof(struct map)))
		assert_int_equal(vfio_user_serve(&w->client), 0);
	for (unsigned int i = 0; i < 6; i++) {
		assert_int_equal(connection_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
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
	size_t n = message_build(bytes, VFIO_USER_DMA_MAP, &a, sizeof(a));

	connection_send_bytes(w, bytes, 20, &fds[0], 1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	connection_send_bytes(w, bytes + 20, n - 20, NULL, 0);
	connection_send(w, VFIO_USER_DMA_MAP, &b, sizeof(b), fds[1]);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(connection_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
	assert_int_equal(connection_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
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

	connection_send(w, VFIO_USER_DEVICE_GET_INFO, "", 0, fd);
	connection_send(w, VFIO_USER_DMA_MAP, &m, sizeof(m), -1);
	while (w->client.consumed < 2 * sizeof(struct vfio_header) + sizeof(m))
		assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(
		connection_answer(w, VFIO_USER_DEVICE_GET_INFO, info, sizeof(info)), 0);
	assert_int_equal(connection_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
	assert_int_equal(window_byte(w, 0), -1);
	close(fd);
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

		connection_end(state);
		connection_begin(state);
		w = *state;
		before = lowest_free_fd();
		for (unsigned int n = 0; n < MANY_FDS; n++)
			fds[n] = fd;
		message_build(bytes, VFIO_USER_DEVICE_GET_INFO, "", 0);
		for (unsigned int n = 0; !ret && n < rows[i].pieces; n++) {
			bool last = n + 1 == rows[i].pieces;

			connection_send_bytes(w, bytes + n,
					      last ? sizeof(struct vfio_header) - n : 1,
					      fds, rows[i].of_each);
			ret = vfio_user_serve(&w->client);
			assert_true(last || !ret || rows[i].of_each > 1);
		}
		assert_int_equal(ret, -EPROTO);
		fd_queue_close(&w->client.fds, w->client.fds.n);
		assert_int_equal(lowest_free_fd(), before);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONNECTION_TEST(descriptors__stay_with_their_message),
		CONNECTION_TEST(descriptors__split_message),
		CONNECTION_TEST(descriptors__not_taken),
		CONNECTION_TEST(descriptors__too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
