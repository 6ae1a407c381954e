// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* json.c - a survey as JSON; odp_info(1) describes it */
#include "survey/json.h"

#include "rdma/ofi/ofi.h"
#include "rdma/verbs/mlx5.h"
#include "region/pmem.h"
#include "survey/feature.h"

static void add_host(struct json_object *to, const struct host *host)
{
	struct json_object *array, *log;

	json_add_text(to, "name", host->name);
	json_add_text(to, "kernel", host->kernel);
	json_add_text(to, "machine", host->machine);
	json_add_number(to, "page_bytes", host->page_bytes);
	json_add_number(to, "memory_bytes", host->memory_bytes);
	json_add_number(to, "swap_bytes", host->swap_bytes);
	json_add_number(to, "numa_nodes", host->numa_nodes);
	json_add_limit(to, "memlock_soft", host->memlock_soft);
	json_add_limit(to, "memlock_hard", host->memlock_hard);
	json_add_flag(to, "cap_ipc_lock", host->ipc_lock);
	log = json_add_object(to, "kernel_log");
	json_add_flag(log, "available", host->kernel_log);
	json_add_text(log, "detail", host->kernel_log_detail);
	json_add_text(to, "thp", host->thp[0] ? host->thp : NULL);
	array = json_add_array(to, "huge_pages");
	for (unsigned int i = 0; i < host->huge_sizes; i++) {
		struct json_object *item = json_append_object(array);

		json_add_number(item, "bytes", host->huge[i].bytes);
		json_add_number(item, "total", host->huge[i].total);
		json_add_number(item, "free", host->huge[i].free);
	}
}

static void add_paths(struct json_object *array, const struct path_info *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		survey_json_path(json_append_object(array), &paths[i]);
}

static void add_readiness(struct json_object *array, const struct survey *survey,
			  const struct survey_device *device)
{
	for (size_t i = 0; i < feature_count(); i++) {
		struct json_object *item = json_append_object(array);
		struct readiness readiness;

		feature_judge(i, survey, device, &readiness);
		json_add_text(item, "device", device ? device->facts.name : NULL);
		json_add_text(item, "feature", feature_name(i));
		json_add_text(item, "about", feature_about(i));
		json_add_flag(item, "ready", readiness.ready);
		json_add_text(item, "reason", readiness.reason);
		json_add_text(item, "remedy",
			      readiness.remedy[0] ? readiness.remedy : NULL);
	}
}

struct json_object *survey_to_json(const struct survey *survey)
{
	struct json_object *to = json_object_new_object(), *array;

	json_add_text(to, "schema", "odplab-info");
	json_add_number(to, "version", 3); /* 3: a device has request */
	json_add_text(to, "odplab", ODPLAB_VERSION);
	add_host(json_add_object(to, "host"), &survey->host);
	json_add_text(to, "libpmem", pmem_library());
	json_add_text(to, "libmlx5", mlx5_library());
	json_add_text(to, "libfabric", ofi_version()[0] ? ofi_version() : ofi_library());
	array = json_add_array(to, "devices");
	for (size_t i = 0; i < survey->n_devices; i++)
		survey_json_device(json_append_object(array), &survey->devices[i]);
	add_paths(json_add_array(to, "filesystems"), survey->mounts, survey->n_mounts);
	add_paths(json_add_array(to, "dax_devices"), survey->dax_devices,
		  survey->n_dax_devices);
	add_paths(json_add_array(to, "paths"), survey->paths, survey->n_paths);
	array = json_add_array(to, "readiness");
	for (size_t i = 0; i < survey->n_devices; i++)
		add_readiness(array, survey, &survey->devices[i]);
	if (!survey->n_devices)
		add_readiness(array, survey, NULL);
	return to;
}
