/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * vm_sysctl.h - saves, changes and restores settings of the kernel's memory management
 *
 * They apply to the whole host. The process that runs scenarios saves them before and
 * restores them after all scenarios, also if a scenario that changed them crashed.
 */
#ifndef ODPLAB_INVALIDATION_VM_SYSCTL_H
#define ODPLAB_INVALIDATION_VM_SYSCTL_H

#include <stdbool.h>
#include <stdint.h>

enum sysctl {
#define SYSCTL(name, path) SYSCTL_##name,
#include "invalidation/vm_sysctls.def"
#undef SYSCTL
	SYSCTLS
};

/* A number, or "Y" or "N", as the kernel writes it. */
#define SYSCTL_TEXT 24

struct vm_sysctl {
	char value[SYSCTLS][SYSCTL_TEXT]; /* "": it could not be read */
};

/* Saves the current values. */
void vm_sysctl_save(struct vm_sysctl *saved);

/* Restores those that differ. */
void vm_sysctl_restore(const struct vm_sysctl *saved);

/*
 * Keeps what was saved in a file under /run, until vm_sysctl_forget() of the same
 * process. vm_sysctl_tidy() restores what processes kept that were killed meanwhile, and
 * returns how many these were. Without the rights to write there none of them does
 * anything.
 */
void vm_sysctl_keep(const struct vm_sysctl *saved);
void vm_sysctl_forget(void);
unsigned int vm_sysctl_tidy(void);

/* "/sys/kernel/mm/ksm/run" */
const char *vm_sysctl_path(enum sysctl sysctl);

/* Returns 0 or -errno after one line. */
int vm_sysctl_write(enum sysctl sysctl, uint64_t value);

#endif
