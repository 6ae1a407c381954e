// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* block_device.c - the block device under a filesystem, and whether it has DAX */
#include "storage/block_device.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file.h"

#define SECTOR_BYTES 512

const char *namespace_mode_name(enum namespace_mode mode)
{
	static const char *const names[] = {
		[NAMESPACE_NONE] = "",
		[NAMESPACE_FSDAX] = "fsdax",
		[NAMESPACE_SECTOR] = "sector",
		[NAMESPACE_RAW] = "raw",
	};

	return names[mode];
}

/* From the name of the disk's parent on the nvdimm bus: pfn0.0, btt0.0, namespace0.0. */
static enum namespace_mode find_mode(const char *disk)
{
	char path[PATH_MAX + 16], parent[PATH_MAX];
	const char *name;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/device", disk);
	n = readlink(path, parent, sizeof(parent) - 1);
	if (n < 0)
		return NAMESPACE_NONE;
	parent[n] = '\0';
	name = strrchr(parent, '/');
	name = name ? name + 1 : parent;
	if (!strncmp(name, "pfn", 3))
		return NAMESPACE_FSDAX;
	if (!strncmp(name, "btt", 3))
		return NAMESPACE_SECTOR;
	if (!strncmp(name, "namespace", 9))
		return NAMESPACE_RAW;
	return NAMESPACE_NONE;
}

void block_device_query(dev_t number, struct block_device *device)
{
	char link[64], disk[PATH_MAX], path[PATH_MAX + 16];
	uint64_t sectors, dax;

	*device = (struct block_device){ 0 };
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(number),
		 minor(number));
	if (!realpath(link, disk))
		return;
	device->known = true;
	snprintf(device->name, sizeof(device->name), "%s", strrchr(disk, '/') + 1);

	/* a partition has its start; the rest is in the folder above, of its disk */
	snprintf(path, sizeof(path), "%s/start", disk);
	if (!file_read_number(path, &sectors)) {
		device->start = sectors * SECTOR_BYTES;
		*strrchr(disk, '/') = '\0';
	}
	snprintf(path, sizeof(path), "%s/queue/dax", disk);
	device->dax = !file_read_number(path, &dax) && dax;
	device->mode = find_mode(disk);
}
