// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * env_device.c - a look at the device, by a process of its own
 *
 * Libraries read their settings once, start threads and hook system calls: none of it may
 * be inherited by the processes of the scenarios, which are forked from this one.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "env/device_probe.h"
#include "env/env.h"

/* Far above what opening any device takes. */
#define PATIENCE_MS 60000

/* What the process sends back: plain data, and pointers to constants. */
struct look {
	struct rdma_device device;
	int prefetch;
	int ret;
};

_Static_assert(sizeof(struct look) <= PIPE_BUF, "written in one piece");

static struct look take_look(const struct rdma_device_spec *spec)
{
	struct look look = { 0 };

	look.ret = rdma_device_open(&look.device, spec);
	if (look.ret)
		return look;
	look.prefetch = device_probe_prefetch(&look.device);
	rdma_device_close(&look.device);
	return look;
}

/* Returns 0 or -errno after one line: also what the look itself ended with. */
static int receive(int pipe, struct look *look)
{
	struct pollfd pollfd = { .fd = pipe, .events = POLLIN };

	if (poll(&pollfd, 1, PATIENCE_MS) < 1)
		return log_errno(ETIMEDOUT, "open the device");
	if (read(pipe, look, sizeof(*look)) != sizeof(*look))
		return log_errno(EIO, "open the device: the process that did it died");
	return look->ret;
}

const char *env_transport(const struct env *env, char text[ENV_TRANSPORT])
{
	text[0] = '\0';
	if (strcmp(env->config->transport, "verbs"))
		snprintf(text, ENV_TRANSPORT, " over %s%s", env->config->transport,
			 env->device.cpu_faults ? ", where the CPU takes the faults" :
						  "");
	return text;
}

int env_query_device(struct env *env)
{
	_cleanup_fd_ int from = -1;
	struct look look = { 0 };
	int ret, pipes[2];
	pid_t child;

	if (pipe(pipes))
		return log_errno(errno, "pipe");
	from = pipes[0];
	child = fork();
	if (!child) {
		look = take_look(&env->device_spec);
		_exit(write(pipes[1], &look, sizeof(look)) < 0);
	}
	close(pipes[1]);
	if (child < 0)
		return log_errno(errno, "fork");
	ret = receive(from, &look);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	if (ret)
		return ret;
	env->device = look.device;
	env->prefetch = look.prefetch;
	return 0;
}
