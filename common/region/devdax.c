// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* devdax.c - regions of a DAX device, which has no read() and write() */
#include "region/devdax.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"
#include "region/pmem.h"
#include "storage/dax.h"

int devdax_open(struct region *region, const struct region_spec *spec)
{
	struct dax_device device;
	int ret;

	if (!spec->path) {
		log_error(
			"a devdax region needs a device; name one, such as /dev/dax0.0");
		return -EINVAL;
	}
	ret = dax_device_query(spec->path, &device);
	if (ret)
		return ret;
	region->page_bytes = device.align;
	region->len = round_up(region->len, device.align);
	region->file_offset = round_up(spec->file_offset, device.align);
	if (region->file_offset + region->len > device.size) {
		log_error("%s: has %llu bytes, %llu are needed", spec->path,
			  (unsigned long long)device.size,
			  (unsigned long long)(region->file_offset + region->len));
		return -EFBIG;
	}
	region->fd = open(spec->path, O_RDWR | O_CLOEXEC);
	if (region->fd < 0)
		return log_errno(errno, "open %s", spec->path);
	region->dax = true;
	snprintf(region->filesystem, sizeof(region->filesystem), "devdax");
	return 0;
}

/* Maps the alignment unit that @offset lies in a second time. */
static int map_unit(const struct region *region, uint64_t offset, unsigned char **unit)
{
	uint64_t at = region->file_offset + round_down(offset, region->page_bytes);
	void *addr = mmap(NULL, region->page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			  region->fd, (off_t)at);

	if (addr == MAP_FAILED)
		return log_errno(errno, "map the DAX device a second time");
	*unit = addr;
	return 0;
}

/* How many of the @len bytes at @offset are in the same alignment unit. */
static size_t within_unit(const struct region *region, uint64_t offset, size_t len)
{
	return size_min(len, region->page_bytes - offset % region->page_bytes);
}

int devdax_read(const struct region *region, uint64_t offset, void *buf, size_t len)
{
	unsigned char *in = buf;

	while (len) {
		size_t n = within_unit(region, offset, len);
		unsigned char *unit = NULL;
		int ret = map_unit(region, offset, &unit);

		if (!unit)
			return ret ? ret : -EIO;
		memcpy(in, unit + offset % region->page_bytes, n);
		munmap(unit, region->page_bytes);
		in += n;
		offset += n;
		len -= n;
	}
	return 0;
}

int devdax_write(const struct region *region, uint64_t offset, const void *buf,
		 size_t len)
{
	const unsigned char *out = buf;

	while (len) {
		size_t n = within_unit(region, offset, len);
		unsigned char *unit = NULL;
		int ret = map_unit(region, offset, &unit);

		if (!unit)
			return ret ? ret : -EIO;
		memcpy(unit + offset % region->page_bytes, out, n);
		pmem_persist_range(unit + offset % region->page_bytes, n);
		munmap(unit, region->page_bytes);
		out += n;
		offset += n;
		len -= n;
	}
	return 0;
}
