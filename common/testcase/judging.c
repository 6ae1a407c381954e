// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* judging.c - several judgements of one outcome, all of which are made */
#include "testcase/judging.h"

#include <stdio.h>
#include <string.h>

#include "testcase/test.h"

static void judge_rest(struct test *t)
{
	struct judging *judging = &t->judging;

	while (judging->next < judging->n)
		judging->judge(t, judging->next++, judging->data);
}

void test_judge_all(struct test *t, unsigned int n, judge_fn *judge, void *data)
{
	t->judging = (struct judging){ .judge = judge, .data = data, .n = n };
	judge_rest(t);
	t->judging.n = 0;
}

/* The innermost of those that fail ends the process: none returns. */
const char *judging_complete(struct test *t, const char *why)
{
	char *all = t->judging.why;
	size_t used = strlen(all);

	if (!t->judging.n)
		return why;
	if (!used) {
		t->judging.step = t->step;
		t->judging.file = t->file;
		t->judging.line = t->line;
	}
	snprintf(all + used, sizeof(t->judging.why) - used, "%s%s: %s", used ? "; " : "",
		 t->step, why);
	judge_rest(t);
	test_at(t, t->judging.file, t->judging.line, t->judging.step);
	return all;
}
