// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* persist.c - what a power cut takes away, and what a READ has saved */
#include "cmocka_all.h"
#include "guest.h"

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(power_cut__loses_unflushed),
		TEST(power_cut__after_read),
		TEST(power_cut__after_read_of_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
