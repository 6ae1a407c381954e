/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * ksm.h - the kernel's merging of pages of equal content
 *
 * Documentation/admin-guide/mm/ksm.rst. The settings are the host's: whoever starts it
 * puts them back.
 */
#ifndef ODPLAB_MEM_KSM_H
#define ODPLAB_MEM_KSM_H

#include <stdbool.h>
#include <stdint.h>

enum ksm_setting { KSM_RUN, KSM_PAGES_TO_SCAN, KSM_SLEEP_MS, KSM_SETTINGS };

struct ksm {
	uint64_t value[KSM_SETTINGS];
	bool known; /* they could be read */
};

/* What the settings are now. */
void ksm_save(struct ksm *ksm);

/* Puts back what differs; nothing where they could not be read. */
void ksm_restore(const struct ksm *ksm);

/* Has it scan at once, and fast. Returns 0 or -errno after one line. */
int ksm_start(void);

/*
 * How many pages of this process are merged: Linux 5.19. Returns 0 or -errno after one
 * line.
 */
int ksm_merged(uint64_t *pages);

#endif
