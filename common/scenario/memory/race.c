// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* race.c - words that hold a race of the kernel open */
#include "scenario/memory/race.h"

#include <errno.h>
#include <inttypes.h>

#include "base/clock.h"
#include "kernel/place.h"
#include "testcase/expect.h"
#include "testcase/test.h"

void(hold_race)(struct test *t, struct target *target, enum kernel_race race)
{
	const struct race_row *row = &race_rows[race];
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_RACE_HOLD, .argument = race);

	if (ret == -ENOENT || ret == -ESRCH || ret == -E2BIG)
		test_skip(t, "%s: the kernel %s: %s", row->name, kernel_place_error(ret),
			  row->place);
	if (ret)
		test_fail_errno(t, ret, "hold the race %s open", row->name);
}

#define PAUSE_NS (20 * NSEC_PER_SEC)
#define LOOK_NS	 (100 * NSEC_PER_MSEC)

void(await_pause)(struct test *t, struct target *target, uint64_t n)
{
	struct deadline deadline = deadline_for(t, PAUSE_NS);

	while (ASK(t, target->side, "look for a pause", SIDE_RACE_PAUSES).number < n) {
		if (deadline_passed(&deadline))
			test_fail(t, "no processor came to where the race is");
		clock_sleep_ns(LOOK_NS);
	}
}

void(release_race)(struct test *t, struct target *target)
{
	uint64_t pauses =
		ASK(t, target->side, "release the race", SIDE_RACE_RELEASE).number;

	test_note(t, "processors have paused %" PRIu64 " times", pauses);
	if (!pauses)
		test_unproven(t, "no processor has paused where the race is");
}
