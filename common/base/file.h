/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * file.h - reads and writes small files whole: sysfs, procfs, tracefs, results
 *
 * None of these logs, as a missing kernel interface often is not an error.
 */
#ifndef ODPLAB_BASE_FILE_H
#define ODPLAB_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads the file, without its last newline, into @text. Returns 0 or -errno: -EFBIG where
 * it does not fit with a terminating 0.
 */
int file_read(const char *path, char *text, size_t size);

/* Reads the whole file into *text, which the caller frees. Returns 0 or -errno. */
int file_read_all(const char *path, char **text);

/* Likewise what a pipe or trace_pipe holds now, without waiting for more. */
int file_drain(const char *path, char **text);

/* Reads a decimal or 0x number. Returns 0, -errno or -EINVAL. */
int file_read_number(const char *path, uint64_t *value);

/*
 * The figure of the line "@key:  123 kB" of the file, as /proc/meminfo has them, in
 * bytes. Returns 0 or -errno: -ENODATA where there is no such line.
 */
int file_read_kib(const char *path, const char *key, uint64_t *bytes);

/* Writes @text in one write() to an existing file, as sysfs and tracefs want it. */
int file_write(const char *path, const char *text);
int file_append(const char *path, const char *text);

/*
 * Creates or replaces the file, whole and on disk, or not at all. Returns 0 or -errno.
 * The new file is in place even if the last step fails, which syncs the folder.
 */
int file_replace(const char *path, const char *text, size_t len);

#endif
