// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vm_sysctl.c - settings of the host's memory management that scenarios change */
#include "invalidation/vm_sysctl.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/log.h"

static const char *const paths[SETTINGS] = {
	[SETTING_KSM_RUN] = "/sys/kernel/mm/ksm/run",
	[SETTING_KSM_PAGES] = "/sys/kernel/mm/ksm/pages_to_scan",
	[SETTING_KSM_SLEEP_MS] = "/sys/kernel/mm/ksm/sleep_millisecs",
	[SETTING_COMPACT_LOCKED] = "/proc/sys/vm/compact_unevictable_allowed",
};

void vm_sysctl_save(struct vm_sysctl *saved)
{
	for (unsigned int i = 0; i < SETTINGS; i++)
		saved->known[i] = !file_read_number(paths[i], &saved->value[i]);
}

void vm_sysctl_restore(const struct vm_sysctl *saved)
{
	struct vm_sysctl now;

	vm_sysctl_save(&now);
	for (unsigned int i = 0; i < SETTINGS; i++)
		if (saved->known[i] && now.known[i] && now.value[i] != saved->value[i])
			setting_change((enum setting)i, saved->value[i]);
}

int setting_change(enum setting setting, uint64_t value)
{
	char text[24];
	int ret;

	snprintf(text, sizeof(text), "%" PRIu64, value);
	ret = file_write(paths[setting], text);
	return ret ? log_errno(ret, "%s", paths[setting]) : 0;
}
