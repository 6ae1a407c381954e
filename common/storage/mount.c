// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mount.c - where a file's filesystem is mounted, and how */
#include "storage/mount.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

/* Copies a field; blanks, tabs, newlines and backslashes in it are written as \ooo. */
static void copy_unescaped(char *out, size_t size, const char *in)
{
	char *end = out + size - 1;
	unsigned int code;

	while (*in && out < end) {
		if (*in == '\\' && sscanf(in + 1, "%3o", &code) == 1 && code < 256) {
			*out++ = (char)code;
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
}

/*
 * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 * (1)(2)(3)   (4)   (5)      (6)      (7)   (8) (9)   (10)         (11)
 * as proc_pid_mountinfo(5) numbers them: (7) are any number of fields, (8) ends them.
 */
int mount_parse(const char *line, struct mount *mount)
{
	_cleanup_free_ char *copy = strdup(line);
	char *fields[6], *type, *source, *super, *rest = copy;
	const char *field;

	if (!copy)
		return -ENOMEM;
	for (size_t i = 0; i < 6; i++)
		fields[i] = strsep(&rest, " ");
	do
		field = strsep(&rest, " ");
	while (field && strcmp(field, "-"));
	type = strsep(&rest, " ");
	source = strsep(&rest, " ");
	super = strsep(&rest, " \n");
	if (!super || sscanf(fields[0], "%u", &mount->id) != 1)
		return -EINVAL;
	copy_unescaped(mount->point, sizeof(mount->point), fields[4]);
	copy_unescaped(mount->type, sizeof(mount->type), type);
	copy_unescaped(mount->source, sizeof(mount->source), source);
	if (!strncmp(super, "rw", 2))
		super += super[2] == ',' ? 3 : 2;
	snprintf(mount->options, sizeof(mount->options), "%s%s%s", fields[5],
		 *super ? "," : "", super);
	return 0;
}

/* From fdinfo (Linux 3.15); statx() has it since 5.8 only. */
static int mount_id(int fd, unsigned int *id)
{
	_cleanup_free_ char *info = NULL;
	char path[64];
	const char *line;
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	ret = file_read_all(path, &info);
	if (ret)
		return ret;
	line = strstr(info, "mnt_id:");
	return line && sscanf(line, "mnt_id: %u", id) == 1 ? 0 : -ENODATA;
}

int mount_for_each(bool (*each)(const struct mount *mount, void *data), void *data)
{
	_cleanup_free_ char *mounts = NULL;
	struct mount mount;
	int ret;

	ret = file_read_all("/proc/self/mountinfo", &mounts);
	if (ret)
		return ret;
	for (char *rest = mounts, *line; (line = strsep(&rest, "\n"));)
		if (!mount_parse(line, &mount) && each(&mount, data))
			break;
	return 0;
}

struct find_mount {
	unsigned int id;
	struct mount *mount;
	bool found;
};

static bool has_id(const struct mount *mount, void *data)
{
	struct find_mount *find = data;

	find->found = mount->id == find->id;
	if (find->found)
		*find->mount = *mount;
	return find->found;
}

int mount_of(int fd, struct mount *mount)
{
	struct find_mount find = { .mount = mount };
	int ret;

	ret = mount_id(fd, &find.id);
	if (!ret)
		ret = mount_for_each(has_id, &find);
	return ret || find.found ? ret : -ENOENT;
}

bool mount_has_option(const struct mount *mount, const char *option)
{
	size_t len = strlen(option);

	for (const char *at = mount->options; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, option, len) && (at[len] == ',' || !at[len]))
			return true;
	}
	return false;
}
