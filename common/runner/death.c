// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* death.c - why the process of a scenario ended without a verdict */
#include "runner/death.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/file.h"

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

void death_judge(struct outcome *outcome, int status, uint64_t oom_kills)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	/* the signal alone does not show it */
	bool by_the_host = number == SIGKILL && death_oom_kills() > oom_kills;
	char why[256];

	if (number)
		snprintf(why, sizeof(why), "crashed: %s%s", strsignal(number),
			 by_the_host ?
				 ": by the OOM killer; end other programs, or raise "
				 "the limit of the control group" :
				 "");
	else
		snprintf(why, sizeof(why), "ended without a verdict, exit status %d",
			 WEXITSTATUS(status));
	outcome_set(outcome, by_the_host ? VERDICT_ERROR : VERDICT_FAIL, why);
}
