/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * region.h - memory of every kind that an RDMA device may be asked to access
 *
 * A region is one mapping. It is cold when it is opened: no page of it has been
 * touched through the mapping. Operations on it are in region_ops.h, its resident
 * pages in residency.h.
 */
#ifndef ODPLAB_REGION_REGION_H
#define ODPLAB_REGION_REGION_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum region_kind {
#define REGION_KIND(kind, name) REGION_##kind,
#include "region/region_kinds.def"
#undef REGION_KIND
	REGION_KINDS
};

/* NULL-terminated, in the order of enum region_kind: for an option's choices. */
extern const char *const region_kind_names[];

/* Where tmpfs regions are made unless another place is named. */
#define REGION_TMPFS_PLACE "/dev/shm"

/* Does the kind need a path of a file, directory or device from the user? */
bool region_kind_needs_path(enum region_kind kind);

/*
 * Where the regions of a process are mapped: at rising addresses that nothing else in the
 * process uses, so that an unmapped region leaves a hole.
 */
struct arena {
	uintptr_t next;
};

#define ARENAS 2 /* in one process */

void arena_init(struct arena *arena, unsigned int index);

struct region_spec {
	enum region_kind kind;
	size_t len;	      /* rounded up to the kind's page size */
	const char *path;     /* a directory (for an unnamed file), a file, or a device */
	uint64_t file_offset; /* where in a given file or device the region begins */
	bool read_only;	      /* mapped without PROT_WRITE */
	/* mapped at the end of an address space of so many bits; 0: in the arena */
	unsigned int top_bits;
	bool hole;	 /* addresses only, nothing mapped: see region_map() */
	bool unreserved; /* hugetlb: pages are allocated at the first access only */
};

struct region {
	enum region_kind kind;
	unsigned char *addr;
	size_t len;
	size_t page_bytes; /* what the kind is allocated by: 4K, 2M or 1G */
	int fd;		   /* of the file or device; -1 for anonymous memory */
	uint64_t file_offset;
	bool mapped;
	bool shared;	       /* writes through the mapping reach the file */
	bool dax;	       /* the mapping is of the media itself */
	bool map_sync;	       /* mapped with MAP_SYNC */
	bool evict_loses_data; /* private memory: eviction discards the data */
	bool unreserved;
	char filesystem[16]; /* "ext4", "xfs", "tmpfs" ...; "" without a file */
};

/*
 * Returns 0 or -errno after one line. -EMEDIUMTYPE: the path is not on DAX where the kind
 * asks for it; -EFBIG: a given file or device is too small.
 */
int region_open(struct region *region, struct arena *arena,
		const struct region_spec *spec);
void region_close(struct region *region);

/*
 * Does this process have addresses of more than 47 bits, that is five levels
 * of page tables?
 */
bool region_five_levels(void);

/* Maps a region that was opened as a hole, in place. Returns 0 or -errno. */
int region_map(struct region *region, bool read_only);

/*
 * Read and write the region's data without its mapping (through the file, or a temporary
 * second mapping of a device), so that no page of the mapping is touched. For private
 * memory the mapping itself is used. Return 0 or -errno after one line.
 */
int region_read(const struct region *region, uint64_t offset, void *buf, size_t len);
int region_write(struct region *region, uint64_t offset, const void *buf, size_t len);

#endif
