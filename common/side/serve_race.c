// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_race.c - races of the side's kernel that are held open */
#include <errno.h>

#include "kernel/race.h"
#include "side/local_internal.h"

int serve_race_hold(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	if (request->argument >= KERNEL_RACES)
		return -EINVAL;
	side->race_held = true;
	return race_hold(&race_rows[request->argument]);
}

int serve_race_pauses(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	int64_t pauses = race_pauses();

	if (pauses < 0)
		return (int)pauses;
	reply->number = (uint64_t)pauses;
	return 0;
}

int serve_race_release(struct local_side *side, struct local_target *target,
		       const struct side_request *request, struct side_reply *reply)
{
	int64_t pauses = race_release();

	side->race_held = false;
	if (pauses < 0)
		return (int)pauses;
	reply->number = (uint64_t)pauses;
	return 0;
}
