// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * injected_pair.c - a pair of queue pairs on a device that does what a row of rules asks
 */
#include "injected_pair.h"

#include "transfer/delayed_dma.h"

#include "base/clock.h"
#include "cmocka_all.h"

struct qp_pair *injected_pair_new(const char *injection, unsigned int local,
				  unsigned int remote)
{
	struct qp_pair *l = qp_pair_new(SCHEME_MEMORY,
					(struct guest_pair){ .service = SERVICE_RC,
							     .rnr_retries = 7 },
					local, remote);

	assert_int_equal(rules_on(&l->g->dev->inject, injection), 0);
	return l;
}

struct qp_pair *injected_pair_mapped(const char *injection)
{
	return injected_pair_new(injection, MAPPED, MAPPED);
}

struct qp_pair *behaving_pair_new(enum scheme scheme, const char *behaviour,
				  unsigned int local, unsigned int remote)
{
	struct qp_pair *l = qp_pair_new(
		scheme, (struct guest_pair){ .service = SERVICE_RC, .rnr_retries = 7 },
		local, remote);

	assert_int_equal(rules_on(&l->g->dev->behave, behaviour), 0);
	return l;
}

void injected_pair_free(struct qp_pair *l)
{
	uint64_t hits = 0;

	for (unsigned int i = 0; i < RULES_MAX; i++)
		hits += l->g->dev->inject.rules[i].hits + l->g->dev->behave.rules[i].hits;
	assert_true(hits > 0);
	qp_pair_free(l);
}

void injected_pair_wait(struct qp_pair *l)
{
	clock_sleep_ns(2 * DMA_DELAY_NS);
	guest_run(l->g);
}
