/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * file.h - small files whole: sysfs, procfs and tracefs in, results out
 *
 * None of these logs: a missing kernel interface is often no error.
 */
#ifndef ODPLAB_BASE_FILE_H
#define ODPLAB_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads the file, without its last newline, into @text. Returns 0 or -errno (-EFBIG
 * unless all of it, and a 0, fit).
 */
int file_read(const char *path, char *text, size_t size);

/* Reads the whole file into *text, which the caller frees. Returns 0 or -errno. */
int file_read_all(const char *path, char **text);

/* Reads a decimal or 0x number. Returns 0, -errno or -EINVAL. */
int file_read_number(const char *path, uint64_t *value);

/* Writes @text in one write() to an existing file, as sysfs and tracefs want it. */
int file_write(const char *path, const char *text);
int file_append(const char *path, const char *text);

/*
 * Creates or replaces the file, whole and on disk, or not at all. Returns 0 or -errno;
 * where only the last step fails, to sync the folder, the new file is there already.
 */
int file_replace(const char *path, const char *text, size_t len);

#endif
