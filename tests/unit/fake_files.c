// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_files.c - small files of the kernel, in memory */
#include "fake_files.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES 20

static struct {
	char path[128], text[256];
	int error;
} files[FILES];
static unsigned int n_files, writes;

void fake_files_reset(void)
{
	n_files = writes = 0;
}

static unsigned int find(const char *path)
{
	unsigned int i = 0;

	while (i < n_files && strcmp(files[i].path, path))
		i++;
	return i;
}

void fake_file(const char *path, const char *text, int error)
{
	unsigned int i = find(path);

	if (i == FILES)
		abort();
	snprintf(files[i].path, sizeof(files[i].path), "%s", path);
	snprintf(files[i].text, sizeof(files[i].text), "%s", text);
	files[i].error = error;
	n_files += i == n_files;
}

const char *fake_file_text(const char *path)
{
	unsigned int i = find(path);

	return i < n_files ? files[i].text : "";
}

unsigned int fake_files_writes(void)
{
	return writes;
}

int __wrap_file_read(const char *path, char *text, size_t size);
int __wrap_file_read(const char *path, char *text, size_t size)
{
	unsigned int i = find(path);

	if (i == n_files)
		return -ENOENT;
	snprintf(text, size, "%s", files[i].text);
	return 0;
}

int __wrap_file_read_number(const char *path, uint64_t *value);
int __wrap_file_read_number(const char *path, uint64_t *value)
{
	unsigned int i = find(path);

	if (i == n_files)
		return -ENOENT;
	*value = strtoull(files[i].text, NULL, 0);
	return 0;
}

int __wrap_file_write(const char *path, const char *text);
int __wrap_file_write(const char *path, const char *text)
{
	unsigned int i = find(path);

	writes++;
	if (i == n_files)
		return -ENOENT;
	if (files[i].error)
		return -files[i].error;
	snprintf(files[i].text, sizeof(files[i].text), "%s", text);
	return 0;
}
