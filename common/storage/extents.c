// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* extents.c - where a file is on its media, and whether huge pages can map it */
#include "storage/extents.h"

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "base/util.h"

#define EXTENTS_MAX 64

/* Blocks that hold no data of the file, or not at an address of the media. */
#define NOT_MAPPABLE                                                                  \
	(FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC | FIEMAP_EXTENT_DATA_INLINE | \
	 FIEMAP_EXTENT_DATA_TAIL)

bool extent_is_huge(const struct extent *extent)
{
	uint64_t first = round_up(extent->logical, MiB(2));

	return extent->logical % MiB(2) == extent->physical % MiB(2) &&
	       first + MiB(2) <= extent->logical + extent->length;
}

static void count(const struct fiemap_extent *found, uint64_t nvdimm_start,
		  struct extents *extents)
{
	struct extent extent = { .logical = found->fe_logical,
				 .physical = found->fe_physical + nvdimm_start,
				 .length = found->fe_length,
				 .shared = found->fe_flags & FIEMAP_EXTENT_SHARED };

	extents->seen++;
	extents->huge += !(found->fe_flags & NOT_MAPPABLE) && extent_is_huge(&extent);
	extents->shared += extent.shared;
}

void extents_query(int fd, uint64_t nvdimm_start, struct extents *extents)
{
	_cleanup_free_ struct fiemap *map =
		calloc(1, sizeof(*map) + EXTENTS_MAX * sizeof(struct fiemap_extent));

	*extents = (struct extents){ 0 };
	if (!map)
		return;
	/* without FIEMAP_FLAG_SYNC, which would write the file's data out */
	map->fm_length = FIEMAP_MAX_OFFSET;
	map->fm_extent_count = EXTENTS_MAX;
	if (ioctl(fd, FS_IOC_FIEMAP, map))
		return;
	extents->known = true;
	for (unsigned int i = 0; i < map->fm_mapped_extents; i++)
		count(&map->fm_extents[i], nvdimm_start, extents);
	extents->more = map->fm_mapped_extents == EXTENTS_MAX &&
			!(map->fm_extents[EXTENTS_MAX - 1].fe_flags & FIEMAP_EXTENT_LAST);
}
