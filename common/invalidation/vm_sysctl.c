// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vm_sysctl.c - saves, changes and restores settings of the kernel's memory management */
#include "invalidation/vm_sysctl.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/log.h"

static const char *const paths[SYSCTLS] = {
	[SYSCTL_KSM_RUN] = "/sys/kernel/mm/ksm/run",
	[SYSCTL_KSM_PAGES] = "/sys/kernel/mm/ksm/pages_to_scan",
	[SYSCTL_KSM_SLEEP_MS] = "/sys/kernel/mm/ksm/sleep_millisecs",
	[SYSCTL_COMPACT_LOCKED] = "/proc/sys/vm/compact_unevictable_allowed",
};

void vm_sysctl_save(struct vm_sysctl *saved)
{
	for (unsigned int i = 0; i < SYSCTLS; i++)
		saved->known[i] = !file_read_number(paths[i], &saved->value[i]);
}

void vm_sysctl_restore(const struct vm_sysctl *saved)
{
	struct vm_sysctl now;

	vm_sysctl_save(&now);
	for (unsigned int i = 0; i < SYSCTLS; i++)
		if (saved->known[i] && now.known[i] && now.value[i] != saved->value[i])
			vm_sysctl_write((enum sysctl)i, saved->value[i]);
}

const char *vm_sysctl_path(enum sysctl sysctl)
{
	return paths[sysctl];
}

int vm_sysctl_write(enum sysctl sysctl, uint64_t value)
{
	char text[24];
	int ret;

	snprintf(text, sizeof(text), "%" PRIu64, value);
	ret = file_write(paths[sysctl], text);
	return ret ? log_errno(ret, "%s", paths[sysctl]) : 0;
}
