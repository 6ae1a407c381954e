// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* region.c - memory of every kind that an RDMA device may be asked to reach */
#include "region/region.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"
#include "region/region_kinds.h"

/*
 * Far below where the kernel places mappings, and clear of the shadow memory of the
 * sanitizers. A process uses 1 TiB of it, chosen by its pid, so that a trace of the
 * kernel's faults, which has addresses only, distinguishes processes.
 */
#define ARENA_BASE  0x200000000000ull
#define ARENA_BYTES (GiB(1024) / ARENAS)
#define ARENA_SLOTS 32
#define ARENA_GAP   MiB(2)

void arena_init(struct arena *arena, unsigned int index)
{
	size_t slot = (size_t)(getpid() % ARENA_SLOTS);

	arena->next = ARENA_BASE + (slot * ARENAS + index) * ARENA_BYTES;
}

bool region_kind_needs_path(enum region_kind kind)
{
	return region_kind_ops(kind)->needs_path;
}

static void *reserve_at(uintptr_t at, size_t len)
{
	return mmap((void *)at, len, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
		    0);
}

/* Reserves addresses: 2 MiB aligned at least, so that huge mappings are possible. */
static int reserve(struct arena *arena, struct region *region)
{
	size_t align = size_max(MiB(2), region->page_bytes);
	void *got = reserve_at(round_up(arena->next, align), region->len);

	if (got == MAP_FAILED)
		return log_errno(errno, "reserve %zu bytes of addresses", region->len);
	region->addr = got;
	arena->next = (uintptr_t)got + region->len + ARENA_GAP;
	return 0;
}

/* The last page of the address space is never mapped: TASK_SIZE_MAX. */
static uintptr_t end_of_addresses(unsigned int bits)
{
	return (1ull << bits) - PAGE_BYTES;
}

/* How far below the end to search: the stack is there, too. */
#define TOP_REACH GiB(32)

static int reserve_top(struct region *region, unsigned int bits)
{
	uintptr_t end = end_of_addresses(bits);
	void *got = MAP_FAILED;

	for (uint64_t down = 0; down < TOP_REACH && got == MAP_FAILED; down += MiB(2))
		got = reserve_at(end - down - region->len, region->len);
	if (got == MAP_FAILED)
		return log_errno(errno, "reserve addresses of %u bits", bits);
	region->addr = got;
	return 0;
}

bool region_five_levels(void)
{
	void *got = reserve_at(end_of_addresses(56) - PAGE_BYTES, PAGE_BYTES);

	if (got == MAP_FAILED)
		return false;
	munmap(got, PAGE_BYTES);
	return true;
}

static void *map_at(struct region *region, int prot, int flags)
{
	return mmap(region->addr, region->len, prot, flags | MAP_FIXED, region->fd,
		    (off_t)region->file_offset);
}

static int log_map_failed(const struct region *region, int flags)
{
	const char *name = region_kind_names[region->kind];

	if (errno == ENOMEM && (flags & MAP_HUGETLB))
		return log_errno(ENOMEM,
				 "%zu bytes of %s memory: reserve huge pages in "
				 "/sys/kernel/mm/hugepages",
				 region->len, name);
	return log_errno(errno, "map %zu bytes of %s memory", region->len, name);
}

int region_map(struct region *region, bool read_only)
{
	const struct region_kind_ops *kind = region_kind_ops(region->kind);
	int flags = kind->map_flags | (region->unreserved ? MAP_NORESERVE : 0);
	int prot = read_only ? PROT_READ : PROT_READ | PROT_WRITE;
	void *addr = MAP_FAILED;

	if (region->dax && region->shared) {
		addr = map_at(region, prot, MAP_SHARED_VALIDATE | MAP_SYNC);
		region->map_sync = addr != MAP_FAILED;
	}
	if (addr == MAP_FAILED)
		addr = map_at(region, prot, flags);
	if (addr == MAP_FAILED)
		return log_map_failed(region, flags);
	if (kind->advice && madvise(addr, region->len, kind->advice))
		return log_errno(errno, "madvise of %zu bytes of %s memory", region->len,
				 region_kind_names[region->kind]);
	region->mapped = true;
	return 0;
}

int region_open(struct region *region, struct arena *arena,
		const struct region_spec *spec)
{
	const struct region_kind_ops *kind = region_kind_ops(spec->kind);
	int ret;

	*region = (struct region){
		.kind = spec->kind,
		.len = round_up(spec->len, kind->page_bytes),
		.page_bytes = kind->page_bytes,
		.fd = -1,
		.file_offset = spec->file_offset,
		.shared = kind->map_flags & MAP_SHARED,
		.evict_loses_data = kind->map_flags & MAP_PRIVATE,
		.unreserved = spec->unreserved,
	};
	if (kind->open) {
		ret = kind->open(region, spec);
		if (ret)
			goto err_close;
	}
	ret = spec->top_bits ? reserve_top(region, spec->top_bits) :
			       reserve(arena, region);
	if (ret)
		goto err_close;
	if (spec->hole)
		ret = munmap(region->addr, region->len) ? log_errno(errno, "munmap") : 0;
	else
		ret = region_map(region, spec->read_only);
	if (ret)
		goto err_close;
	return 0;

err_close:
	region_close(region);
	return ret;
}

void region_close(struct region *region)
{
	if (region->addr)
		munmap(region->addr, region->len);
	if (region->fd >= 0)
		close(region->fd);
	*region = (struct region){ .fd = -1 };
}

int region_read(const struct region *region, uint64_t offset, void *buf, size_t len)
{
	const struct region_kind_ops *kind = region_kind_ops(region->kind);
	unsigned char *in = buf;

	if (kind->read)
		return kind->read(region, offset, buf, len);
	if (region->fd < 0) {
		memcpy(buf, region->addr + offset, len);
		return 0;
	}
	while (len) {
		ssize_t n =
			pread(region->fd, in, len, (off_t)(region->file_offset + offset));

		if (n <= 0)
			return log_errno(n ? errno : ENODATA, "read the file at %llu",
					 (unsigned long long)offset);
		in += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

int region_write(struct region *region, uint64_t offset, const void *buf, size_t len)
{
	const struct region_kind_ops *kind = region_kind_ops(region->kind);
	const unsigned char *out = buf;

	if (kind->write)
		return kind->write(region, offset, buf, len);
	if (region->fd < 0) {
		memcpy(region->addr + offset, buf, len);
		return 0;
	}
	while (len) {
		ssize_t n = pwrite(region->fd, out, len,
				   (off_t)(region->file_offset + offset));

		if (n < 0)
			return log_errno(errno, "write the file at %llu",
					 (unsigned long long)offset);
		out += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}
