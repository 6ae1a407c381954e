// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* file.c - reads and writes small files whole: sysfs, procfs, tracefs, results */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/units.h"

int file_read(const char *path, char *text, size_t size)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, text + used, size - used)) > 0) {
		used += (size_t)n;
		if (used == size)
			return -EFBIG;
	}
	if (n < 0)
		return -errno;
	if (used && text[used - 1] == '\n')
		used--;
	text[used] = '\0';
	return 0;
}

/* The whole file, or, where reading it does not wait, what there is. */
static int read_text(const char *path, int flags, char **text)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	_cleanup_free_ char *buf = NULL;
	size_t used = 0, size = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	do {
		if (size - used < 2) {
			char *more = realloc(buf, size = size ? 2 * size : 4096);

			if (!more)
				return -ENOMEM;
			buf = more;
		}
		n = read(fd, buf + used, size - used - 1);
		if (n < 0 && !(flags && errno == EAGAIN))
			return -errno;
		used += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	buf[used] = '\0';
	*text = buf;
	buf = NULL;
	return 0;
}

int file_read_all(const char *path, char **text)
{
	return read_text(path, 0, text);
}

int file_drain(const char *path, char **text)
{
	return read_text(path, O_NONBLOCK, text);
}

int file_read_number(const char *path, uint64_t *value)
{
	char text[32];
	int ret;

	ret = file_read(path, text, sizeof(text));
	return ret ? ret : units_parse_number(text, value);
}

/* The text after "@key:" at the beginning of a line or after a blank, or NULL. */
static const char *find_value(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = strstr(text, key); at; at = strstr(at + 1, key))
		if ((at == text || at[-1] == '\n' || at[-1] == ' ') && at[len] == ':')
			return at + len + 1;
	return NULL;
}

int file_read_kib(const char *path, const char *key, uint64_t *bytes)
{
	_cleanup_free_ char *text = NULL;
	const char *value;
	int ret;

	ret = file_read_all(path, &text);
	if (ret)
		return ret;
	value = find_value(text, key);
	if (!value || sscanf(value, "%" SCNu64, bytes) != 1)
		return -ENODATA;
	*bytes *= 1024;
	return 0;
}

static int write_once(const char *path, const char *text, int flags)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CLOEXEC | flags);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

int file_write(const char *path, const char *text)
{
	return write_once(path, text, O_TRUNC);
}

int file_append(const char *path, const char *text)
{
	return write_once(path, text, O_APPEND);
}

static int write_fully(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return fsync(fd) ? -errno : 0;
}

/* Syncs the name, as fsync() of the file has synced the data. */
static int sync_folder_of(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	_cleanup_fd_ int fd = -1;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* EINVAL: the filesystem does not sync folders */
	return fsync(fd) && errno != EINVAL ? -errno : 0;
}

int file_replace(const char *path, const char *text, size_t len)
{
	char temporary[PATH_MAX];
	int fd, ret;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >=
	    (int)sizeof(temporary))
		return -ENAMETOOLONG;
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	ret = write_fully(fd, text, len);
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(temporary, path))
		ret = -errno;
	if (ret) {
		unlink(temporary);
		return ret;
	}
	return sync_folder_of(path);
}
