// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* cgroup.c - a control group of our own, whose memory can be reclaimed on request */
#include "invalidation/cgroup.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "process/orphan.h"

#define ROOT	"/sys/fs/cgroup"
#define SUBTREE ROOT "/cgroup.subtree_control"
#define PREFIX	ROOT "/odplab-"
/* A group without processes: the root's groups have got the memory controller for us. */
#define MARK PREFIX "memory-"

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

static bool is_in_use(void)
{
	glob_t names;

	if (glob(PREFIX "[0-9]*", 0, NULL, &names))
		return false;
	globfree(&names);
	return true;
}

/* Where another run has a group, the mark stays for the one that removes it. */
static void remove_group(const char *path)
{
	if (!strncmp(path, MARK, strlen(MARK))) {
		if (is_in_use())
			return;
		file_write(SUBTREE, "-memory");
	}
	rmdir(path);
}

unsigned int cgroup_tidy(void)
{
	return orphans_remove(PREFIX "*", remove_group);
}

static int make_group(const char *prefix)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%d", prefix, (int)getpid());
	return mkdir(path, 0755) && errno != EEXIST ? log_errno(errno, "make %s", path) :
						      0;
}

static int enable_controller(void)
{
	char text[256];
	int ret;

	if (!file_read(SUBTREE, text, sizeof(text)) && strstr(text, "memory"))
		return 0;
	ret = make_group(MARK);
	if (ret)
		return ret;
	ret = file_write(SUBTREE, "+memory");
	return ret ? log_errno(ret, "the memory controller of cgroup v2") : 0;
}

int cgroup_join(void)
{
	char path[PATH_MAX];
	int ret;

	cgroup_tidy();
	ret = enable_controller();
	if (!ret)
		ret = make_group(PREFIX);
	if (ret)
		return ret;
	ret = file_write(in_group("cgroup.procs", path), "0");
	return ret ? log_errno(ret, "join %s", path) : 0;
}

int cgroup_limit(size_t bytes)
{
	char text[32], path[PATH_MAX];
	int ret = file_write(in_group("memory.swap.max", path), "0");

	/* a kernel that does not account for swap has no such file */
	if (ret && ret != -ENOENT)
		return log_errno(ret, "%s", path);
	snprintf(text, sizeof(text), "%zu", bytes);
	ret = file_write(in_group("memory.max", path), text);
	return ret ? log_errno(ret, "%s", path) : 0;
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
