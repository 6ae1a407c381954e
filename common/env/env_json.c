// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* env_json.c - the environment of a run, for its results */
#include <sys/utsname.h>

#include "base/json.h"
#include "env/env.h"
#include "rdma/verbs/mlx5.h"
#include "region/pmem.h"

static void add_device(struct json_object *to, const struct rdma_device *device)
{
	struct json_object *object = json_add_object(to, "device");

	json_add_text(object, "name", device->name);
	json_add_text(object, "driver", device->driver);
	json_add_text(object, "firmware", device->firmware);
	json_add_text(object, "board", device->board[0] ? device->board : NULL);
	json_add_flag(object, "emulated", device->emulated);
	json_add_number(object, "port", device->port.number);
	json_add_text(object, "link", device->port.ethernet ? "Ethernet" : "InfiniBand");
	json_add_number(object, "mtu", device->port.mtu_bytes);
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

struct json_object *env_to_json(const struct env *env)
{
	struct json_object *object = json_object_new_object();
	struct utsname host;

	uname(&host);
	json_add_text(object, "host", host.nodename);
	json_add_text(object, "kernel", host.release);
	json_add_text(object, "machine", host.machine);
	add_device(object, &env->device);
	add_places(object, env);
	add_witnesses(object, &env->evidence);
	add_kernel_log(object, &env->kernel_log);
	json_add_text(object, "libpmem", pmem_library());
	json_add_text(object, "libmlx5", mlx5_library());
	return object;
}
