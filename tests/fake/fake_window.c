// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_window.c - the memory windows of a fake side */
#include <errno.h>

#include "fake_device.h"
#include "rdma/window.h"

struct fake_window *fake_window_find(struct fake_side *side, uint32_t key)
{
	for (unsigned int i = 0; i < FAKE_WINDOWS; i++)
		if (key && side->windows[i].key == key)
			return &side->windows[i];
	return NULL;
}

/* A region of the same protection domain must hold all of a window. */
static bool fits(struct fake_side *side, const struct side_request *request)
{
	const struct fake_target *target = fake_target(side, request->target);
	uint64_t end;

	return target && !target->other_pd &&
	       !__builtin_add_overflow(request->offset, request->len, &end) &&
	       fake_device_in_mr(target, request->offset, request->len);
}

int fake_window(struct fake_side *side, const struct side_request *request,
		struct side_reply *reply)
{
	struct fake_window *window;

	if (request->kind == SIDE_WINDOW_BIND) {
		reply->completion.what = COMPLETED_BIND;
		if (!fits(side, request)) {
			reply->completion.status = OP_FLUSH_ERR;
			return 0;
		}
		window = &side->windows[side->bound % FAKE_WINDOWS];
		*window = (struct fake_window){
			.key = 0x9000u + ++side->bound,
			.target = request->target,
			.offset = request->offset,
			.len = request->len,
		};
		reply->number = window->key;
		return 0;
	}
	window = fake_window_find(side, request->key);
	if (!window)
		return -EINVAL;
	if (!sabotaged(side, WINDOW_STAYS_OPEN))
		window->key = 0;
	/* of type 1 by a bind to nothing */
	reply->completion.what = request->argument == WINDOW_TYPE_1 ?
					 COMPLETED_BIND :
					 COMPLETED_INVALIDATE;
	return 0;
}
