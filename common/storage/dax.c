// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dax.c - whether a file or device is DAX, and takes MAP_SYNC */
#include "storage/dax.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/stat.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/util.h"

bool dax_map_sync(int fd)
{
	void *addr =
		mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0);

	if (addr == MAP_FAILED)
		return false;
	munmap(addr, PAGE_BYTES);
	return true;
}

bool dax_file(int fd)
{
	struct statx stx;

	if (!statx(fd, "", AT_EMPTY_PATH, 0, &stx) &&
	    (stx.stx_attributes_mask & STATX_ATTR_DAX))
		return stx.stx_attributes & STATX_ATTR_DAX;
	return dax_map_sync(fd);
}

bool dax_device_is(const struct stat *st)
{
	char path[64], link[PATH_MAX];
	ssize_t n;

	if (!S_ISCHR(st->st_mode))
		return false;
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/subsystem", major(st->st_rdev),
		 minor(st->st_rdev));
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return false;
	link[n] = '\0';
	return !strcmp(strrchr(link, '/') ? strrchr(link, '/') : link, "/dax");
}

static int query_number(const struct stat *st, const char *name, uint64_t *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/%s", major(st->st_rdev),
		 minor(st->st_rdev), name);
	return file_read_number(path, value);
}

int dax_device_query(const char *path, struct dax_device *device)
{
	struct stat st;
	int ret;

	if (stat(path, &st))
		return log_errno(errno, "%s", path);
	if (!dax_device_is(&st)) {
		log_error("%s: not a DAX device; ndctl create-namespace -m devdax makes "
			  "one",
			  path);
		return -EMEDIUMTYPE;
	}
	ret = query_number(&st, "size", &device->size);
	if (ret)
		return log_errno(ret, "%s: its size in sysfs", path);
	/* kernels before 5.10 have the alignment elsewhere; 2 MiB is what ndctl makes */
	if (query_number(&st, "align", &device->align) || !device->align)
		device->align = MiB(2);
	return 0;
}
