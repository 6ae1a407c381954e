// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * delay.c - a plugin of QEMU: virtual processors pause before chosen instructions
 *
 *	-plugin odplab_delay.so,fd=N
 *
 * It holds a race of an unmodified kernel open: nothing but time is inserted, as an
 * interrupt, an SMI or a hypervisor would. Requests come over the socket N, a line each
 * (delays.h); the answer ends with a line "ok" or "error: WHY". A pause is on, or off,
 * when its request has been answered.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "delays.h"
#include "qemu_api.h"

#define IDLE_SECONDS 10

QEMU_EXPORT int qemu_plugin_version = QEMU_API_VERSION;

static struct {
	qemu_plugin_id_t id;
	FILE *in, *out;
	struct delays delays;
	pthread_mutex_t lock; /* of the rest */
	pthread_cond_t renewed;
	enum { RENEWED, STALE, RENEWING } state; /* of translated code */
} plugin = { .lock = PTHREAD_MUTEX_INITIALIZER, .renewed = PTHREAD_COND_INITIALIZER };

static void execute(unsigned int vcpu, void *data)
{
	struct delay *delay = data;
	const struct timespec pause = { .tv_sec = delay->us / 1000000,
					.tv_nsec = delay->us % 1000000 * 1000 };

	if (delay_is_due(delay))
		nanosleep(&pause, NULL);
}

static void translate(struct qemu_plugin_tb *tb, void *data)
{
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		struct delay *delay =
			delays_at(&plugin.delays, qemu_plugin_insn_vaddr(insn));

		if (delay)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, execute, QEMU_PLUGIN_CB_NO_REGS, delay);
	}
}

static void listen_to_processors(void);

static void renewed(void *data)
{
	listen_to_processors();
	pthread_mutex_lock(&plugin.lock);
	plugin.state = RENEWED;
	pthread_cond_signal(&plugin.renewed);
	pthread_mutex_unlock(&plugin.lock);
}

/* Code that was translated before a request has no pause yet, or still has it. */
static void idle(unsigned int vcpu, void *data)
{
	bool stale;

	pthread_mutex_lock(&plugin.lock);
	stale = plugin.state == STALE;
	if (stale)
		plugin.state = RENEWING;
	pthread_mutex_unlock(&plugin.lock);
	if (stale)
		qemu_plugin_reset(plugin.id, renewed, NULL);
}

static void listen_to_processors(void)
{
	qemu_plugin_register_vcpu_tb_trans_cb(plugin.id, translate, NULL);
	qemu_plugin_register_vcpu_idle_cb(plugin.id, idle, NULL);
}

static const char *renew(void)
{
	struct timespec deadline;
	int ret = 0;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += IDLE_SECONDS;
	pthread_mutex_lock(&plugin.lock);
	plugin.state = STALE;
	while (plugin.state != RENEWED && ret != ETIMEDOUT)
		ret = pthread_cond_timedwait(&plugin.renewed, &plugin.lock, &deadline);
	pthread_mutex_unlock(&plugin.lock);
	return ret ? "no virtual processor was idle for 10 s" : NULL;
}

static void *serve(void *data)
{
	char line[128];

	while (fgets(line, sizeof(line), plugin.in)) {
		bool changed;
		const char *wrong;

		line[strcspn(line, "\n")] = '\0';
		wrong = delays_request(&plugin.delays, line, plugin.out, &changed);
		if (changed)
			wrong = renew();
		fprintf(plugin.out, wrong ? "error: %s\n" : "ok\n", wrong);
		fflush(plugin.out);
	}
	return NULL;
}

/* Two streams of one socket. */
static int open_socket(int argc, char **argv)
{
	int fd = argc == 1 && !strncmp(argv[0], "fd=", 3) ? atoi(argv[0] + 3) : -1;
	int copy = fd < 0 ? -1 : dup(fd);

	if (copy >= 0) {
		plugin.in = fdopen(fd, "r");
		plugin.out = fdopen(copy, "w");
	}
	if (plugin.in && plugin.out)
		return 0;
	fprintf(stderr, "odplab_delay: fd=N must name an open socket\n");
	return -1;
}

QEMU_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
				    int argc, char **argv)
{
	pthread_t thread;

	plugin.id = id;
	if (open_socket(argc, argv))
		return -1;
	listen_to_processors();
	return pthread_create(&thread, NULL, serve, NULL) ? -1 : 0;
}
