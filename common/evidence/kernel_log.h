/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* kernel_log.h - the kernel log while scenarios run, from /dev/kmsg */
#ifndef ODPLAB_EVIDENCE_KERNEL_LOG_H
#define ODPLAB_EVIDENCE_KERNEL_LOG_H

#include <stddef.h>

struct kernel_log {
	int fd;		  /* -1: not readable */
	char detail[128]; /* its source, or why it cannot be read and the remedy */
};

/* Starts at the log's end. A log that cannot be read is no error: see .detail. */
void kernel_log_open(struct kernel_log *log);
void kernel_log_close(struct kernel_log *log);

/* Writes a line of ours into the kernel's log, for the reader of the whole. */
void kernel_log_mark(const struct kernel_log *log, const char *text);

/*
 * The kernel gives some warnings once after a boot (WARN_ON_ONCE()): lets it give them
 * again, so that a scenario before does not take them from the next one. Only where
 * debugfs is writable.
 */
void kernel_log_warn_again(const struct kernel_log *log);

/*
 * All lines since the last call, each ended by a newline; the caller frees it. NULL: not
 * readable.
 */
char *kernel_log_take(struct kernel_log *log);

/*
 * The first line of @lines that reports a kernel bug (a warning, an oops, a lockup, a
 * sanitizer's report), or an access of a device that an IOMMU stopped, copied to
 * @complaint; of a page in a bad state with its flags. Returns whether there is one.
 */
int kernel_log_complaint(const char *lines, char *complaint, size_t size);

#endif
