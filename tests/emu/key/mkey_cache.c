// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mkey_cache.c - translations that the device keeps: what it uses, and what an update
 * drops
 */
#include "cmocka_all.h"
#include "injected_pair.h"

/* Changes a translation of the remote region where the device does not see it. */
static void set_quietly(struct qp_pair *l, unsigned int index, uint64_t entry)
{
	store_be64(mkey_find(l->g->dev, l->rkey)->translations + index * 8, entry);
}

static void update(struct qp_pair *l, unsigned int first, unsigned int n, uint64_t entry)
{
	uint64_t values[PAGES] = { 0 };

	for (unsigned int i = 0; i < n; i++)
		values[i] = entry;
	guest_update(l->g, &l->umr, l->rkey, first, n, values);
	assert_int_equal(guest_completion(l->g), 0);
}

static bool faults(struct qp_pair *l, unsigned int page)
{
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, page * PAGE, 8);
	if (!guest_event(l->g, &l->g->faults, eqe)) {
		assert_int_equal(guest_completion(l->g), 0);
		return false;
	}
	guest_resume(l->g, eqe, true);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	guest_connect(l->g, &l->pair);
	return true;
}

/* Its neighbour was read ahead: the device does not look at the table again. */
static void cache__reads_ahead(void **state)
{
	struct qp_pair *l =
		behaving_pair_new(SCHEME_MEMORY, "translation-cached", MAPPED, MAPPED);

	assert_false(faults(l, 0));
	set_quietly(l, 1, 0);
	assert_false(faults(l, 1));
	assert_int_equal(l->to[PAGE], l->from[PAGE]);
	/* without the behaviour nothing is kept */
	assert_int_equal(rules_off(&l->g->dev->behave, "all"), 0);
	assert_true(faults(l, 1));
	injected_pair_free(l);
}

/*
 * A page that is missing is looked up again each time, as the driver may have mapped it.
 */
static void cache__keeps_no_missing_page(void **state)
{
	struct qp_pair *l =
		behaving_pair_new(SCHEME_MEMORY, "translation-cached", MAPPED, 0);

	assert_true(faults(l, 0));
	set_quietly(l, 0, l->remote | MAPPED);
	assert_false(faults(l, 0));
	injected_pair_free(l);
}

/* An update drops what it changes, all of it and nothing else. */
static void update__drops(void **state)
{
	struct qp_pair *l =
		behaving_pair_new(SCHEME_MEMORY, "translation-cached", MAPPED, MAPPED);

	assert_false(faults(l, 0));
	set_quietly(l, 0, 0);
	update(l, 2, 2, 0);
	assert_true(faults(l, 2));
	assert_true(faults(l, 3));
	assert_false(faults(l, 0));
	injected_pair_free(l);
}

/*
 * By the injection the first page's entry goes and the second one's stays, until it is
 * off.
 */
static void injection__translation_kept(void **state)
{
	struct qp_pair *l = injected_pair_mapped("translation-kept");

	assert_false(faults(l, 0));
	update(l, 0, PAGES, 0);
	assert_true(faults(l, 0));
	assert_false(faults(l, 1));
	assert_false(faults(l, 3));
	assert_int_equal(l->to[PAGE], l->from[PAGE]);
	assert_int_equal(rules_off(&l->g->dev->inject, "all"), 0);
	assert_int_equal(rules_on(&l->g->dev->behave, "translation-cached"), 0);
	assert_true(faults(l, 1));
	injected_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cache__reads_ahead),
		cmocka_unit_test(cache__keeps_no_missing_page),
		cmocka_unit_test(update__drops),
		cmocka_unit_test(injection__translation_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
