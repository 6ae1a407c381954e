// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* env.c - the environment of a run */
#include "env/env.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/units.h"
#include "base/util.h"
#include "env/limits.h"
#include "env/shortage.h"
#include "invalidation/cgroup.h"
#include "invalidation/host_features.h"
#include "invalidation/nodes.h"
#include "invalidation/zeros.h"
#include "storage/dax.h"
#include "storage/filesystem.h"

static int parse_gid_index(const char *text, int *index)
{
	uint64_t number;

	*index = -1;
	if (!text)
		return 0;
	if (units_parse_number(text, &number) || number > 255) {
		log_error("--gid-index %s: give a number from 0 to 255", text);
		return -EINVAL;
	}
	*index = (int)number;
	return 0;
}

static int query_device(struct env *env)
{
	const struct env_config *config = env->config;
	char lack[SHORTAGE_TEXT];
	int ret;

	env->device_spec.transport = config->transport;
	env->device_spec.name = config->device;
	env->device_spec.port = (unsigned int)config->port;
	ret = parse_gid_index(config->gid_index, &env->device_spec.gid_index);
	if (ret)
		return ret;
	ret = env_query_device(env);
	if (ret && shortage_of(env, ret, 0, lack)) {
		log_error("%s", lack);
		return -ENOSR;
	}
	if (ret)
		return ret;
	/* from now on by name, so that each scenario's process opens the same device */
	env->device_spec.name = env->device.name;
	return 0;
}

/* A place that the user named must be on DAX. */
static int check_dax_directory(const char *path)
{
	enum filesystem_use use = filesystem_try(path);

	if (use == FILESYSTEM_DAX || use == FILESYSTEM_DAX_SYNC)
		return 0;
	log_error("--dax %s: %s; name a directory on a filesystem mounted with -o dax "
		  "that you may write to",
		  path, filesystem_use_name(use));
	return -EMEDIUMTYPE;
}

/*
 * A file stands for its directory: scenarios truncate and punch files that they create
 * there.
 */
static int find_dax(struct env *env, const char *path)
{
	_cleanup_fd_ int fd = -1;
	char copy[PATH_MAX];
	struct stat st;

	if (stat(path, &st))
		return log_errno(errno, "--dax %s", path);
	snprintf(env->dax, sizeof(env->dax), "%s", path);
	if (S_ISDIR(st.st_mode))
		return check_dax_directory(path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return log_errno(errno, "--dax %s", path);
	if (!S_ISREG(st.st_mode) || !dax_file(fd)) {
		log_error("--dax %s: not a file on DAX; odp_info %s says why", path,
			  path);
		return -EMEDIUMTYPE;
	}
	snprintf(copy, sizeof(copy), "%s", path);
	snprintf(env->dax, sizeof(env->dax), "%s", dirname(copy));
	return check_dax_directory(env->dax);
}

static int check_directory(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return log_errno(errno, "--directory %s", path);
	if (filesystem_try(path) == FILESYSTEM_PAGE_CACHE)
		return 0;
	log_error("--directory %s: %s; name a directory on a page-cache filesystem", path,
		  filesystem_use_name(filesystem_try(path)));
	return -EMEDIUMTYPE;
}

static int find_places(struct env *env)
{
	const struct env_config *config = env->config;
	struct dax_device device;
	int ret = 0;

	if (config->dax)
		ret = find_dax(env, config->dax);
	if (!ret && config->directory)
		ret = check_directory(config->directory);
	if (!ret && config->devdax)
		ret = dax_device_query(config->devdax, &device);
	if (ret)
		return ret;

	if (config->dax || filesystem_find(FILESYSTEM_DAX, env->dax, sizeof(env->dax)))
		env->place[REGION_FSDAX] = env->dax;
	env->place[REGION_FSDAX_PRIVATE] = env->place[REGION_FSDAX];
	env->place[REGION_FILE] = config->directory;
	if (!config->directory && filesystem_find(FILESYSTEM_PAGE_CACHE, env->directory,
						  sizeof(env->directory)))
		env->place[REGION_FILE] = env->directory;
	/* a DAX device may hold data of others: it is used only where named */
	env->place[REGION_DEVDAX] = config->devdax;
	return 0;
}

int env_find(struct env *env, const struct env_config *config)
{
	int ret;

	*env = (struct env){ .config = config };
	if (!zeros_intact()) {
		log_error("the kernel's zero page was written to: reboot, results on "
			  "this host "
			  "prove nothing");
		return -EIO;
	}
	ret = limits_raise();
	if (!ret)
		ret = query_device(env);
	if (!ret)
		ret = find_places(env);
	if (ret)
		return ret;
	env->host_features = host_features_find();
	return 0;
}

int env_open(struct env *env, const struct env_config *config)
{
	struct witness_spec witnesses;
	int ret = env_find(env, config);

	if (ret)
		return ret;
	nodes_stay();
	vm_sysctl_tidy();
	vm_sysctl_save(&env->vm_sysctl);
	vm_sysctl_keep(&env->vm_sysctl);
	witnesses = (struct witness_spec){ env->device.name, env->device.port.number };
	if (env->device.cpu_faults)
		evidence_open_none(&env->evidence, "no witnesses: with this transport "
						   "page faults are taken by the CPU");
	else
		evidence_open(&env->evidence, &witnesses);
	kernel_log_open(&env->kernel_log);
	return 0;
}

void env_close(struct env *env)
{
	kernel_log_close(&env->kernel_log);
	evidence_close(&env->evidence);
	cgroup_tidy();
	vm_sysctl_restore(&env->vm_sysctl);
	vm_sysctl_forget();
}

#define NO_DAX_FILESYSTEM \
	"no DAX filesystem to write to; mount one with -o dax, or name it with --dax"
#define NO_DAX_DEVICE \
	"no DAX device named; name one whose content may be lost with --devdax"

bool env_has_place(const struct env *env, enum region_kind kind, char *why, size_t size)
{
	static const char *const remedies[REGION_KINDS] = {
		[REGION_FILE] =
			"no page-cache filesystem to write to; name one with --directory",
		[REGION_FSDAX] = NO_DAX_FILESYSTEM,
		[REGION_FSDAX_PRIVATE] = NO_DAX_FILESYSTEM,
		[REGION_DEVDAX] = NO_DAX_DEVICE,
	};

	if (!region_kind_needs_path(kind) || env->place[kind])
		return true;
	snprintf(why, size, "%s", remedies[kind]);
	return false;
}
