// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * dax_diagnosis.c - why a path is not on DAX, and whether the kernel allows to pin it
 *
 * The rules are those of Documentation/filesystems/dax.rst, of the filesystems
 * (ext4_should_enable_dax(), xfs_inode_should_enable_dax()), and of mm/gup.c
 * check_vma_flags() and writable_file_mapping_allowed().
 */
#include <string.h>

#include "base/util.h"
#include "storage/path_info.h"

static bool mounted_as(const struct path_info *path, const char *const *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(path->mount.type, types[i]))
			return true;
	return false;
}

static bool is_block_device(const struct path_info *path)
{
	return path->kind == PATH_BLOCK_DEVICE;
}

static bool is_special(const struct path_info *path)
{
	return path->kind == PATH_OTHER;
}

static bool in_memory(const struct path_info *path)
{
	static const char *const types[] = { "tmpfs", "ramfs", "hugetlbfs", "devtmpfs" };

	return mounted_as(path, types, ARRAY_SIZE(types));
}

static bool filesystem_has_none(const struct path_info *path)
{
	static const char *const types[] = { "ext2", "ext4", "xfs", "virtiofs" };

	return !mounted_as(path, types, ARRAY_SIZE(types));
}

static bool in_sector_mode(const struct path_info *path)
{
	return path->block.mode == NAMESPACE_SECTOR;
}

static bool in_raw_mode(const struct path_info *path)
{
	return path->block.mode == NAMESPACE_RAW && !path->block.dax;
}

static bool no_persistent_memory(const struct path_info *path)
{
	return path->block.known && !path->block.dax;
}

static bool switched_off(const struct path_info *path)
{
	return mount_has_option(&path->mount, "dax=never");
}

static bool small_blocks(const struct path_info *path)
{
	return path->block_bytes != PAGE_BYTES;
}

static bool journals_data(const struct path_info *path)
{
	return mount_has_option(&path->mount, "data=journal");
}

static bool is_encrypted(const struct path_info *path)
{
	return path->encrypted || path->verity;
}

static bool not_tried(const struct path_info *path)
{
	return !path->tried;
}

static bool mount_out_of_sight(const struct path_info *path)
{
	return !path->mount.point[0];
}

static bool flag_not_in_effect(const struct path_info *path)
{
	return path->dax_flag;
}

static bool not_asked_for(const struct path_info *path)
{
	return !mount_has_option(&path->mount, "dax=always") &&
	       !mount_has_option(&path->mount, "dax");
}

static bool otherwise(const struct path_info *path)
{
	return true;
}

/* The first that applies is reported, as it is the one to remedy first. */
static const struct {
	bool (*holds)(const struct path_info *path);
	struct diagnosis diagnosis;
} rows[] = {
	{ is_block_device,
	  { "it is a block device, not a file",
	    "name the directory where it is mounted, or a file in it" } },
	{ is_special,
	  { "neither a file, nor a directory, nor a DAX device",
	    "name a file or a directory on ext4 or xfs, or a /dev/dax device" } },
	{ in_memory,
	  { "the filesystem keeps its files in memory, not on media",
	    "name a path on ext4 or xfs, mounted from an fsdax namespace" } },
	{ filesystem_has_none,
	  { "the filesystem has no DAX",
	    "name a path on ext4 or xfs, mounted from an fsdax namespace" } },
	{ in_sector_mode,
	  { "the namespace is in sector mode, which has no DAX",
	    "make it an fsdax namespace (its data is lost): ndctl create-namespace -f -e "
	    "NAMESPACE -m fsdax" } },
	{ in_raw_mode,
	  { "the namespace is in raw mode, which has no page structures and so no DAX",
	    "make it an fsdax namespace (its data is lost): ndctl create-namespace -f -e "
	    "NAMESPACE -m fsdax" } },
	{ no_persistent_memory,
	  { "the block device is not persistent memory",
	    "name a path on ext4 or xfs, mounted from an fsdax namespace" } },
	{ switched_off,
	  { "mounted with dax=never", "unmount it and mount it with -o dax=always" } },
	{ small_blocks,
	  { "the block size of the filesystem is not 4096 bytes, which DAX requires",
	    "make a new filesystem (its data is lost): mkfs.ext4 -b 4096 or mkfs.xfs -b "
	    "size=4096" } },
	{ journals_data,
	  { "mounted with data=journal, which excludes DAX",
	    "unmount it and mount it without data=journal" } },
	{ is_encrypted,
	  { "the file is encrypted or has fs-verity, which exclude DAX",
	    "name a file without either" } },
	{ not_tried,
	  { "no file can be created in it, so DAX was not tried",
	    "name a directory that you may write to, or a file" } },
	{ flag_not_in_effect,
	  { "FS_XFLAG_DAX is set, but takes effect only when the file is next loaded",
	    "close the file in all processes and drop caches, or remount the "
	    "filesystem" } },
	{ mount_out_of_sight,
	  { "its mount cannot be seen from this root directory",
	    "run odp_info outside the chroot or container" } },
	{ not_asked_for,
	  { "it is not mounted with DAX, and the file has no FS_XFLAG_DAX",
	    "unmount it and mount it with -o dax=always, or chattr +x the directory "
	    "before the file is made" } },
	{ otherwise,
	  { "the reason is unknown", "look for DAX in the kernel's log (dmesg)" } },
};

const struct diagnosis *dax_diagnosis(const struct path_info *path)
{
	if (path->dax)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].holds(path))
			return &rows[i].diagnosis;
	return NULL;
}

enum pinning path_info_pinning(const struct path_info *path)
{
	switch (path->kind) {
	case PATH_DAX_DEVICE:
		return PINNING_ACCEPTED;
	case PATH_FILE:
	case PATH_DIRECTORY:
		if (!path->tried)
			return PINNING_UNKNOWN;
		if (path->dax)
			return PINNING_REFUSED;
		return in_memory(path) ? PINNING_ACCEPTED : PINNING_READ_ONLY;
	default:
		return PINNING_UNKNOWN;
	}
}

static const struct {
	const char *name, *about;
} pinnings[] = {
	[PINNING_ACCEPTED] = { "accepted", "accepted" },
	[PINNING_READ_ONLY] = { "read-only",
				"read-only regions accepted; writable ones refused since "
				"Linux 6.5 (EFAULT): the file must not miss what a "
				"device writes" },
	[PINNING_REFUSED] = { "refused", "refused (EOPNOTSUPP): a pin would keep the "
					 "filesystem from "
					 "its blocks; ODP is the way" },
	[PINNING_UNKNOWN] = { "unknown", "unknown" },
};

const char *pinning_name(enum pinning pinning)
{
	return pinnings[pinning].name;
}

const char *pinning_about(enum pinning pinning)
{
	return pinnings[pinning].about;
}
