// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_pipe.c - what the process of a scenario reports through its pipe */
#include "runner/report_pipe.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/units.h"
#include "base/util.h"
#include "process/signals.h"

/* A signal may come between the look for it and the wait. */
#define SIGNAL_NS (NSEC_PER_SEC / 10)

static const char *string_of(struct json_object *object, const char *name)
{
	const char *text = json_object_get_string(json_object_object_get(object, name));

	return text ? text : "";
}

static void take_verdict(struct outcome *outcome, struct json_object *line)
{
	const char *name = string_of(line, "verdict");

	outcome_set(outcome, VERDICT_FAIL, "ended with a verdict that does not exist");
	for (unsigned int v = 0; v < VERDICTS; v++)
		if (!strcmp(name, verdict_name((enum verdict)v)))
			outcome_set(outcome, (enum verdict)v, string_of(line, "why"));
}

/* One JSON line of the scenario: see test.h. Returns whether it is the verdict. */
static bool take_line(struct outcome *outcome, const char *text)
{
	struct json_object *line = json_tokener_parse(text), *part;
	bool verdict;

	if (!line)
		return false;
	if (json_object_object_get_ex(line, "step", NULL)) {
		snprintf(outcome->step, sizeof(outcome->step), "%s",
			 string_of(line, "step"));
		snprintf(outcome->file, sizeof(outcome->file), "%s",
			 string_of(line, "file"));
		outcome->line = json_object_get_int(json_object_object_get(line, "line"));
	}
	if (json_object_object_get_ex(line, "watch", &part))
		json_object_array_add(outcome->watches, json_object_get(part));
	if (json_object_object_get_ex(line, "note", &part))
		json_object_array_add(outcome->notes, json_object_get(part));
	if (json_object_object_get_ex(line, "column", &part))
		json_object_array_add(outcome->columns, json_object_get(part));
	if (json_object_object_get_ex(line, "reproducer", NULL))
		outcome->reproducer = strdup(string_of(line, "reproducer"));
	if (json_object_object_get_ex(line, "no_reproducer", NULL))
		outcome->no_reproducer = strdup(string_of(line, "no_reproducer"));
	verdict = json_object_object_get_ex(line, "verdict", NULL);
	if (verdict)
		take_verdict(outcome, line);
	json_object_put(line);
	return verdict;
}

/* Far more than any scenario reports. */
#define LINE_MAX_BYTES	 MiB(1)
#define REPORT_MAX_BYTES MiB(16)

/*
 * Waits until there is something to read. Returns 0, -ETIMEDOUT, or -EINTR: the run is to
 * end.
 */
static int wait_readable(int fd, struct deadline *deadline)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	for (;;) {
		size_t wait;

		if (signals_noted())
			return -EINTR;
		if (deadline_passed(deadline))
			return -ETIMEDOUT;
		wait = size_min(deadline_left(deadline), SIGNAL_NS);
		if (poll(&poll_fd, 1, (int)(wait / NSEC_PER_MSEC) + 1) > 0)
			return 0;
	}
}

int report_pipe_read(int fd, struct deadline *deadline, struct outcome *outcome)
{
	_cleanup_free_ char *buf = malloc(LINE_MAX_BYTES);
	size_t used = 0, total = 0;
	int ret = buf ? 0 : -ENOMEM;

	while (!ret) {
		char *line = buf, *newline;
		ssize_t n;

		if (used == LINE_MAX_BYTES || total > REPORT_MAX_BYTES)
			return -EMSGSIZE;
		ret = wait_readable(fd, deadline);
		if (ret)
			return ret;
		n = read(fd, buf + used, LINE_MAX_BYTES - used);
		if (n <= 0)
			return -EPIPE;
		used += (size_t)n;
		total += (size_t)n;
		while ((newline = memchr(line, '\n', used))) {
			*newline++ = '\0';
			if (take_line(outcome, line))
				return 0;
			used -= (size_t)(newline - line);
			line = newline;
		}
		memmove(buf, line, used);
	}
	return ret;
}
