// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* persist.c - what a power cut takes away, and what a READ has saved */
#include "cmocka_all.h"
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PMEM_AT 0x100000000ull

struct setup {
	struct guest *g;
	struct guest_pair pair;
	uint64_t local;
	uint32_t lkey, rkey;
	char path[32];
	uint8_t *pmem;
};

static int begin(void **state)
{
	static struct setup w;
	char files[sizeof(w.path) + 16];
	int fd;

	w = (struct setup){ .g = guest_new(SCHEME_MEMORY),
			    .path = "/tmp/emu-pmem-XXXXXX" };
	fd = mkstemp(w.path);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, PAGE), 0);
	/* one of several, not the first */
	snprintf(files, sizeof(files), "/dev/zero,%s", w.path);
	assert_int_equal(persist_init(&w.g->dev->persist, files), 0);
	assert_int_equal(dma_map(&w.g->dev->dma, PMEM_AT, PAGE, fd, 0, true), 0);
	w.pmem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	w.pair = (struct guest_pair){ .service = SERVICE_RC };
	guest_connect(w.g, &w.pair);
	w.local = guest_alloc(w.g, PAGE);
	w.lkey = guest_mkey(w.g, w.local, 1, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	w.rkey = guest_mkey(w.g, PMEM_AT, 1, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	*state = &w;
	return 0;
}

static int end(void **state)
{
	struct setup *w = *state;

	munmap(w->pmem, PAGE);
	unlink(w->path);
	guest_free(w->g);
	return 0;
}

static void transfer(struct setup *w, struct guest_qp *qp, enum opcode opcode,
		     uint32_t at, uint8_t fill)
{
	struct guest_work k = { .opcode = opcode,
				.local = w->local,
				.remote = PMEM_AT + at,
				.len = 64,
				.lkey = w->lkey,
				.rkey = w->rkey };

	memset(guest_at(w->g, w->local), fill, 64);
	guest_post(w->g, qp, &k);
	assert_int_equal(guest_completion(w->g), 0);
}

static void power_cut__loses_unflushed(void **state)
{
	struct setup *w = *state;

	transfer(w, &w->pair.a, OPCODE_WRITE, 0, 1);
	transfer(w, &w->pair.a, OPCODE_WRITE, 0, 2);
	assert_int_equal(w->pmem[0], 2); /* coherent at once */
	assert_int_equal(persist_power_cut(&w->g->dev->persist), 128);
	assert_int_equal(w->pmem[0], 0);
}

static void power_cut__after_read(void **state)
{
	struct setup *w = *state;

	transfer(w, &w->pair.a, OPCODE_WRITE, 0, 1);
	transfer(w, &w->pair.a, OPCODE_READ, 128, 0);
	transfer(w, &w->pair.a, OPCODE_WRITE, 0, 2);
	assert_int_equal(persist_power_cut(&w->g->dev->persist), 64);
	assert_int_equal(w->pmem[0], 1);
}

static void power_cut__after_read_of_another(void **state)
{
	struct setup *w = *state;

	transfer(w, &w->pair.a, OPCODE_WRITE, 0, 1);
	transfer(w, &w->pair.b, OPCODE_READ, 0, 0);
	assert_int_equal(persist_power_cut(&w->g->dev->persist), 64);
	assert_int_equal(w->pmem[0], 0);
}

/* Up to four files, all of which must be there */
static void files__opened(void **state)
{
	struct persist persist = { .log = TAILQ_HEAD_INITIALIZER(persist.log) };

	assert_int_equal(persist_init(&persist, NULL), 0);
	assert_int_equal(persist.n, 0);
	assert_int_equal(persist_power_cut(&persist), -ENOTSUP);
	assert_int_equal(persist_init(&persist, "/dev/zero,/nowhere/pmem"), -ENOENT);
	persist_free(&persist);
	assert_int_equal(
		persist_init(&persist, "/dev/zero,/dev/null,/dev/zero,/dev/null"), 0);
	assert_int_equal(persist.n, PERSIST_FILES);
	assert_int_equal(persist_power_cut(&persist), 0);
	persist_free(&persist);
	assert_int_equal(persist.n, 0);
	assert_int_equal(persist_init(&persist, "/dev/zero,/dev/zero,/dev/zero,/dev/zero,"
						"/dev/zero"),
			 -E2BIG);
	persist_free(&persist);
}

/* Two windows of one file, of which the second one shows its second page */
static void log__by_place_in_the_file(void **state)
{
	struct setup *w = *state;
	struct device *dev = w->g->dev;
	int fd = open(w->path, O_RDWR | O_CLOEXEC);
	uint8_t *second, was;

	assert_int_equal(ftruncate(fd, 2 * PAGE), 0);
	assert_int_equal(dma_map(&dev->dma, PMEM_AT + 8 * PAGE, PAGE, fd, PAGE, true), 0);
	second = dma_at(&dev->dma, PMEM_AT + 8 * PAGE, PAGE, true);
	second[10] = 0x11;
	second[PAGE - 1] = 0x22;
	persist_write(&dev->persist, &dev->dma, 1, second + 10, 1);
	persist_write(&dev->persist, &dev->dma, 1, second + PAGE - 1, 1);
	second[10] = 0x33;
	second[PAGE - 1] = 0x44;
	/* neither the guest's memory nor what lies after the window is the NVDIMM's */
	persist_write(&dev->persist, &dev->dma, 1, w->g->memory, 1);
	persist_write(&dev->persist, &dev->dma, 1, second + PAGE, 1);
	assert_int_equal(dev->persist.bytes, 2);
	assert_int_equal(persist_power_cut(&dev->persist), 2);
	assert_int_equal(dev->persist.bytes, 0);
	assert_int_equal(pread(fd, &was, 1, PAGE + 10), 1);
	assert_int_equal(was, 0x11);
	assert_int_equal(second[PAGE - 1], 0x22);
	close(fd);
}

/* A file of another name is none of the NVDIMM's, even where it is mapped. */
static void log__not_of_other_files(void **state)
{
	struct setup *w = *state;
	struct device *dev = w->g->dev;
	char path[] = "/tmp/emu-other-XXXXXX"; /* of the same filesystem */
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(ftruncate(fd, PAGE), 0);
	assert_int_equal(dma_map(&dev->dma, PMEM_AT + 8 * PAGE, PAGE, fd, 0, true), 0);
	persist_write(&dev->persist, &dev->dma, 1,
		      dma_at(&dev->dma, PMEM_AT + 8 * PAGE, 1, true), 1);
	assert_int_equal(dev->persist.bytes, 0);
	close(fd);
}

/* The first of the files, in the first of the windows */
static void log__of_the_first_file(void **state)
{
	struct setup *w = *state;
	struct persist persist = { .log = TAILQ_HEAD_INITIALIZER(persist.log) };
	int fd = open(w->path, O_RDWR | O_CLOEXEC);
	struct dma dma = { .n = 0 };

	assert_int_equal(persist_init(&persist, w->path), 0);
	assert_int_equal(dma_map(&dma, 0, PAGE, fd, 0, true), 0);
	persist_write(&persist, &dma, 1, dma_at(&dma, 0, 8, true), 8);
	assert_int_equal(persist.bytes, 8);
	dma_unmap_all(&dma);
	persist_free(&persist);
	close(fd);
}

/* It holds 64 MiB; the oldest entries make room for what comes. */
static void log__full(void **state)
{
	struct setup *w = *state;
	struct device *dev = w->g->dev;
	uint64_t half = 32u << 20;
	int fd = open(w->path, O_RDWR | O_CLOEXEC);
	const uint8_t *at;

	assert_int_equal(ftruncate(fd, (off_t)half), 0);
	assert_int_equal(dma_map(&dev->dma, PMEM_AT + half, half, fd, 0, true), 0);
	close(fd);
	at = dma_at(&dev->dma, PMEM_AT + half, half, false);
	persist_write(&dev->persist, &dev->dma, 1, at, half);
	persist_write(&dev->persist, &dev->dma, 2, at, half);
	assert_int_equal(dev->persist.bytes, 2 * half);
	assert_int_equal(dev->persist.evicted, 0);
	persist_write(&dev->persist, &dev->dma, 3, at, 1);
	assert_int_equal(dev->persist.bytes, half + 1);
	assert_int_equal(dev->persist.evicted, half);
	persist_flush(&dev->persist, 1); /* which is gone */
	assert_int_equal(dev->persist.bytes, half + 1);
	persist_flush(&dev->persist, 2);
	assert_int_equal(dev->persist.bytes, 1);
}

static void power_cut__cannot_write(void **state)
{
	struct setup *w = *state;
	struct persist *persist = &w->g->dev->persist;
	int fd = persist->files[1].fd, read_only = open(w->path, O_RDONLY | O_CLOEXEC);

	persist_write(persist, &w->g->dev->dma, 1,
		      dma_at(&w->g->dev->dma, PMEM_AT, 1, true), 1);
	assert_int_equal(dup3(read_only, fd, O_CLOEXEC), fd);
	assert_int_equal(persist_power_cut(persist), -EBADF);
	assert_int_equal(persist->bytes, 1);
	close(read_only);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(power_cut__loses_unflushed),	TEST(power_cut__after_read),
		TEST(power_cut__after_read_of_another), TEST(power_cut__cannot_write),
		TEST(log__by_place_in_the_file),	TEST(log__not_of_other_files),
		TEST(log__of_the_first_file),		TEST(log__full),
		cmocka_unit_test(files__opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
