// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* main.c - mlx5_emu: options, and the pieces put together */
#include "base/log.h"
#include "base/opt.h"
#include "bus/server.h"
#include "device/device.h"
#include "device/trace.h"

#include <stdlib.h>
#include <string.h>

struct options {
	const char *socket, *control, *trace, *pmem, *inject, *behave;
	unsigned int scheme, verbose;
	uint64_t seed;
};

static const char *const schemes[] = {
	[SCHEME_MEMORY] = "memory", [SCHEME_TRANSPORT] = "transport", NULL
};

static const struct opt options[] = {
	OPT_CHOICE_ROW(struct options, scheme, "scheme", 's', "NAME", "memory",
		       "how page faults are reported: memory (ConnectX-7) or transport "
		       "(ConnectX-5)",
		       .choices = schemes),
	OPT_STRING_ROW(
		struct options, control, "control", 'c', "SOCKET", NULL,
		"take requests here: inject, behave, clear, list, stats, power-cut"),
	OPT_STRING_ROW(
		struct options, inject, "inject", 'i', "LIST", NULL,
		"misbehave: NAME[:every=N][:after=N][:prob=P],...; 'list' shows them "
		"all"),
	OPT_STRING_ROW(
		struct options, behave, "behave", 'b', "LIST", NULL,
		"do what another device might: NAME[:PARAMETER=N][:every=N]...,...; "
		"'list' shows them all"),
	OPT_STRING_ROW(
		struct options, pmem, "pmem", 'p', "LIST", NULL,
		"the NVDIMMs' files, separated by commas: what is written there is "
		"lost by a power cut until a READ flushes it"),
	OPT_STRING_ROW(struct options, trace, "trace", 't', "FILE", NULL,
		       "write what the device does, as JSON lines"),
	OPT_NUMBER_ROW(struct options, seed, "seed", 0, "N", "1",
		       "for injections and behaviours that act by chance"),
	OPT_COUNT_ROW(struct options, verbose, "verbose", 'v',
		      "say more; twice: refused commands and messages too"),
	OPT_END
};

static const struct opt_app app = {
	.name = "mlx5_emu",
	.usage = "[OPTION]... SOCKET",
	.about = "An emulated ConnectX for QEMU's vfio-user-pci, at the UNIX socket "
		 "SOCKET. It "
		 "models the device's contract with the driver, not firmware or its "
		 "timing.",
	.options = options,
};

static bool describes(const char *wanted, const struct rule_table *table)
{
	if (!wanted || strcmp(wanted, "list") != 0)
		return false;
	rules_describe(table, stdout);
	return true;
}

static void interrupt(void *owner, unsigned int vector)
{
	struct server *server = owner;

	vfio_user_interrupt(&server->client, vector);
}

static int serve(const struct options *o, struct trace *trace)
{
	struct server server;
	struct device_config config = { .scheme = (enum scheme)o->scheme,
					.interrupt = interrupt,
					.owner = &server,
					.seed = o->seed,
					.pmem = o->pmem,
					.trace = trace };
	struct device *dev = device_new(&config);
	int ret;

	if (!dev)
		return -1;
	ret = o->inject ? rules_on_all(&dev->inject, o->inject) : 0;
	if (!ret && o->behave)
		ret = rules_on_all(&dev->behave, o->behave);
	if (!ret) {
		ret = server_init(&server, dev, o->socket, o->control);
		if (!ret)
			ret = server_run(&server);
		server_free(&server);
	}
	device_free(dev);
	return ret;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct trace *trace = NULL;
	int rest, ret;

	log_set_name("mlx5_emu");
	ret = opt_parse(&app, &o, argc, argv, &rest);
	if (ret)
		return ret == OPT_DONE ? EXIT_SUCCESS : 2;
	if (describes(o.inject, &injection_table) ||
	    describes(o.behave, &behaviour_table))
		return EXIT_SUCCESS;
	if (rest + 1 != argc) {
		log_error("name one socket: mlx5_emu [OPTION]... SOCKET");
		return 2;
	}
	o.socket = argv[rest];
	log_set_level((enum log_level)(LOG_WARNING + (o.verbose > 2 ? 2 : o.verbose)));
	if (o.trace) {
		trace = trace_open(o.trace);
		if (!trace)
			return EXIT_FAILURE;
	}
	ret = serve(&o, trace);
	if (trace && trace_close(trace))
		ret = -1;
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
