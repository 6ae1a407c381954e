// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * server_loop.c - what the loop waits for, and how long; what it leaves when it cannot
 * start
 *
 * The linker puts __wrap_ppoll() in the place of the loop's own call: it writes down each
 * wait, and ends the loop by a signal at the one that the test chose.
 */
#include "cmocka_all.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "bus/server.h"
#include "connection.h"
#include "device/trace.h"
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAITS	 8
#define FOR_EVER (-1.0)
#define MUCH	 (2u << 20)

static struct {
	double seconds[WAITS]; /* of each wait */
	struct pollfd fds[8];  /* of the last one */
	int errors[WAITS];     /* with which it is to fail; 0: it is done */
	unsigned int n, last;  /* waits; the one at which SIGTERM comes */
	const char *trace;     /* a file, and its size at each wait */
	off_t traced[WAITS];
} waits;

int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		 const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		 const sigset_t *mask);

int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		 const sigset_t *mask)
{
	unsigned int i = waits.n++;
	struct stat st;

	assert_true(i < WAITS && n <= ARRAY_SIZE(waits.fds));
	waits.seconds[i] = ts ? (double)ts->tv_sec + (double)ts->tv_nsec / 1e9 : FOR_EVER;
	if (waits.trace && !stat(waits.trace, &st))
		waits.traced[i] = st.st_size;
	memcpy(waits.fds, fds, n * sizeof(*fds));
	if (waits.errors[i]) {
		for (nfds_t k = 0; k < n; k++)
			fds[k].revents = 0;
		errno = waits.errors[i];
		return -1;
	}
	if (i == waits.last)
		raise(SIGTERM);
	return __real_ppoll(fds, n, ts, mask);
}

struct setup {
	struct guest *g;
	struct server server;
	char folder[32], path[48], control[48];
	sigset_t mask;
	int before; /* the lowest free descriptor */
};

/* Runs until the signal, which the loop leaves pending. */
static int run(struct setup *s)
{
	const struct timespec none = { 0 };
	sigset_t set;
	int ret = server_run(&s->server);

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigtimedwait(&set, NULL, &none);
	return ret;
}

static int begin(void **state)
{
	static struct setup s;

	memset(&waits, 0, sizeof(waits));
	s = (struct setup){ .folder = "/tmp/emu-loop-XXXXXX" };
	assert_non_null(mkdtemp(s.folder));
	snprintf(s.path, sizeof(s.path), "%s/vfio", s.folder);
	snprintf(s.control, sizeof(s.control), "%s/control", s.folder);
	sigprocmask(SIG_SETMASK, NULL, &s.mask);
	s.g = guest_new(SCHEME_MEMORY);
	s.before = lowest_free_fd();
	assert_int_equal(server_init(&s.server, s.g->dev, s.path, s.control), 0);
	*state = &s;
	return 0;
}

/* Neither a descriptor nor a name is left. */
static int end(void **state)
{
	struct setup *s = *state;

	server_free(&s->server);
	guest_free(s->g);
	assert_int_equal(lowest_free_fd(), s->before);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
	return rmdir(s->folder);
}

/* The signals that ask to end are blocked, and no child inherits what waits for them. */
static void init__signals(void **state)
{
	struct setup *s = *state;
	sigset_t now;

	sigprocmask(SIG_SETMASK, NULL, &now);
	assert_true(sigismember(&now, SIGINT));
	assert_true(sigismember(&now, SIGTERM));
	assert_false(sigismember(&now, SIGHUP));
	assert_int_equal(fcntl(s->server.signals, F_GETFD), FD_CLOEXEC);
	assert_true(fcntl(s->server.signals, F_GETFL) & O_NONBLOCK);
	waits.last = WAITS; /* not by SIGTERM */
	raise(SIGINT);
	assert_int_equal(run(s), 0);
	assert_int_equal(waits.n, 1);
}

/* Without timers for ever; else until the first of them, which then fires */
static unsigned int fired;

static void fire(struct device *dev, struct timer *timer)
{
	fired++;
}

static void wait__until_the_timer(void **state)
{
	struct setup *s = *state;
	struct timer timer = { .fire = fire };

	fired = 0;
	assert_int_equal(run(s), 0);
	assert_true(waits.seconds[0] == FOR_EVER);
	memset(&waits, 0, sizeof(waits));
	assert_int_equal(timer_arm(&s->g->dev->timers, &timer,
				   clock_ns() + 3600 * NSEC_PER_SEC + NSEC_PER_SEC / 2),
			 0);
	assert_int_equal(run(s), 0);
	assert_true(waits.seconds[0] > 3590 && waits.seconds[0] <= 3600.5);
	memset(&waits, 0, sizeof(waits));
	waits.last = 1;
	assert_int_equal(timer_arm(&s->g->dev->timers, &timer, clock_ns() - 1), 0);
	assert_int_equal(run(s), 0);
	assert_true(waits.seconds[0] == 0);
	assert_int_equal(fired, 1);
	assert_true(waits.seconds[1] == FOR_EVER);
}

/* More than the device does between two looks at its sockets: 32 WRITEs of 2 MiB each */
static void post_much(struct guest *g)
{
	struct guest_pair pair = { .service = SERVICE_RC };
	uint64_t from = guest_alloc(g, MUCH), to = guest_alloc(g, MUCH);
	struct guest_work work = { .opcode = OPCODE_WRITE,
				   .local = from,
				   .remote = to,
				   .len = MUCH,
				   .lkey = guest_mkey(g, from, MUCH / PAGE, RIGHTS_ALL,
						      MTT_READ | MTT_WRITE),
				   .rkey = guest_mkey(g, to, MUCH / PAGE, RIGHTS_ALL,
						      MTT_READ | MTT_WRITE) };

	guest_connect(g, &pair);
	for (unsigned int i = 0; i < 32; i++)
		guest_post(g, &pair.a, &work);
}

/* While there is work it only looks, and writes the trace out before it sleeps. */
static void wait__while_there_is_work(void **state)
{
	struct setup *s = *state;
	struct device *dev = s->g->dev;
	struct stat st;
	char path[64];

	post_much(s->g);
	snprintf(path, sizeof(path), "%s/trace", s->folder);
	dev->config.trace = trace_open(path);
	waits.trace = path;
	waits.errors[0] = EINTR;
	waits.last = 1;
	assert_int_equal(run(s), 0);
	assert_true(waits.seconds[0] == FOR_EVER);
	assert_true(waits.seconds[1] == 0);
	assert_int_equal(waits.traced[1], 0);
	guest_run(s->g);
	waits.n = waits.last = 0;
	waits.errors[0] = 0;
	assert_int_equal(run(s), 0);
	trace_close(dev->config.trace);
	dev->config.trace = NULL;
	assert_int_equal(stat(path, &st), 0);
	assert_true(waits.traced[0] > 0);
	assert_int_equal(waits.traced[0], st.st_size);
	unlink(path);
}

/* An interrupted wait is made again; one that cannot be made ends the loop. */
static void wait__fails(void **state)
{
	struct setup *s = *state;

	waits.errors[0] = EINTR;
	waits.errors[1] = EBADF;
	assert_int_equal(run(s), -EBADF);
	assert_int_equal(waits.n, 2);
}

/* One wait, in which what is there is accepted and served; the next one ends the loop. */
static void run_once(struct setup *s)
{
	waits.n = 0;
	waits.last = 1;
	assert_int_equal(run(s), 0);
	assert_int_equal(waits.n, 2);
}

static bool is_watched(int fd)
{
	for (size_t i = 0; i < ARRAY_SIZE(waits.fds); i++)
		if (waits.fds[i].fd == fd && waits.fds[i].events == POLLIN)
			return true;
	return false;
}

/* With a client, which may have descriptor 0, the next one is not looked for. */
static void client__accepted(void **state)
{
	struct setup *s = *state;
	int fd = connection_to(s->path), saved = stdin_close();

	run_once(s);
	assert_int_equal(s->server.client.fd, STDIN_FILENO);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), FD_CLOEXEC);
	assert_true(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK);
	assert_true(is_watched(STDIN_FILENO));
	assert_false(is_watched(s->server.listener));
	close(fd);
	run_once(s);
	assert_int_equal(s->server.client.fd, -1);
	assert_true(is_watched(s->server.listener));
	stdin_restore(saved);
}

static void control__accepted(void **state)
{
	struct setup *s = *state;
	int fd = connection_to(s->control);

	run_once(s);
	assert_true(s->server.control.fd >= 0);
	assert_true(is_watched(s->server.control.fd));
	assert_true(is_watched(s->server.control.listener));
	close(fd);
	run_once(s);
	assert_int_equal(s->server.control.fd, -1);
}

/* At the end the client is hung up on, and the names go. */
static void free__with_a_client(void **state)
{
	struct setup *s = *state;
	int fd = connection_to(s->path);
	char byte;

	run_once(s);
	server_free(&s->server);
	assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
	assert_int_equal(access(s->path, F_OK), -1);
	assert_int_equal(access(s->control, F_OK), -1);
	close(fd);
	assert_int_equal(lowest_free_fd(), s->before);
	assert_int_equal(server_init(&s->server, s->g->dev, s->path, s->control), 0);
}

/* What cannot start says why, and leaves neither a descriptor nor a name. */
static void init__refused(void **state)
{
	struct setup *s = *state;
	struct server server;
	struct rlimit old, few;
	int before = lowest_free_fd(), ret;
	char path[64];

	snprintf(path, sizeof(path), "%s/other", s->folder);
	assert_int_equal(server_init(&server, s->g->dev, "/nowhere/socket", path),
			 -ENOENT);
	server_free(&server);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(lowest_free_fd(), before);
	assert_int_equal(server_init(&server, s->g->dev, path, "/nowhere/socket"),
			 -ENOENT);
	server_free(&server);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(lowest_free_fd(), before);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = (rlim_t)before;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	ret = server_init(&server, s->g->dev, path, NULL);
	server_free(&server);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(ret, -EMFILE);
	assert_int_equal(fcntl(STDERR_FILENO, F_GETFD), 0);
}

/* Any of the server's descriptors may be 0. */
static void init__descriptor_zero(void **state)
{
	struct setup *s = *state;
	struct server server;
	char path[64];
	int saved = stdin_close(), taken;

	snprintf(path, sizeof(path), "%s/other", s->folder);
	assert_int_equal(server_init(&server, s->g->dev, path, NULL), 0);
	assert_int_equal(server.signals, STDIN_FILENO);
	/* the two change places */
	taken = dup(server.signals);
	assert_int_equal(dup2(server.listener, STDIN_FILENO), STDIN_FILENO);
	close(server.listener);
	server.listener = STDIN_FILENO;
	server.signals = taken;
	server_free(&server);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(server_init(&server, s->g->dev, path, NULL), 0);
	server_free(&server);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	stdin_restore(saved);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(init__signals),
		TEST(init__refused),
		TEST(init__descriptor_zero),
		TEST(wait__until_the_timer),
		TEST(wait__while_there_is_work),
		TEST(wait__fails),
		TEST(client__accepted),
		TEST(control__accepted),
		TEST(free__with_a_client),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
