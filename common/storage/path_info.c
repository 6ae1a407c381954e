// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* path_info.c - what one path is: gathers the facts, judges nothing */
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
	static const char *const names[PLACE_KINDS] = {
		[PLACE_FILE] = "file",
		[PLACE_DIRECTORY] = "directory",
		[PLACE_DAX_DEVICE] = "DAX device",
		[PLACE_BLOCK_DEVICE] = "block device",
		[PLACE_OTHER] = "special file",
	};

	return names[kind];
}

static enum path_kind kind_of(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return PLACE_FILE;
	if (S_ISDIR(st->st_mode))
		return PLACE_DIRECTORY;
	if (S_ISBLK(st->st_mode))
		return PLACE_BLOCK_DEVICE;
	return dax_device_is(st) ? PLACE_DAX_DEVICE : PLACE_OTHER;
}

static int inspect_dax_device(struct path_info *path_info)
{
	struct dax_device device;
	int ret = dax_device_query(path_info->path, &device);

	if (ret)
		return ret;
	path_info->dax = true;
	path_info->size = device.size;
	path_info->align = device.align;
	return 0;
}

/* What the filesystem keeps for the file beside its data. */
static void query_attributes(int fd, struct path_info *path_info)
{
	struct fsxattr extended = { 0 };
	struct statfs fs = { 0 };
	struct statx stx = { 0 };

	if (!ioctl(fd, FS_IOC_FSGETXATTR, &extended))
		path_info->dax_flag = extended.fsx_xflags & FS_XFLAG_DAX;
	if (!fstatfs(fd, &fs))
		path_info->block_bytes = (uint64_t)fs.f_bsize;
	if (!statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &stx)) {
		path_info->encrypted = stx.stx_attributes & STATX_ATTR_ENCRYPTED;
		path_info->verity = stx.stx_attributes & STATX_ATTR_VERITY;
	}
}

/* @fd: the file, or for a directory an unnamed one in it, or the directory itself. */
static int inspect_file(int fd, const struct stat *st, struct path_info *path_info)
{
	int ret = 0;

	if (mount_of(fd, &path_info->mount)) {
		path_info->mount = (struct mount){ 0 };
		ret = filesystem_name(fd, path_info->mount.type,
				      sizeof(path_info->mount.type));
	}
	if (ret)
		return ret;
	block_device_query(st->st_dev, &path_info->block);
	query_attributes(fd, path_info);
	if (!path_info->tried)
		return 0;
	path_info->dax = dax_file(fd);
	path_info->map_sync = path_info->dax && dax_map_sync(fd);
	if (path_info->kind == PLACE_FILE)
		extents_query(fd, path_info->block.start, &path_info->extents);
	return 0;
}

static int open_for_probe(struct path_info *path_info)
{
	int fd = -1;

	if (path_info->kind == PLACE_DIRECTORY)
		fd = open(path_info->path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	path_info->tried = fd >= 0 || path_info->kind == PLACE_FILE;
	if (fd < 0)
		fd = open(path_info->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd;
}

int path_info_inspect(const char *path, struct path_info *path_info)
{
	_cleanup_fd_ int fd = -1;
	struct stat st;

	*path_info = (struct path_info){ 0 };
	if ((size_t)snprintf(path_info->path, sizeof(path_info->path), "%s", path) >=
	    sizeof(path_info->path))
		return log_errno(ENAMETOOLONG, "%.64s...", path);
	if (stat(path, &st))
		return log_errno(errno, "%s", path);
	path_info->kind = kind_of(&st);
	path_info->writable = !faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS);
	switch (path_info->kind) {
	case PLACE_FILE:
	case PLACE_DIRECTORY:
		break;
	case PLACE_DAX_DEVICE:
		return inspect_dax_device(path_info);
	default:
		return 0; /* opening it might do something, or wait */
	}
	if (path_info->kind == PLACE_FILE)
		path_info->size = (uint64_t)st.st_size;
	fd = open_for_probe(path_info);
	if (fd < 0)
		return log_errno(errno, "%s: cannot be opened for reading", path);
	return inspect_file(fd, &st, path_info);
}
