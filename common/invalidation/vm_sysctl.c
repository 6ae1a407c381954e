// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vm_sysctl.c - saves, changes and restores settings of the kernel's memory management */
#include "invalidation/vm_sysctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"

static const char *const paths[SYSCTLS] = {
#define SYSCTL(name, path) [SYSCTL_##name] = path,
#include "invalidation/vm_sysctls.def"
#undef SYSCTL
};

static int write_text(enum sysctl sysctl, const char *text)
{
	int ret = file_write(paths[sysctl], text);

	return ret ? log_errno(ret, "%s", paths[sysctl]) : 0;
}

void vm_sysctl_save(struct vm_sysctl *saved)
{
	for (unsigned int i = 0; i < SYSCTLS; i++)
		if (file_read(paths[i], saved->value[i], SYSCTL_TEXT))
			saved->value[i][0] = '\0';
}

void vm_sysctl_restore(const struct vm_sysctl *saved)
{
	struct vm_sysctl now;

	vm_sysctl_save(&now);
	for (unsigned int i = 0; i < SYSCTLS; i++)
		if (saved->value[i][0] && now.value[i][0] &&
		    strcmp(now.value[i], saved->value[i]) != 0)
			write_text((enum sysctl)i, saved->value[i]);
}

const char *vm_sysctl_path(enum sysctl sysctl)
{
	return paths[sysctl];
}

int vm_sysctl_write(enum sysctl sysctl, uint64_t value)
{
	char text[SYSCTL_TEXT];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return write_text(sysctl, text);
}
