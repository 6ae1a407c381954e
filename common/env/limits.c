// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * limits.c - resource limits of this process that would fail scenarios in the place of
 * the device
 */
#include "env/limits.h"

#include <errno.h>
#include <sys/resource.h>

#include "base/log.h"
#include "base/units.h"
#include "base/util.h"

static const struct {
	int resource;
	rlim_t least;
	const char *name, *option; /* of ulimit */
} rows[] = {
	/* two sides with a device, queue pairs, files and witnesses each */
	{ RLIMIT_NOFILE, 256, "open files", "-n" },
	{ RLIMIT_STACK, MiB(1), "bytes of stack", "-s" },
	/* the largest region has 64 GiB, and is mapped twice; sanitizers need more */
	{ RLIMIT_AS, GiB(256), "bytes of address space", "-v" },
};

int limits_raise(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)rows[i].resource, &limit) ||
		    limit.rlim_cur >= rows[i].least)
			continue;
		if (limit.rlim_max < rows[i].least) {
			log_error(
				"%llu %s are allowed to a process, and %llu are needed; "
				"raise the limit (ulimit -H %s)",
				(unsigned long long)limit.rlim_max, rows[i].name,
				(unsigned long long)rows[i].least, rows[i].option);
			return -ENOSR;
		}
		limit.rlim_cur = rows[i].least;
		setrlimit((__rlimit_resource_t)rows[i].resource, &limit);
	}
	return 0;
}
