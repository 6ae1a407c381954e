// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* library.c - which file of a shared library this process uses */
#include "process/library.h"

#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct search {
	const char *name;
	char *file;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int compare(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct search *search = arg;
	char path[PATH_MAX];

	if (strncmp(last_part(info->dlpi_name), search->name, strlen(search->name)))
		return 0;
	snprintf(search->file, NAME_MAX + 1, "%s",
		 last_part(realpath(info->dlpi_name, path) ? path : info->dlpi_name));
	return 1;
}

const char *library_file(const char *name, char file[NAME_MAX + 1])
{
	struct search search = { name, file };

	return dl_iterate_phdr(compare, &search) ? file : NULL;
}
