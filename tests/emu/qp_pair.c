// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp_pair.c - two connected queue pairs, and a region of memory at each end */
#include "qp_pair.h"

#include "cmocka_all.h"

#include <stdlib.h>

struct qp_pair *qp_pair_new(enum scheme scheme, struct guest_pair pair,
			    unsigned int local, unsigned int remote)
{
	struct qp_pair *l = calloc(1, sizeof(*l));

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

void qp_pair_free(struct qp_pair *l)
{
	guest_free(l->g);
	free(l);
}

int qp_pair_begin(void **state)
{
	*state = qp_pair_new(SCHEME_MEMORY,
			     (struct guest_pair){ .service = SERVICE_RC,
						  .rnr_retries = 7,
						  .retries = 1 },
			     MAPPED, MAPPED);
	return 0;
}

int qp_pair_end(void **state)
{
	qp_pair_free(*state);
	return 0;
}

struct guest_work qp_pair_work(const struct qp_pair *l, enum opcode opcode,
			       uint32_t offset, uint32_t len)
{
	return (struct guest_work){ .opcode = opcode,
				    .local = l->local + offset,
				    .remote = l->remote + offset,
				    .len = len,
				    .lkey = l->lkey,
				    .rkey = l->rkey,
				    .swap = 5 };
}

void qp_pair_post(struct qp_pair *l, enum opcode opcode, uint32_t offset, uint32_t len)
{
	struct guest_work k = qp_pair_work(l, opcode, offset, len);

	guest_post(l->g, &l->pair.a, &k);
}

unsigned int qp_pair_outcome(struct qp_pair *l, const struct guest_work *work)
{
	guest_post(l->g, &l->pair.a, work);
	return guest_completion(l->g);
}

void qp_pair_begin_write(const struct qp_pair *l, uint8_t *wqe, unsigned int units)
{
	field_set(wqe, ctrl_seg_opcode, OPCODE_WRITE);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_ds, units);
	field_set(wqe + 16, raddr_seg_raddr, l->remote);
	field_set(wqe + 16, raddr_seg_rkey, l->rkey);
}

void qp_pair_write(struct qp_pair *l, uint32_t offset, uint32_t len)
{
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, offset, len);

	assert_int_equal(qp_pair_outcome(l, &k), 0);
}

void qp_pair_map(struct qp_pair *l, uint32_t key, uint64_t addr, unsigned int flags)
{
	uint64_t values[PAGES];

	for (unsigned int i = 0; i < PAGES; i++)
		values[i] = flags ? (addr + (uint64_t)i * PAGE) | flags : 0;
	guest_update(l->g, &l->umr, key, 0, PAGES, values);
}

void qp_pair_resolve(struct qp_pair *l, uint32_t key, uint64_t addr)
{
	uint8_t eqe[64];

	assert_true(guest_event(l->g, &l->g->faults, eqe));
	qp_pair_map(l, key, addr, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	guest_resume(l->g, eqe, false);
}
