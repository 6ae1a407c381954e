// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* env_json.c - the environment of a run, for its results */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/util.h"
#include "env/env.h"
#include "process/library.h"
#include "rdma/verbs/mlx5.h"
#include "region/pmem.h"

/* "0000:3b:00.0"; null for a device of software. */
static void add_pci_address(struct json_object *to, const char *device)
{
	char path[PATH_MAX], link[PATH_MAX];
	const char *address = NULL;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s/device", device);
	n = readlink(path, link, sizeof(link) - 1);
	if (n > 0) {
		link[n] = '\0';
		address = strrchr(link, '/');
	}
	json_add_text(to, "pci", address && strchr(address, ':') ? address + 1 : NULL);
}

static void add_port(struct json_object *to, const struct rdma_port *port)
{
	const char *link = port->ethernet ? "Ethernet" : "InfiniBand";

	json_add_number(to, "port", port->number);
	json_add_text(to, "link", port->number ? link : NULL);
	if (port->number)
		json_add_number(to, "mtu", port->mtu_bytes);
	else
		json_add_null(to, "mtu");
}

static void add_device(struct json_object *to, const struct rdma_device *device)
{
	struct json_object *object = json_add_object(to, "device");

	json_add_text(object, "name", device->name);
	json_add_text(object, "driver", device->driver);
	json_add_text(object, "firmware", device->firmware);
	json_add_text(object, "board", device->board[0] ? device->board : NULL);
	json_add_flag(object, "emulated", device->emulated);
	add_pci_address(object, device->name);
	add_port(object, &device->port);
	json_add_number(object, "gid_index", device->gid_index);
	json_add_text(object, "fault_scheme", fault_scheme_name(device->caps.hca.scheme));
}

static void add_places(struct json_object *to, const struct env *env)
{
	struct json_object *places = json_add_object(to, "places");

	for (unsigned int kind = 0; kind < REGION_KINDS; kind++)
		if (region_kind_needs_path((enum region_kind)kind))
			json_add_text(places, region_kind_names[kind], env->place[kind]);
}

static void add_witnesses(struct json_object *to, const struct evidence *evidence)
{
	struct json_object *array = json_add_array(to, "witnesses");

	for (size_t i = 0; i < WITNESSES; i++) {
		struct json_object *object = json_append_object(array);

		json_add_text(object, "name", evidence->witness[i].ops->name);
		json_add_flag(object, "available", evidence->witness[i].open);
		json_add_text(object, "detail", evidence->witness[i].why);
	}
}

static void add_kernel_log(struct json_object *to, const struct kernel_log *log)
{
	struct json_object *object = json_add_object(to, "kernel_log");

	json_add_flag(object, "available", log->fd >= 0);
	json_add_text(object, "detail", log->detail);
}

static void add_libraries(struct json_object *to)
{
	static const char *const names[] = { "libibverbs", "libmlx5", "libfabric",
					     "libpmem" };
	struct json_object *object = json_add_object(to, "libraries");
	char name[32], file[NAME_MAX + 1];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(name, sizeof(name), "%s.so", names[i]);
		json_add_text(object, names[i], library_file(name, file));
	}
}

static void add_processor(struct json_object *to)
{
	_cleanup_free_ char *text = NULL;
	char *name = NULL;

	if (!file_read_all("/proc/cpuinfo", &text))
		name = strstr(text, "model name");
	if (name)
		name = strchr(name, ':');
	if (name)
		name[strcspn(name, "\n")] = '\0';
	json_add_text(to, "processor", name && name[1] ? name + 2 : NULL);
}

static void add_kernel(struct json_object *to)
{
	char options[4096];
	struct utsname host;

	uname(&host);
	json_add_text(to, "host", host.nodename);
	json_add_text(to, "kernel", host.release);
	json_add_text(to, "machine", host.machine);
	json_add_text(to, "kernel_command_line",
		      file_read("/proc/cmdline", options, sizeof(options)) ? NULL :
									     options);
}

struct json_object *env_to_json(const struct env *env)
{
	struct json_object *object = json_object_new_object();

	add_kernel(object);
	add_processor(object);
	json_add_flag(object, "root", !geteuid());
	add_device(object, &env->device);
	add_places(object, env);
	add_witnesses(object, &env->evidence);
	add_kernel_log(object, &env->kernel_log);
	json_add_text(object, "libpmem", pmem_library());
	json_add_text(object, "libmlx5", mlx5_library());
	add_libraries(object);
	return object;
}
