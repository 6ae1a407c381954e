// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* path_info.c - gathers facts about a path */
#include "storage/path_info.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "storage/filesystem.h"

const char *path_kind_name(enum path_kind kind)
{
	static const char *const names[PATH_KINDS] = {
		[PATH_FILE] = "file",
		[PATH_DIRECTORY] = "directory",
		[PATH_DAX_DEVICE] = "DAX device",
		[PATH_BLOCK_DEVICE] = "block device",
		[PATH_OTHER] = "special file",
	};

	return names[kind];
}

static enum path_kind kind_of(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return PATH_FILE;
	if (S_ISDIR(st->st_mode))
		return PATH_DIRECTORY;
	if (S_ISBLK(st->st_mode))
		return PATH_BLOCK_DEVICE;
	return dax_device_is(st) ? PATH_DAX_DEVICE : PATH_OTHER;
}

static int inspect_dax_device(struct path_info *path)
{
	struct dax_device device;
	int ret = dax_device_query(path->name, &device);

	if (ret)
		return ret;
	path->dax = true;
	path->size = device.size;
	path->align = device.align;
	return 0;
}

/* Attributes of the file and its filesystem. */
static void query_attributes(int fd, struct path_info *path)
{
	struct fsxattr extended = { 0 };
	struct statfs fs = { 0 };
	struct statx stx = { 0 };

	if (!ioctl(fd, FS_IOC_FSGETXATTR, &extended))
		path->dax_flag = extended.fsx_xflags & FS_XFLAG_DAX;
	if (!fstatfs(fd, &fs))
		path->block_bytes = (uint64_t)fs.f_bsize;
	if (!statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &stx)) {
		path->encrypted = stx.stx_attributes & STATX_ATTR_ENCRYPTED;
		path->verity = stx.stx_attributes & STATX_ATTR_VERITY;
	}
}

/* @fd: the file, or for a directory an unnamed one in it, or the directory itself. */
static int inspect_file(int fd, const struct stat *st, struct path_info *path)
{
	int ret = 0;

	if (mount_of(fd, &path->mount)) {
		path->mount = (struct mount){ 0 };
		ret = filesystem_name(fd, path->mount.type, sizeof(path->mount.type));
	}
	if (ret)
		return ret;
	block_device_query(st->st_dev, &path->block);
	query_attributes(fd, path);
	if (!path->tried)
		return 0;
	path->dax = dax_file(fd);
	path->map_sync = path->dax && dax_map_sync(fd);
	if (path->kind == PATH_FILE)
		extents_query(fd, path->block.start, &path->extents);
	return 0;
}

static int open_for_probe(struct path_info *path)
{
	int fd = -1;

	if (path->kind == PATH_DIRECTORY)
		fd = open(path->name, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	path->tried = fd >= 0 || path->kind == PATH_FILE;
	if (fd < 0)
		fd = open(path->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd;
}

int path_info_inspect(const char *name, struct path_info *path)
{
	_cleanup_fd_ int fd = -1;
	struct stat st;

	*path = (struct path_info){ 0 };
	if ((size_t)snprintf(path->name, sizeof(path->name), "%s", name) >=
	    sizeof(path->name))
		return log_errno(ENAMETOOLONG, "%.64s...", name);
	if (stat(name, &st))
		return log_errno(errno, "%s", name);
	path->kind = kind_of(&st);
	path->writable = !faccessat(AT_FDCWD, name, R_OK | W_OK, AT_EACCESS);
	switch (path->kind) {
	case PATH_FILE:
	case PATH_DIRECTORY:
		break;
	case PATH_DAX_DEVICE:
		return inspect_dax_device(path);
	default:
		return 0; /* opening it might have an effect, or block */
	}
	if (path->kind == PATH_FILE)
		path->size = (uint64_t)st.st_size;
	fd = open_for_probe(path);
	if (fd < 0)
		return log_errno(errno, "%s: cannot be opened for reading", name);
	return inspect_file(fd, &st, path);
}
