// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * vfio.c - the vfio-user protocol over a real socket: versions, windows, streams, bad
 * messages
 */
#include "cmocka_all.h"

#include "connection.h"

#include <errno.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As the specification has it, with the limits of this device */
#define VERSION_ANSWER                                                         \
	"{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576," \
	"\"write_multiple\":true}}"

/* Sends a version message with that text; the answer's error. */
static uint32_t send_version(struct connection *w, uint16_t major, const char *text,
			     size_t len)
{
	uint8_t data[200] = { (uint8_t)major };
	char answer[4 + sizeof(VERSION_ANSWER)];
	uint32_t error;

	memcpy(data + 4, text, len);
	connection_send(w, VFIO_USER_VERSION, data, 4 + len, -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	error = connection_answer(w, VFIO_USER_VERSION, answer, sizeof(answer));
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

	connection_send(w, VFIO_USER_REGION_READ, &read, sizeof(read), -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	return connection_answer(w, VFIO_USER_REGION_READ, answer, 16 + count);
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
		{ " {} ", 0, 128 },
		{ "{\"capabilities\":{}}", 0, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":2097152}}", 0, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":64}}", 0, 64 },
		{ "{\"capabilities\":{\"max_msg_fds\":0,\"pgsizes\":4096}}", 0, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":0}}", EINVAL, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":-1}}", EINVAL, 128 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":\"64\"}}", EINVAL, 128 },
		{ "{\"capabilities\":{\"max_msg_fds\":-1}}", EINVAL, 128 },
		{ "{\"capabilities\":{\"max_msg_fds\":\"8\"}}", EINVAL, 128 },
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
	assert_int_equal(send_version(w, 0, "{} {}", 6), EINVAL);
	assert_int_equal(send_version(w, 0, "{}\0{}", 6), EINVAL);
	assert_int_equal(send_version(w, 0, "[]", 3), EINVAL);
	connection_send(w, VFIO_USER_VERSION, "\0\0", 3, -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(connection_answer(w, VFIO_USER_VERSION, NULL, 0), EINVAL);
	assert_int_equal(read_bar(w, 64), 0);
	assert_int_equal(read_bar(w, 65), EINVAL);
}

/* Each version message gives the limits anew; one byte is the smallest. */
static void version__limits_anew(void **state)
{
	static const char one[] = "{\"capabilities\":{\"max_data_xfer_size\":1}}";
	static const char *const without[] = { "", "{}", "{\"capabilities\":{}}" };
	struct connection *w = *state;

	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
		size_t len = strlen(without[i]);

		assert_int_equal(send_version(w, 0, one, sizeof(one)), 0);
		assert_int_equal(read_bar(w, 1), 0);
		assert_int_equal(read_bar(w, 2), EINVAL);
		assert_int_equal(send_version(w, 0, without[i], len ? len + 1 : 0), 0);
		assert_int_equal(read_bar(w, 128), 0);
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
		{ { 31, 3, 0, 0, WINDOW }, EINVAL },
		{ { 32, 7, 0, 0, WINDOW }, EINVAL },
	};
	struct connection *w = *state;

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd = file_of(1);

		connection_send(w, VFIO_USER_DMA_MAP, &rows[i].map, sizeof(rows[i].map),
				fd);
		close(fd);
		assert_int_equal(vfio_user_serve(&w->client), 0);
		assert_int_equal(connection_answer(w, VFIO_USER_DMA_MAP, NULL, 0),
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

	connection_send(w, VFIO_USER_REGION_READ, &read, sizeof(read), -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	assert_int_equal(
		connection_answer(w, VFIO_USER_REGION_READ, answer, sizeof(answer)), 0);
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
	assert_int_equal(
		connection_answer(w, VFIO_USER_DEVICE_GET_INFO, info, sizeof(info)), 0);
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
		connection_send(w, command, "", 0, -1);
		assert_int_equal(vfio_user_serve(&w->client), 0);
		assert_int_equal(connection_answer(w, command, NULL, 0), ENOTSUP);
	}
}

static void client__comes_back(void **state)
{
	struct map m = { sizeof(m), 3, 0, 0, WINDOW };
	struct connection *w = *state;
	int fd = file_of(1), fds[2];

	connection_send(w, VFIO_USER_DMA_MAP, &m, sizeof(m), fd);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONNECTION_TEST(version__limits),
		CONNECTION_TEST(version__limits_anew),
		CONNECTION_TEST(version__refused),
		CONNECTION_TEST(window__refused),
		CONNECTION_TEST(configuration__of_a_connectx),
		CONNECTION_TEST(stream__in_single_bytes),
		CONNECTION_TEST(stream__nonsense_ends_it),
		CONNECTION_TEST(message__unknown),
		CONNECTION_TEST(client__comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
