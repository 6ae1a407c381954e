// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * vm_sysctl_state.c - saved settings on disk, for where the process that saved them is
 * killed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "invalidation/vm_sysctl.h"
#include "process/orphan.h"

/* Emptied at each boot, as are the settings. */
#define STATE "/run/odplab-sysctl-"

static void state_path(char path[64])
{
	snprintf(path, 64, STATE "%d", (int)getpid());
}

void vm_sysctl_keep(const struct vm_sysctl *saved)
{
	char path[64], text[2048] = "";
	size_t len = 0;
	int ret;

	for (unsigned int i = 0; i < SYSCTLS; i++)
		if (saved->value[i][0])
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s %s\n",
						vm_sysctl_path((enum sysctl)i),
						saved->value[i]);
	state_path(path);
	ret = file_replace(path, text, len);
	if (ret) /* a process that may not write here may not change the settings either */
		log_debug("%s: %s", path, strerror(-ret));
}

void vm_sysctl_forget(void)
{
	char path[64];

	state_path(path);
	unlink(path);
}

static void take_line(struct vm_sysctl *saved, const char *line)
{
	char path[128], value[SYSCTL_TEXT];

	if (sscanf(line, "%127[^ \n]%*1[ ]%23[^ \n]", path, value) != 2)
		return;
	for (unsigned int i = 0; i < SYSCTLS; i++)
		if (!strcmp(path, vm_sysctl_path((enum sysctl)i)))
			memcpy(saved->value[i], value, SYSCTL_TEXT);
}

static void restore_state(const char *path)
{
	_cleanup_free_ char *text = NULL;
	struct vm_sysctl saved = { 0 };

	if (file_read_all(path, &text))
		return;
	for (const char *line = text; *line; line += strcspn(line, "\n")) {
		line += *line == '\n';
		take_line(&saved, line);
	}
	vm_sysctl_restore(&saved);
	unlink(path);
}

unsigned int vm_sysctl_tidy(void)
{
	return orphans_remove(STATE "*", restore_state);
}
