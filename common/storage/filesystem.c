// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* filesystem.c - which filesystems this host has, and which of them are DAX */
#include "storage/filesystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/util.h"
#include "storage/dax.h"

int filesystem_name(int fd, char *name, size_t size)
{
	static const struct {
		unsigned long magic;
		const char *name;
	} known[] = {
		{ EXT4_SUPER_MAGIC, "ext4" },	      { XFS_SUPER_MAGIC, "xfs" },
		{ BTRFS_SUPER_MAGIC, "btrfs" },	      { TMPFS_MAGIC, "tmpfs" },
		{ OVERLAYFS_SUPER_MAGIC, "overlay" }, { V9FS_MAGIC, "9p" },
		{ HUGETLBFS_MAGIC, "hugetlbfs" },     { NFS_SUPER_MAGIC, "nfs" },
	};
	struct statfs st;

	if (fstatfs(fd, &st))
		return log_errno(errno, "fstatfs");
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if ((unsigned long)st.f_type != known[i].magic)
			continue;
		snprintf(name, size, "%s", known[i].name);
		return 0;
	}
	snprintf(name, size, "0x%lx", (unsigned long)st.f_type);
	return 0;
}

const char *filesystem_use_name(enum filesystem_use use)
{
	static const char *const names[] = {
		[FILESYSTEM_UNUSABLE] = "not writable",
		[FILESYSTEM_PAGE_CACHE] = "page cache",
		[FILESYSTEM_DAX] = "DAX",
		[FILESYSTEM_DAX_SYNC] = "DAX, MAP_SYNC",
	};

	return names[use];
}

enum filesystem_use filesystem_try(const char *directory)
{
	_cleanup_fd_ int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, PAGE_BYTES))
		return FILESYSTEM_UNUSABLE;
	if (!dax_file(fd))
		return FILESYSTEM_PAGE_CACHE;
	return dax_map_sync(fd) ? FILESYSTEM_DAX_SYNC : FILESYSTEM_DAX;
}

bool file_is_regular(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

bool filesystem_clones(const char *directory)
{
	_cleanup_fd_ int from = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	_cleanup_fd_ int to = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return from >= 0 && to >= 0 && !ioctl(to, FICLONE, from);
}

/* Both have the same numbers: fs/ext4/ext4.h, fs/xfs/libxfs/xfs_fs.h. */
int filesystem_shut_down(int fd, enum shutdown_how how)
{
	uint32_t flags = how;

	return ioctl(fd, _IOR('X', 125, uint32_t), &flags) ? -errno : 0;
}

static bool on_disk(const char *type)
{
	static const char *const types[] = { "ext2", "ext3", "ext4", "xfs", "btrfs" };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

struct disk_filter {
	bool (*each)(const struct mount *mount, void *data);
	void *data;
};

static bool pass_disks(const struct mount *mount, void *data)
{
	const struct disk_filter *filter = data;

	return on_disk(mount->type) && filter->each(mount, filter->data);
}

int filesystem_for_each(bool (*each)(const struct mount *mount, void *data), void *data)
{
	struct disk_filter filter = { each, data };
	int ret = mount_for_each(pass_disks, &filter);

	return ret ? log_errno(ret, "/proc/self/mountinfo") : 0;
}

struct search {
	enum filesystem_use use;
	char *directory;
	size_t size;
	bool found;
};

static bool matches(const struct mount *mount, void *data)
{
	struct search *search = data;
	enum filesystem_use use = filesystem_try(mount->point);

	if (use != search->use &&
	    !(search->use == FILESYSTEM_DAX && use == FILESYSTEM_DAX_SYNC))
		return false;
	search->found = (size_t)snprintf(search->directory, search->size, "%s",
					 mount->point) < search->size;
	return search->found;
}

bool filesystem_find(enum filesystem_use use, char *directory, size_t size)
{
	struct search search = { use, directory, size, false };

	return !filesystem_for_each(matches, &search) && search.found;
}
