// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* injected.c - two regions and a connected pair, on a device that misbehaves */
#include "injected.h"

#include "base/clock.h"
#include "cmocka_all.h"

#include <stdlib.h>

struct injected *injected_new(const char *injection, unsigned int local,
			      unsigned int remote)
{
	struct injected *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->g = guest_new(SCHEME_MEMORY);
	w->pair = (struct guest_pair){ .service = SERVICE_RC, .rnr_retries = 7 };
	guest_connect(w->g, &w->pair);
	guest_umr_qp(w->g, &w->umr);
	w->local = guest_alloc(w->g, BYTES);
	w->remote = guest_alloc(w->g, BYTES + PAGE);
	w->lkey = guest_mkey(w->g, w->local, PAGES, RIGHTS_ALL, local);
	w->rkey = guest_mkey(w->g, w->remote, PAGES, RIGHTS_ALL, remote);
	w->from = guest_at(w->g, w->local);
	w->to = guest_at(w->g, w->remote);
	for (unsigned int i = 0; i < BYTES; i++)
		w->from[i] = (uint8_t)(1 + i / PAGE);
	assert_int_equal(inject_on(&w->g->dev->inject, injection), 0);
	return w;
}

struct injected *injected_mapped(const char *injection)
{
	return injected_new(injection, MTT_READ | MTT_WRITE, MTT_READ | MTT_WRITE);
}

void injected_free(struct injected *w)
{
	uint64_t hits = 0;

	for (unsigned int i = 0; i < INJECT_COUNT; i++)
		hits += w->g->dev->inject.rules[i].hits;
	assert_true(hits > 0);
	guest_free(w->g);
	free(w);
}

void injected_post(struct injected *w, enum opcode opcode, uint32_t offset, uint32_t len)
{
	struct guest_work k = { .opcode = opcode,
				.local = w->local + offset,
				.remote = w->remote + offset,
				.len = len,
				.lkey = w->lkey,
				.rkey = w->rkey,
				.swap = 5 };

	guest_post(w->g, &w->pair.a, &k);
}

void injected_write(struct injected *w, uint32_t offset, uint32_t len)
{
	injected_post(w, OPCODE_WRITE, offset, len);
	assert_int_equal(guest_completion(w->g), 0);
}

void injected_map(struct injected *w, uint32_t key, uint64_t addr, unsigned int flags)
{
	uint64_t values[PAGES];

	for (unsigned int i = 0; i < PAGES; i++)
		values[i] = flags ? (addr + (uint64_t)i * PAGE) | flags : 0;
	guest_update(w->g, &w->umr, key, 0, PAGES, values);
}

void injected_resolve(struct injected *w, uint32_t key, uint64_t addr)
{
	uint8_t eqe[64];

	assert_true(guest_event(w->g, &w->g->faults, eqe));
	injected_map(w, key, addr, MTT_READ | MTT_WRITE);
	assert_int_equal(guest_completion(w->g), 0);
	guest_resume(w->g, eqe, false);
}

void injected_wait(struct injected *w)
{
	clock_sleep_ns(2 * LATE_DELAY_NS);
	guest_run(w->g);
}
