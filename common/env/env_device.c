// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * env_device.c - queries the device, in a process of its own
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
struct answer {
	struct rdma_device device;
	int prefetch;
	int ret;
};

_Static_assert(sizeof(struct answer) <= PIPE_BUF, "written in one piece");

static struct answer query(const struct rdma_device_spec *spec)
{
	struct answer answer = { 0 };

	answer.ret = rdma_device_open(&answer.device, spec);
	if (answer.ret)
		return answer;
	answer.prefetch = device_probe_prefetch(&answer.device);
	rdma_device_close(&answer.device);
	return answer;
}

/* Returns 0 or -errno after one line, also the error of the query itself. */
static int receive(int pipe, struct answer *answer)
{
	struct pollfd pollfd = { .fd = pipe, .events = POLLIN };

	if (poll(&pollfd, 1, PATIENCE_MS) < 1)
		return log_errno(ETIMEDOUT, "open the device");
	if (read(pipe, answer, sizeof(*answer)) != sizeof(*answer))
		return log_errno(EIO, "open the device: the process that did it died");
	return answer->ret;
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
	struct answer answer = { 0 };
	int ret, pipes[2];
	pid_t child;

	if (pipe(pipes))
		return log_errno(errno, "pipe");
	from = pipes[0];
	child = fork();
	if (!child) {
		answer = query(&env->device_spec);
		_exit(write(pipes[1], &answer, sizeof(answer)) < 0);
	}
	close(pipes[1]);
	if (child < 0)
		return log_errno(errno, "fork");
	ret = receive(from, &answer);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	if (ret)
		return ret;
	env->device = answer.device;
	env->prefetch = answer.prefetch;
	return 0;
}
