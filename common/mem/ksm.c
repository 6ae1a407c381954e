// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ksm.c - the kernel's merging of pages of equal content */
#include "mem/ksm.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/log.h"

static const struct {
	const char *path;
	uint64_t fast;
} table[KSM_SETTINGS] = {
	[KSM_RUN] = { "/sys/kernel/mm/ksm/run", 1 },
	[KSM_PAGES_TO_SCAN] = { "/sys/kernel/mm/ksm/pages_to_scan", 1000 },
	[KSM_SLEEP_MS] = { "/sys/kernel/mm/ksm/sleep_millisecs", 10 },
};

static int set(enum ksm_setting setting, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return file_write(table[setting].path, text);
}

void ksm_save(struct ksm *ksm)
{
	*ksm = (struct ksm){ .known = true };
	for (unsigned int i = 0; i < KSM_SETTINGS && ksm->known; i++)
		ksm->known = !file_read_number(table[i].path, &ksm->value[i]);
}

void ksm_restore(const struct ksm *ksm)
{
	struct ksm now;

	ksm_save(&now);
	for (unsigned int i = 0; i < KSM_SETTINGS && ksm->known && now.known; i++)
		if (now.value[i] != ksm->value[i])
			set((enum ksm_setting)i, ksm->value[i]);
}

int ksm_start(void)
{
	for (unsigned int i = 0; i < KSM_SETTINGS; i++) {
		int ret = set((enum ksm_setting)i, table[i].fast);

		if (ret)
			return log_errno(ret, "%s", table[i].path);
	}
	return 0;
}

int ksm_merged(uint64_t *pages)
{
	int ret = file_read_number("/proc/self/ksm_merging_pages", pages);

	return ret ? log_errno(ret, "/proc/self/ksm_merging_pages") : 0;
}
