// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lane.c - two connected queue pairs, and a region of memory at each end */
#include "lane.h"

#include "cmocka_all.h"

#include <stdlib.h>

struct lane *lane_new(enum scheme scheme, struct guest_pair pair, unsigned int local,
		      unsigned int remote)
{
	struct lane *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	l->g = guest_new(scheme);
	l->pair = pair;
	guest_connect(l->g, &l->pair);
	guest_umr_qp(l->g, &l->umr);
	l->local = guest_alloc(l->g, BYTES);
	l->remote = guest_alloc(l->g, BYTES + PAGE);
	l->lkey = guest_mkey(l->g, l->local, PAGES, RIGHTS_ALL, local);
	l->rkey = guest_mkey(l->g, l->remote, PAGES, RIGHTS_ALL, remote);
	l->from = guest_at(l->g, l->local);
	l->to = guest_at(l->g, l->remote);
	/* neighbours differ, and so do pages; none is zero */
	for (unsigned int i = 0; i < BYTES; i++)
		l->from[i] = (uint8_t)(1 + (i % PAGE + i / PAGE) % 255);
	return l;
}

void lane_free(struct lane *l)
{
	guest_free(l->g);
	free(l);
}

int lane_begin(void **state)
{
	*state = lane_new(SCHEME_MEMORY,
			  (struct guest_pair){
				  .service = SERVICE_RC, .rnr_retries = 7, .retries = 1 },
			  MAPPED, MAPPED);
	return 0;
}

int lane_end(void **state)
{
	lane_free(*state);
	return 0;
}

struct guest_work lane_work(const struct lane *l, enum opcode opcode, uint32_t offset,
			    uint32_t len)
{
	return (struct guest_work){ .opcode = opcode,
				    .local = l->local + offset,
				    .remote = l->remote + offset,
				    .len = len,
				    .lkey = l->lkey,
				    .rkey = l->rkey,
				    .swap = 5 };
}

void lane_post(struct lane *l, enum opcode opcode, uint32_t offset, uint32_t len)
{
	struct guest_work k = lane_work(l, opcode, offset, len);

	guest_post(l->g, &l->pair.a, &k);
}

unsigned int lane_outcome(struct lane *l, const struct guest_work *work)
{
	guest_post(l->g, &l->pair.a, work);
	return guest_completion(l->g);
}

void lane_write(struct lane *l, uint32_t offset, uint32_t len)
{
	struct guest_work k = lane_work(l, OPCODE_WRITE, offset, len);

	assert_int_equal(lane_outcome(l, &k), 0);
}

void lane_map(struct lane *l, uint32_t key, uint64_t addr, unsigned int flags)
{
	uint64_t values[PAGES];

	for (unsigned int i = 0; i < PAGES; i++)
		values[i] = flags ? (addr + (uint64_t)i * PAGE) | flags : 0;
	guest_update(l->g, &l->umr, key, 0, PAGES, values);
}

void lane_resolve(struct lane *l, uint32_t key, uint64_t addr)
{
	uint8_t eqe[64];

	assert_true(guest_event(l->g, &l->g->faults, eqe));
	lane_map(l, key, addr, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	guest_resume(l->g, eqe, false);
}
