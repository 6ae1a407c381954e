// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * timer.c - deadlines fire in their order, whatever was armed, moved and cancelled before
 */
#include "cmocka_all.h"

#include "base/rand.h"
#include "base/util.h"
#include "device/timer.h"

#define MANY 300

static struct timer many[MANY];
static uint64_t last_due;
static unsigned int fired;

static void fire(struct device *dev, struct timer *timer)
{
	assert_true(timer->due >= last_due);
	assert_int_equal(timer->place, 0);
	last_due = timer->due;
	fired++;
}

static uint64_t first_due(void)
{
	uint64_t first = UINT64_MAX;

	for (unsigned int i = 0; i < MANY; i++)
		if (many[i].place && many[i].due < first)
			first = many[i].due;
	return first;
}

static void timers__in_order(void **state)
{
	struct rand r = { .state = 1 };
	struct timers timers = { 0 };
	unsigned int armed = 0;

	assert_int_equal(timers_next(&timers), UINT64_MAX);
	for (unsigned int i = 0; i < MANY; i++) {
		many[i].fire = fire;
		assert_int_equal(timer_arm(&timers, &many[i], 10 + rand_below(&r, 1000)),
				 0);
		assert_int_equal(timers_next(&timers), first_due());
	}
	for (unsigned int i = 0; i < MANY; i++) {
		struct timer *timer = &many[rand_below(&r, MANY)];

		if (rand_below(&r, 3))
			assert_int_equal(
				timer_arm(&timers, timer, 10 + rand_below(&r, 1000)), 0);
		else
			timer_cancel(&timers, timer);
		assert_int_equal(timers_next(&timers), first_due());
	}
	for (unsigned int i = 0; i < MANY; i++)
		armed += many[i].place != 0;
	assert_in_range(armed, MANY / 2, MANY - 1);
	timers_run(&timers, NULL, 9);
	assert_int_equal(fired, 0);
	for (uint64_t now = 10; now < 1010; now++) {
		timers_run(&timers, NULL, now);
		assert_true(timers_next(&timers) > now);
	}
	assert_int_equal(fired, armed);
	timers_free(&timers);
}

static void rearm(struct device *dev, struct timer *timer)
{
	if (++fired < 3)
		assert_int_equal(timer_arm((struct timers *)dev, timer, timer->due + 1),
				 0);
}

/* A timer may arm itself again; it fires at once if that is due too. */
static void timers__rearmed(void **state)
{
	struct timers timers = { 0 };
	struct timer timer = { .fire = rearm };

	fired = 0;
	assert_int_equal(timer_arm(&timers, &timer, 5), 0);
	timers_run(&timers, (struct device *)&timers, 6);
	assert_int_equal(fired, 2);
	assert_int_equal(timers_next(&timers), 7);
	timer_cancel(&timers, &timer);
	timer_cancel(&timers, &timer);
	assert_int_equal(timers_next(&timers), UINT64_MAX);
	timers_free(&timers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers__in_order),
		cmocka_unit_test(timers__rearmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
