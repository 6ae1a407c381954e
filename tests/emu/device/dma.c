// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * dma.c - windows of the guest's memory: what may be mapped, and what an access reaches
 */
#include "cmocka_all.h"

#include "device/dma.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE 0x2000u

static uint8_t memory[4 * SIZE];

/* Windows at 0x10000 and 0x20000 */
static void map_two(struct dma *dma)
{
	*dma = (struct dma){ .n = 0 };
	assert_int_equal(dma_map_host(dma, 0x10000, SIZE, memory), 0);
	assert_int_equal(dma_map_host(dma, 0x20000, SIZE, memory + SIZE), 0);
}

static void window__overlap(void **state)
{
	struct dma dma;

	map_two(&dma);
	assert_int_equal(dma_map_host(&dma, 0x10000, SIZE, memory), -EEXIST);
	assert_int_equal(dma_map_host(&dma, 0x10000 + SIZE - 1, 1, memory), -EEXIST);
	assert_int_equal(dma_map_host(&dma, 0xf000, 0x1001, memory), -EEXIST);
	assert_int_equal(dma_map_host(&dma, 0xf000, 0x20000, memory), -EEXIST);
	assert_int_equal(dma_map_host(&dma, 0x10000 + SIZE, 1, memory), 0);
	assert_int_equal(dma_map_host(&dma, 0xf000, 0x1000, memory), 0);
	assert_int_equal(dma_map_host(&dma, 0x30000, 0, memory), -EINVAL);
	assert_int_equal(dma_map_host(&dma, -4096ull, 8192, memory), -EINVAL);
	assert_int_equal(dma.n, 4);
	dma_unmap_all(&dma);
}

static void window__too_many(void **state)
{
	struct dma dma = { .n = 0 };

	for (unsigned int i = 0; i < DMA_WINDOWS; i++)
		assert_int_equal(dma_map_host(&dma, (uint64_t)i * SIZE, SIZE, memory), 0);
	assert_int_equal(dma_map_host(&dma, (uint64_t)DMA_WINDOWS * SIZE, SIZE, memory),
			 -ENOSPC);
	dma_unmap_all(&dma);
}

static void file__too_many(void **state)
{
	struct dma dma = { .n = 0 };

	for (unsigned int i = 0; i <= DMA_FILES; i++) {
		int fd = memfd_create("window", MFD_CLOEXEC);

		assert_int_equal(ftruncate(fd, SIZE), 0);
		assert_int_equal(dma_map(&dma, i * SIZE, SIZE, fd, 0, true),
				 i < DMA_FILES ? 0 : -EMFILE);
		close(fd);
	}
	assert_int_equal(dma.n, DMA_FILES);
	dma_unmap_all(&dma);
}

static void access__within_window(void **state)
{
	struct dma dma;
	uint8_t *host = NULL;

	map_two(&dma);
	assert_ptr_equal(dma_at(&dma, 0x10000, SIZE, true), memory);
	assert_ptr_equal(dma_at(&dma, 0x20000 + 5, SIZE - 5, true), memory + SIZE + 5);
	assert_null(dma_at(&dma, 0x20000 + 5, SIZE - 4, true));
	assert_null(dma_at(&dma, 0x20000 + SIZE, 1, true));
	assert_null(dma_at(&dma, 0xffff, 2, true));
	assert_null(dma_at(&dma, 0x10000, 0, true));
	assert_int_equal(dma_span(&dma, 0x10000 + SIZE - 8, 100, false, &host), 8);
	assert_ptr_equal(host, memory + SIZE - 8);
	assert_int_equal(dma_span(&dma, 0x10000, 100, false, &host), 100);
	assert_int_equal(dma_span(&dma, 0, 100, false, &host), 0);
	assert_null(dma_window(&dma, 0x10000 + SIZE));
	assert_null(dma_window(&dma, 0x10000 - 1));
	dma_window(&dma, 0x20000)->writable = false;
	assert_null(dma_at(&dma, 0x20000, 1, true));
	assert_non_null(dma_at(&dma, 0x20000, 1, false));
	dma.refused = 0;
	dma_window(&dma, 0x20000)->host = NULL;
	assert_null(dma_at(&dma, 0x20000, 1, false));
	assert_non_null(dma_window(&dma, 0x20000));
	assert_null(dma_at(&dma, 0x50000, 1, false));
	assert_int_equal(dma.refused, 2);
	dma_unmap_all(&dma);
}

/* A range may hold no window, and must cut none. */
static void unmap__within_range(void **state)
{
	struct dma dma;

	map_two(&dma);
	assert_int_equal(dma_unmap(&dma, 0x10000, SIZE - 1), -EINVAL);
	assert_int_equal(dma_unmap(&dma, 0x10001, SIZE), -EINVAL);
	assert_int_equal(dma_unmap(&dma, 0xf000, SIZE), -EINVAL);
	assert_int_equal(dma_unmap(&dma, 0x10000, 0), -EINVAL);
	assert_int_equal(dma_unmap(&dma, 0x30000, -0x20000ull), -EINVAL);
	assert_int_equal(dma_unmap(&dma, 0x30000, SIZE), 0);
	assert_int_equal(dma.n, 2);
	assert_int_equal(dma_unmap(&dma, 0x10000, SIZE), 0);
	assert_null(dma_window(&dma, 0x10000));
	assert_non_null(dma_window(&dma, 0x20000 + SIZE - 1));
	assert_int_equal(dma_map_host(&dma, 0x10000, SIZE, memory), 0);
	assert_int_equal(dma_unmap(&dma, 0, 0x20000 + SIZE), 0);
	assert_int_equal(dma.n, 0);
	assert_int_equal(dma.most, 2);
	assert_int_equal(dma.maps, 3);
	assert_int_equal(dma.unmaps, 3);
	/* the last byte that there is */
	assert_int_equal(dma_map_host(&dma, -2ull * SIZE, SIZE, memory), 0);
	assert_int_equal(dma_unmap(&dma, -2ull * SIZE, 2 * SIZE), 0);
	assert_int_equal(dma.n, 0);
}

static void window__the_lowest_of_a_range(void **state)
{
	struct dma dma = { .n = 0 };

	for (unsigned int i = 0; i < 100; i++)
		assert_int_equal(dma_map_host(&dma, 0x10000 + (i * 37 % 100) * 2 * SIZE,
					      SIZE, memory),
				 0);
	assert_int_equal(dma_first(&dma, 0, UINT64_MAX)->addr, 0x10000);
	assert_int_equal(dma_first(&dma, 0x10001, 8 * SIZE)->addr, 0x10000);
	assert_int_equal(dma_first(&dma, 0x10000 + SIZE, 8 * SIZE)->addr,
			 0x10000 + 2 * SIZE);
	assert_null(dma_first(&dma, 0x10000 + SIZE, SIZE));
	assert_null(dma_first(&dma, 0x10000, 0));
	dma_unmap_all(&dma);
	assert_int_equal(dma.n, 0);
}

/* What was accessed last is found first, but not any more when it is gone. */
static void unmap__what_was_accessed_last(void **state)
{
	struct dma dma;

	map_two(&dma);
	assert_non_null(dma_window(&dma, 0x20000));
	assert_ptr_equal(dma_at(&dma, 0x10000, 1, false), memory);
	assert_non_null(dma_window(&dma, 0x20000));
	assert_int_equal(dma_unmap(&dma, 0x20000, SIZE), 0);
	assert_null(dma_window(&dma, 0x20000));
	assert_ptr_equal(dma_at(&dma, 0x10000, 1, false), memory);
	/* nor is it in the way of another */
	assert_int_equal(dma_map_host(&dma, 0x20000, SIZE, memory), 0);
	dma_unmap_all(&dma);
}

/* Memory without a file is known, but out of the device's reach. */
static void map__without_file(void **state)
{
	struct dma dma = { .n = 0 };

	assert_int_equal(dma_map(&dma, 0x10000, SIZE, -1, 0, true), 0);
	assert_non_null(dma_window(&dma, 0x10000));
	assert_null(dma_at(&dma, 0x10000, 1, false));
	assert_int_equal(dma_map(&dma, 0x10000, SIZE, -1, 0, true), -EEXIST);
	assert_int_equal(dma_unmap(&dma, 0x10000, SIZE), 0);
}

/*
 * Only regular files can be mapped. The window knows its file, and takes its mapping
 * along.
 */
static void map__of_a_file(void **state)
{
	int fd = memfd_create("window", MFD_CLOEXEC), zero = open("/dev/zero", O_RDWR);
	struct dma dma = { .n = 0 };
	unsigned char resident[SIZE / 4096];
	const struct dma_window *w;
	struct stat st;
	void *host;

	assert_int_equal(ftruncate(fd, 2 * SIZE), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(dma_map(&dma, 0x10000, SIZE, zero, 0, true), -ENXIO);
	assert_int_equal(dma_map(&dma, 0x10000, SIZE, fd, SIZE, true), 0);
	w = dma_window(&dma, 0x10000);
	host = w->host;
	assert_ptr_equal(w->file, dma_file(&dma, host));
	assert_int_equal(w->file->device, st.st_dev);
	assert_int_equal(w->file->inode, st.st_ino);
	assert_ptr_equal(host, w->file->host + SIZE);
	assert_null(dma_file(&dma, w->file->host + 2 * SIZE));
	assert_null(dma_file(&dma, memory));
	/* another window in it is in the same mapping, which goes with the last */
	assert_int_equal(dma_map(&dma, 0x20000, SIZE, fd, 0, false), 0);
	assert_ptr_equal(dma_window(&dma, 0x20000)->host, (uint8_t *)host - SIZE);
	assert_int_equal(dma_unmap(&dma, 0x10000, SIZE), 0);
	assert_int_equal(mincore(host, SIZE, resident), 0);
	dma_unmap_all(&dma);
	assert_int_equal(mincore(host, SIZE, resident), -1);
	assert_null(dma_file(&dma, host));
	/* 0 is a file like any other */
	assert_int_equal(dup2(fd, 0), 0);
	assert_int_equal(dma_map(&dma, 0x10000, SIZE, 0, 0, true), 0);
	assert_non_null(dma_at(&dma, 0x10000, 1, true));
	dma_unmap_all(&dma);
	assert_int_equal(dup2(zero, 0), 0);
	close(zero);
	close(fd);
}

static void file__offset_and_rights(void **state)
{
	int fd = memfd_create("window", MFD_CLOEXEC), read_only;
	struct dma dma = { .n = 0 };
	char path[64];

	memset(memory, 0, sizeof(memory));
	memory[SIZE] = 0xab;
	assert_int_equal(write(fd, memory, 2 * SIZE), 2 * SIZE);
	assert_int_equal(dma_map(&dma, 0, SIZE, fd, SIZE, true), 0);
	assert_int_equal(*(uint8_t *)dma_at(&dma, 0, 1, false), 0xab);
	*(uint8_t *)dma_at(&dma, 1, 1, true) = 0xcd;
	assert_int_equal(pread(fd, memory, 1, SIZE + 1), 1);
	assert_int_equal(memory[0], 0xcd);
	assert_int_equal(dma_map(&dma, 0x10000, SIZE, fd, SIZE, false), 0);
	assert_null(dma_at(&dma, 0x10000, 1, true));
	assert_int_equal(dma_map(&dma, 0x20000, SIZE, fd, 1, true), -EINVAL);
	assert_int_equal(dma_map(&dma, 0x20000, SIZE, fd, -4096ull, true), -EINVAL);
	assert_int_equal(dma_map(&dma, 0x20000, SIZE, fd, 0x3000, true), -ENXIO);
	assert_int_equal(dma_map(&dma, 0x20000, SIZE, 1000, 0, true), -EBADF);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_only = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(dma_map(&dma, 0x20000, SIZE, read_only, 0, true), -EACCES);
	assert_int_equal(dma_map(&dma, 0x20000, SIZE, read_only, 0, false), 0);
	assert_int_equal(dma.n, 3);
	dma_unmap_all(&dma);
	assert_int_equal(dma.n, 0);
	/* mapped by the file that can be read only, then by the other */
	assert_int_equal(dma_map(&dma, 0x20000, SIZE, read_only, 0, false), 0);
	assert_int_equal(dma_map(&dma, 0x30000, SIZE, fd, 0, true), 0);
	*(uint8_t *)dma_at(&dma, 0x30000, 1, true) = 0x77;
	assert_int_equal(*(uint8_t *)dma_at(&dma, 0x20000, 1, false), 0x77);
	dma_unmap_all(&dma);
	close(read_only);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window__overlap),
		cmocka_unit_test(window__too_many),
		cmocka_unit_test(access__within_window),
		cmocka_unit_test(unmap__within_range),
		cmocka_unit_test(unmap__what_was_accessed_last),
		cmocka_unit_test(map__without_file),
		cmocka_unit_test(map__of_a_file),
		cmocka_unit_test(window__the_lowest_of_a_range),
		cmocka_unit_test(file__offset_and_rights),
		cmocka_unit_test(file__too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
