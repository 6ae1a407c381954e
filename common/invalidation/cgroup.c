// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* cgroup.c - a control group of our own, whose memory can be reclaimed on request */
#include "invalidation/cgroup.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "process/orphan.h"

#define ROOT   "/sys/fs/cgroup"
#define PREFIX ROOT "/odplab-"

static const char *in_group(const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, PREFIX "%d/%s", (int)getpid(), name);
	return path;
}

bool cgroup_can_reclaim(void)
{
	char text[256];

	/* memory.reclaim is in every group but the root: Linux 5.19 has it in any */
	return !geteuid() && !file_read(ROOT "/cgroup.controllers", text, sizeof(text)) &&
	       strstr(text, "memory");
}

static void remove_group(const char *path)
{
	rmdir(path);
}

unsigned int cgroup_tidy(void)
{
	return orphans_remove(PREFIX "*", remove_group);
}

int cgroup_join(void)
{
	char path[PATH_MAX];
	int ret;

	cgroup_tidy();
	ret = file_write(ROOT "/cgroup.subtree_control", "+memory");
	if (ret)
		return log_errno(ret, "the memory controller of cgroup v2");
	snprintf(path, sizeof(path), PREFIX "%d", (int)getpid());
	if (mkdir(path, 0755) && errno != EEXIST)
		return log_errno(errno, "make %s", path);
	ret = file_write(in_group("cgroup.procs", path), "0");
	return ret ? log_errno(ret, "join %s", path) : 0;
}

int cgroup_reclaim(size_t bytes)
{
	char path[PATH_MAX], text[32];
	int ret;

	snprintf(text, sizeof(text), "%zu", bytes);
	ret = file_write(in_group("memory.reclaim", path), text);
	/* it could reclaim less than was asked for */
	return ret && ret != -EAGAIN ? log_errno(ret, "%s", path) : 0;
}
