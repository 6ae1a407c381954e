/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* block_device.h - the block device under a filesystem, and whether it has DAX */
#ifndef ODPLAB_STORAGE_BLOCK_DEVICE_H
#define ODPLAB_STORAGE_BLOCK_DEVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How the kernel presents persistent memory: ndctl's modes. */
enum namespace_mode {
	NAMESPACE_NONE, /* not persistent memory */
	NAMESPACE_FSDAX,
	NAMESPACE_SECTOR, /* block translation table: sectors are written atomically */
	NAMESPACE_RAW,	  /* without page structures */
};

/* "fsdax", as ndctl has it; "" for none */
const char *namespace_mode_name(enum namespace_mode mode);

struct block_device {
	bool known;    /* false: the filesystem has none */
	char name[64]; /* "pmem0" */
	bool dax;
	enum namespace_mode mode;
	uint64_t start; /* bytes; where a partition begins on its disk */
};

void block_device_query(dev_t number, struct block_device *device);

#endif
