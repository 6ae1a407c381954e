// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* server.c - the one loop: sockets, timers, the device's work */
#include "bus/server.h"

#include "base/clock.h"
#include "base/log.h"
#include "bus/listen.h"
#include "device/trace.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AT_SIGNAL, AT_LISTENER, AT_CLIENT, AT_CONTROL, AT_CONTROLLER, PLACES };

static int open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? log_errno(errno, "wait for signals") : fd;
}

int server_init(struct server *server, struct device *dev, const char *path,
		const char *control_path)
{
	int ret;

	*server = (struct server){ .signals = -1, .listener = -1, .path = path };
	ret = control_init(&server->control, NULL);
	if (!ret)
		ret = vfio_user_init(&server->client, dev);
	if (ret)
		return ret;
	/* before there is a socket that a signal could leave */
	server->signals = open_signals();
	if (server->signals < 0)
		return server->signals;
	ret = control_init(&server->control, control_path);
	if (ret)
		return ret;
	server->listener = listen_at(path);
	return server->listener < 0 ? server->listener : 0;
}

void server_free(struct server *server)
{
	vfio_user_free(&server->client);
	control_free(&server->control);
	if (server->signals >= 0)
		close(server->signals);
	if (server->listener < 0)
		return;
	close(server->listener);
	unlink(server->path);
}

/* Until when to sleep, in the form that ppoll() wants; NULL: for ever */
static struct timespec *patience(const struct device *dev, bool busy, struct timespec *ts)
{
	uint64_t due = device_deadline(dev), now = clock_ns(), left;

	if (!busy && due == UINT64_MAX)
		return NULL;
	left = busy || due <= now ? 0 : due - now;
	ts->tv_sec = (time_t)(left / NSEC_PER_SEC);
	ts->tv_nsec = (long)(left % NSEC_PER_SEC);
	return ts;
}

static void accept_client(struct server *server)
{
	int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	log_info("a client has come");
	vfio_user_attach(&server->client, fd);
}

static void serve_client(struct server *server, int (*serve)(struct vfio_user *client))
{
	int ret = serve(&server->client);

	if (!ret)
		return;
	if (ret == -ECONNRESET)
		log_info("the client has gone");
	else
		log_errno(ret, "the client is hung up on");
	vfio_user_detach(&server->client);
}

static void watch(struct server *server, struct pollfd *fds)
{
	fds[AT_SIGNAL] = (struct pollfd){ .fd = server->signals, .events = POLLIN };
	/* one client at a time: another waits until it has gone */
	fds[AT_LISTENER] =
		(struct pollfd){ .fd = server->client.fd < 0 ? server->listener : -1,
				 .events = POLLIN };
	fds[AT_CLIENT] = (struct pollfd){ .fd = server->client.fd, .events = POLLIN };
	fds[AT_CONTROL] =
		(struct pollfd){ .fd = server->control.listener, .events = POLLIN };
	fds[AT_CONTROLLER] =
		(struct pollfd){ .fd = server->control.fd, .events = POLLIN };
}

int server_run(struct server *server)
{
	struct device *dev = server->client.dev;
	struct pollfd fds[PLACES];
	struct timespec ts;
	bool busy = false;

	while (true) {
		watch(server, fds);
		if (dev->config.trace && !busy)
			trace_flush(dev->config.trace);
		if (ppoll(fds, PLACES, patience(dev, busy, &ts), NULL) < 0 &&
		    errno != EINTR)
			return log_errno(errno, "wait for the client");
		if (fds[AT_SIGNAL].revents)
			break;
		if (fds[AT_CLIENT].revents)
			serve_client(server, vfio_user_serve);
		if (fds[AT_LISTENER].revents)
			accept_client(server);
		if (fds[AT_CONTROLLER].revents)
			control_serve(&server->control, dev);
		if (fds[AT_CONTROL].revents)
			control_accept(&server->control);
		busy = device_work(dev) || device_linger(dev);
		serve_client(server, vfio_user_report_refused);
	}
	return 0;
}
