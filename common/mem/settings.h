/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * settings.h - settings of the host's memory management that scenarios change
 *
 * They are everybody's: who runs scenarios notes them before, and puts them back when all
 * are done, whatever became of those that changed them.
 */
#ifndef ODPLAB_MEM_SETTINGS_H
#define ODPLAB_MEM_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

enum setting {
	SETTING_KSM_RUN, /* Documentation/admin-guide/mm/ksm.rst */
	SETTING_KSM_PAGES,
	SETTING_KSM_SLEEP_MS,
	SETTING_COMPACT_LOCKED, /* Documentation/admin-guide/sysctl/vm.rst */
	SETTINGS
};

struct settings {
	uint64_t value[SETTINGS];
	bool known[SETTINGS]; /* it could be read */
};

/* What they are now. */
void settings_save(struct settings *saved);

/* Puts back what differs. */
void settings_restore(const struct settings *saved);

/* Returns 0 or -errno after one line. */
int setting_change(enum setting setting, uint64_t value);

#endif
