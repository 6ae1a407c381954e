/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * memory.h - what the tests of memory need: regions, and eyes on them; include it after
 * cmocka.h
 */
#ifndef ODPLAB_TESTS_MEMORY_H
#define ODPLAB_TESTS_MEMORY_H

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"
#include "capture.h"
#include "region/region.h"
#include "region/residency.h"

/* The kinds that need neither privilege nor special memory. */
static const enum region_kind plain_kinds[] = { REGION_ANON, REGION_THP, REGION_MEMFD,
						REGION_TMPFS, REGION_FILE };

/* Where regions of REGION_FILE are made; other kinds have no use for it. */
#define PLACE "/tmp"

static inline struct region open_kind(struct arena *arena, enum region_kind kind,
				      size_t len)
{
	struct region_spec spec = { .kind = kind,
				    .len = len,
				    .path = kind == REGION_FILE ? PLACE : NULL };
	struct region region;

	assert_int_equal(region_open(&region, arena, &spec), 0);
	return region;
}

static inline uint64_t resident(const struct region *region, uint64_t offset, size_t len)
{
	uint64_t pages;

	assert_int_equal(residency_count(region->addr + offset, len, &pages, NULL), 0);
	return pages;
}

/*
 * Could the CPU read, write the byte? Asked of the kernel, which takes no signal for it.
 */
static inline bool readable(const void *byte)
{
	int fd = memfd_create("eye", MFD_CLOEXEC);
	bool yes = write(fd, byte, 1) == 1;

	close(fd);
	return yes;
}

static inline bool writable(void *byte)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	bool yes = read(fd, byte, 1) == 1;

	close(fd);
	return yes;
}

static inline bool all_bytes(const unsigned char *bytes, unsigned char value, size_t len)
{
	while (len && *bytes == value) {
		bytes++;
		len--;
	}
	return !len;
}

/* One line was logged, and it says all of this. */
static inline void one_line(const char *text, const char *part, const char *other)
{
	size_t len = strlen(text);

	if (!len || strchr(text, '\n') != text + len - 1 || !strstr(text, part) ||
	    !strstr(text, other))
		fail_msg("expected one line with \"%s\" and \"%s\", got: %s", part, other,
			 text);
}

#endif
