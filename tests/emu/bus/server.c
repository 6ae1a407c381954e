// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * server.c - the event loop in a process of its own: clients come and go, a signal ends
 * it
 */
#include "cmocka_all.h"

#include "base/log.h"
#include "bus/listen.h"
#include "bus/server.h"
#include "bus/vfio_messages.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 5000

struct setup {
	char folder[32], path[48], control[48];
	bool signalled_early; /* between server_init() and server_run() */
	pid_t pid;
};

static void interrupt(void *owner, unsigned int vector)
{
}

static int serve(const struct setup *s)
{
	struct device_config config = { .interrupt = interrupt };
	struct device *dev = device_new(&config);
	struct server server;
	int ret = server_init(&server, dev, s->path, s->control);

	if (!ret && s->signalled_early)
		raise(SIGTERM);
	if (!ret)
		ret = server_run(&server);
	server_free(&server);
	device_free(dev);
	return ret ? 1 : 0;
}

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(addr.sun_path, path, strlen(path));
	if (!connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	close(fd);
	return -1;
}

/* A connection as soon as the server listens */
static int connect_soon(const char *path)
{
	int fd = -1;

	for (unsigned int i = 0; fd < 0 && i < PATIENCE_MS; i++) {
		fd = connect_to(path);
		if (fd < 0)
			usleep(1000);
	}
	assert_true(fd >= 0);
	return fd;
}

/* Whether bytes, or the end, come before the patience ends. */
static bool has_news(int fd, int patience_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, patience_ms) == 1;
}

static void ask_info(int fd)
{
	struct vfio_header header = { .id = 9,
				      .command = VFIO_USER_DEVICE_GET_INFO,
				      .size = sizeof(header) };

	assert_int_equal(send(fd, &header, sizeof(header), 0), sizeof(header));
}

static void take_info(int fd)
{
	uint8_t answer[sizeof(struct vfio_header) + 16];

	assert_true(has_news(fd, PATIENCE_MS));
	assert_int_equal(recv(fd, answer, sizeof(answer), MSG_WAITALL), sizeof(answer));
	assert_int_equal(answer[0], 9);
}

/* The server is in its loop, where a signal ends it, once it has answered. */
static int begin(void **state)
{
	static struct setup s;
	int fd;

	s = (struct setup){ .folder = "/tmp/emu-server-XXXXXX" };
	assert_non_null(mkdtemp(s.folder));
	snprintf(s.path, sizeof(s.path), "%s/vfio", s.folder);
	snprintf(s.control, sizeof(s.control), "%s/control", s.folder);
	s.pid = fork();
	if (!s.pid)
		exit(serve(&s));
	fd = connect_soon(s.path);
	ask_info(fd);
	take_info(fd);
	close(fd);
	*state = &s;
	return 0;
}

/* The server ends by the signal, and leaves nothing. */
static int end(void **state)
{
	struct setup *s = *state;
	int status;

	kill(s->pid, SIGTERM);
	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return rmdir(s->folder);
}

/* A signal that comes before the loop ends the server too, and its sockets go. */
static void signal__before_the_loop(void **state)
{
	struct setup early = *(struct setup *)*state;
	int status;

	early.signalled_early = true;
	snprintf(early.path, sizeof(early.path), "%s/early", early.folder);
	snprintf(early.control, sizeof(early.control), "%s/early-control", early.folder);
	early.pid = fork();
	if (!early.pid)
		exit(serve(&early));
	assert_int_equal(waitpid(early.pid, &status, 0), early.pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(access(early.path, F_OK), -1);
	assert_int_equal(access(early.control, F_OK), -1);
}

/* The second client waits until the first has gone. */
static void client__one_at_a_time(void **state)
{
	struct setup *s = *state;
	int first = connect_soon(s->path), second;

	ask_info(first);
	take_info(first);
	second = connect_soon(s->path);
	ask_info(second);
	assert_false(has_news(second, 100));
	ask_info(first);
	take_info(first);
	close(first);
	take_info(second);
	close(second);
}

/* A client that does not speak the protocol is disconnected; the next one is served. */
static void client__nonsense(void **state)
{
	struct setup *s = *state;
	uint8_t bytes[64] = { 0 };
	int fd = connect_soon(s->path);

	assert_int_equal(send(fd, bytes, sizeof(bytes), 0), sizeof(bytes));
	assert_true(has_news(fd, PATIENCE_MS));
	assert_true(recv(fd, bytes, sizeof(bytes), 0) <= 0);
	close(fd);
	fd = connect_soon(s->path);
	ask_info(fd);
	take_info(fd);
	close(fd);
}

static void ask_control(int fd)
{
	char answer[4096];
	ssize_t n;

	assert_int_equal(send(fd, "stats\n", 6, 0), 6);
	assert_true(has_news(fd, PATIENCE_MS));
	n = recv(fd, answer, sizeof(answer) - 1, 0);
	assert_true(n > 3);
	answer[n] = '\0';
	assert_string_equal(answer + n - 3, "ok\n");
}

/*
 * A new control client takes the place of the one before; the device's is not disturbed.
 */
static void control__newest_client(void **state)
{
	struct setup *s = *state;
	int device = connect_soon(s->path), first = connect_soon(s->control), second;
	char byte;

	ask_control(first);
	second = connect_soon(s->control);
	ask_control(second);
	assert_true(has_news(first, PATIENCE_MS));
	assert_int_equal(recv(first, &byte, 1, 0), 0);
	ask_info(device);
	take_info(device);
	close(first);
	close(second);
	close(device);
}

static void listen__name_in_use(void **state)
{
	struct setup *s = *state;
	char name[200];
	int fd = connect_soon(s->path);

	/* a server that listens keeps its name */
	assert_int_equal(listen_at(s->path), -EADDRINUSE);
	close(fd);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(listen_at(name), -ENAMETOOLONG);
	assert_int_equal(listen_at("/nowhere/socket"), -ENOENT);
}

/* The socket of a server that was killed does not hinder the next one. */
static void listen__name_left_over(void **state)
{
	struct setup *s = *state;
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "%s/left", s->folder);
	fd = listen_at(name);
	assert_true(fd >= 0);
	close(fd);
	fd = listen_at(name);
	assert_true(fd >= 0);
	close(connect_soon(name));
	close(fd);
	unlink(name);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(signal__before_the_loop), TEST(client__one_at_a_time),
		TEST(client__nonsense),	       TEST(control__newest_client),
		TEST(listen__name_in_use),     TEST(listen__name_left_over),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
