/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * region.h - memory of every kind that an RDMA device may be asked to reach
 *
 * A region is one mapping. It is cold when it is opened: no page of it has been touched
 * through the mapping. What changes it afterwards is in change.h, what is resident in
 * residency.h.
 */
#ifndef ODPLAB_REGION_REGION_H
#define ODPLAB_REGION_REGION_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum region_kind {
	REGION_ANON,
	REGION_THP,
	REGION_HUGETLB_2M,
	REGION_HUGETLB_1G,
	REGION_MEMFD,
	REGION_SECRET,
	REGION_DMABUF,
	REGION_TMPFS,
	REGION_FILE,
	REGION_FSDAX,
	REGION_FSDAX_PRIVATE,
	REGION_DEVDAX,
	REGION_KINDS
};

/* NULL-terminated, in the order of enum region_kind: for an option's choices. */
extern const char *const region_kind_names[];

const char *region_kind_about(enum region_kind kind);

/* The kind lives in a file or device whose place the user gives. */
bool region_kind_needs_path(enum region_kind kind);

/*
 * Where the regions of a process are mapped: at rising addresses that nothing else in the
 * process takes, so that the hole which an unmapped region leaves stays a hole.
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
	unsigned int top_bits; /* mapped at the end of an address space of so many
				  bits; 0: where there is room in the arena */
	bool hole;	       /* addresses only, nothing mapped: see region_map() */
	bool unreserved; /* hugetlb: pages are looked for at the first access only */
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
	bool evict_loses_data; /* private memory: what is evicted is forgotten */
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
 * Does this process have addresses of more than 47 bits, that is five levels of page
 * tables?
 */
bool region_five_levels(void);

/* Maps a region that was opened as a hole, in place. Returns 0 or -errno. */
int region_map(struct region *region, bool read_only);

/*
 * Reads and writes what the region stands for by another way than its mapping (the file,
 * or a passing second mapping of a device), so that no page of the mapping is touched.
 * Without such a way, that is for private memory, the mapping is used. Return 0 or -errno
 * after one line.
 */
int region_read(const struct region *region, uint64_t offset, void *buf, size_t len);
int region_write(struct region *region, uint64_t offset, const void *buf, size_t len);

#endif
