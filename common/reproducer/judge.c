// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* judge.c - would the program find wrong what was recorded? */
#include <errno.h>

#include "reproducer/program.h"

static bool message_is_wrong(const struct record_entry *e)
{
	const struct rdma_completion *got = &e->completion, *due = &e->due;

	return got->bytes != due->bytes || got->has_immediate != due->has_immediate ||
	       got->invalidated != due->invalidated ||
	       ((due->has_immediate || due->invalidated) &&
		got->immediate != due->immediate);
}

/* Does the program end with 77 where the request returns that? */
static bool is_lack(enum request_kind kind, int ret)
{
	switch (kind) {
	case SIDE_TARGET_CHECK_MAPPING:
	case SIDE_TARGET_CHECK_FILE:
	case SIDE_TARGET_CHECK_EITHER:
	case SIDE_CHILD_CHECK:
		return ret != -EBADMSG;
	case SIDE_TARGET_OPEN:
	case SIDE_TARGET_REGISTER:
	case SIDE_TARGET_REREGISTER:
	case SIDE_TARGET_ADVISE:
		return ret == -ENOMEM || ret == -EOPNOTSUPP;
	default:
		return true;
	}
}

bool entry_is_wrong(const struct record_entry *e)
{
	if (e->ret_judged && e->ret != e->ret_due && !is_lack(e->request.kind, e->ret))
		return true;
	if (e->number_judged && e->number != e->number_due)
		return true;
	/* the program takes no wait that ends without one */
	if (e->status_judged && e->completion.status != e->due.status)
		return true;
	return e->message_judged && message_is_wrong(e);
}
