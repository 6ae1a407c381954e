// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* place.c - what one path is: gathers the facts, judges nothing */
#include "mem/place.h"

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
#include "mem/filesystem.h"

const char *place_kind_name(enum place_kind kind)
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

static enum place_kind kind_of(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return PLACE_FILE;
	if (S_ISDIR(st->st_mode))
		return PLACE_DIRECTORY;
	if (S_ISBLK(st->st_mode))
		return PLACE_BLOCK_DEVICE;
	return dax_device_is(st) ? PLACE_DAX_DEVICE : PLACE_OTHER;
}

static int inspect_dax_device(struct place *place)
{
	struct dax_device device;
	int ret = dax_device_query(place->path, &device);

	if (ret)
		return ret;
	place->dax = true;
	place->size = device.size;
	place->align = device.align;
	return 0;
}

/* What the filesystem keeps for the file beside its data. */
static void query_attributes(int fd, struct place *place)
{
	struct fsxattr extended = { 0 };
	struct statfs fs = { 0 };
	struct statx stx = { 0 };

	if (!ioctl(fd, FS_IOC_FSGETXATTR, &extended))
		place->dax_flag = extended.fsx_xflags & FS_XFLAG_DAX;
	if (!fstatfs(fd, &fs))
		place->block_bytes = (uint64_t)fs.f_bsize;
	if (!statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &stx)) {
		place->encrypted = stx.stx_attributes & STATX_ATTR_ENCRYPTED;
		place->verity = stx.stx_attributes & STATX_ATTR_VERITY;
	}
}

/* @fd: the file, or for a directory an unnamed one in it, or the directory itself. */
static int inspect_file(int fd, const struct stat *st, struct place *place)
{
	int ret = 0;

	if (mount_of(fd, &place->mount)) {
		place->mount = (struct mount){ 0 };
		ret = filesystem_name(fd, place->mount.type, sizeof(place->mount.type));
	}
	if (ret)
		return ret;
	block_device_query(st->st_dev, &place->block);
	query_attributes(fd, place);
	if (!place->tried)
		return 0;
	place->dax = dax_file(fd);
	place->map_sync = place->dax && dax_map_sync(fd);
	if (place->kind == PLACE_FILE)
		extents_query(fd, place->block.start, &place->extents);
	return 0;
}

static int open_for_trial(struct place *place)
{
	int fd = -1;

	if (place->kind == PLACE_DIRECTORY)
		fd = open(place->path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	place->tried = fd >= 0 || place->kind == PLACE_FILE;
	if (fd < 0)
		fd = open(place->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd;
}

int place_inspect(const char *path, struct place *place)
{
	_cleanup_fd_ int fd = -1;
	struct stat st;

	*place = (struct place){ 0 };
	if ((size_t)snprintf(place->path, sizeof(place->path), "%s", path) >=
	    sizeof(place->path))
		return log_errno(ENAMETOOLONG, "%.64s...", path);
	if (stat(path, &st))
		return log_errno(errno, "%s", path);
	place->kind = kind_of(&st);
	place->writable = !faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS);
	switch (place->kind) {
	case PLACE_FILE:
	case PLACE_DIRECTORY:
		break;
	case PLACE_DAX_DEVICE:
		return inspect_dax_device(place);
	default:
		return 0; /* opening it might do something, or wait */
	}
	if (place->kind == PLACE_FILE)
		place->size = (uint64_t)st.st_size;
	fd = open_for_trial(place);
	if (fd < 0)
		return log_errno(errno, "%s: cannot be opened for reading", path);
	return inspect_file(fd, &st, place);
}
