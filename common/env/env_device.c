// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * env_device.c - queries the device, in a process of its own
 *
 * Libraries read their settings once, start threads and hook system calls: none of it may
 * be inherited by the processes of the scenarios, which are forked from this one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "env/device_probe.h"
#include "env/env.h"
#include "process/signals.h"
#include "process/worker.h"

/* Far above what opening any device takes. The pace is not known yet. */
#define TIMEOUT_MS 60000

/* What the process sends back: plain data, and pointers to constants. */
struct answer {
	struct rdma_device device;
	int prefetch, large_odp;
	int ret;
};

/*
 * hmm_dma_map_alloc() (mm/hmm.c, since 6.16) refuses a device whose DMA is copied: pages
 * that it keeps mapped would not be the process's. Nothing on demand can run then.
 */
static int refuse_bounce_buffers(struct rdma_device *device)
{
	if (!(device->caps.general & ODP_SUPPORT) ||
	    device_probe_odp(device) != -EOPNOTSUPP)
		return 0;
	log_error("%s reports on-demand paging, but reaches memory through bounce "
		  "buffers; boot without swiotlb=force and memory encryption",
		  device->name);
	return -ENOSR;
}

static struct answer query(const struct rdma_device_spec *spec)
{
	struct answer answer = { 0 };

	answer.ret = rdma_device_open(&answer.device, spec);
	if (answer.ret)
		return answer;
	answer.ret = refuse_bounce_buffers(&answer.device);
	if (!answer.ret) {
		answer.prefetch = device_probe_prefetch(&answer.device);
		answer.large_odp = device_probe_large(&answer.device);
		/* where it fails the scenarios that use a queue pair fail likewise */
		device_probe_request(&answer.device);
	}
	rdma_device_close(&answer.device);
	return answer;
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

static int query_main(int socket, void *arg)
{
	struct env *env = arg;
	struct answer answer = query(&env->device_spec);

	return write(socket, &answer, sizeof(answer)) != sizeof(answer);
}

int env_query_device(struct env *env)
{
	struct worker worker = { 0 };
	struct answer answer;
	int ret;

	ret = worker_start(&worker, query_main, env);
	if (ret)
		return log_errno(ret, "start a process that opens the device");
	ret = worker_receive(&worker, &answer, sizeof(answer), TIMEOUT_MS);
	worker_kill(&worker, TIMEOUT_MS);
	/* it may have ended the process as well, if it was meant for all */
	if (signals_noted())
		return -EINTR;
	if (ret)
		return log_errno(ret, "open the device, in a process of its own");
	if (answer.ret)
		return answer.ret;
	env->device = answer.device;
	env->prefetch = answer.prefetch;
	env->large_odp = answer.large_odp;
	return 0;
}
