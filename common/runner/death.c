// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* death.c - why the process of a scenario ended without a verdict */
#include "runner/death.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "env/shortage.h"

uint64_t death_oom_kills(void)
{
	static const char key[] = "\noom_kill ";
	_cleanup_free_ char *text = NULL;
	const char *line;

	if (file_read_all("/proc/vmstat", &text))
		return 0;
	line = strstr(text, key);
	return line ? strtoull(line + strlen(key), NULL, 10) : 0;
}

/* Did the host end it? The signal alone does not show it. */
static bool by_the_host(const struct env *env, int number, uint64_t oom_kills,
			char lack[SHORTAGE_TEXT])
{
	switch (number) {
	case SIGKILL:
		snprintf(lack, SHORTAGE_TEXT,
			 "by the OOM killer; end other programs, or raise memory.max of "
			 "the control group");
		return death_oom_kills() > oom_kills;
	case SIGBUS:
		return shortage_of(env, ENOSPC, 0, lack);
	default:
		return false;
	}
}

void death_judge(struct outcome *outcome, const struct env *env, int status,
		 uint64_t oom_kills)
{
	char lack[SHORTAGE_TEXT], why[128 + SHORTAGE_TEXT];
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	bool lacks = by_the_host(env, number, oom_kills, lack);

	if (number)
		snprintf(why, sizeof(why), "crashed: %s%s%s", strsignal(number),
			 lacks ? ": " : "", lacks ? lack : "");
	else
		snprintf(why, sizeof(why), "ended without a verdict, exit status %d",
			 WEXITSTATUS(status));
	outcome_set(outcome, lacks ? VERDICT_ERROR : VERDICT_FAIL, why);
}
