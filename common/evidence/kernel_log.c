// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* kernel_log.c - the kernel log while scenarios run, from /dev/kmsg */
#include "evidence/kernel_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/util.h"

#define KMSG "/dev/kmsg"

void kernel_log_open(struct kernel_log *log)
{
	log->fd = open(KMSG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log->fd >= 0) {
		lseek(log->fd, 0, SEEK_END);
		snprintf(log->detail, sizeof(log->detail), KMSG);
		return;
	}
	snprintf(log->detail, sizeof(log->detail), KMSG ": %s%s", strerror(errno),
		 errno == EPERM || errno == EACCES ?
			 "; run as root, or set kernel.dmesg_restrict=0" :
			 "");
}

void kernel_log_close(struct kernel_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

/*
 * Of what one open file writes, the kernel takes ten lines in five seconds
 * (kernel/printk/printk.c devkmsg_write()), so that each mark has a file of its own.
 */
void kernel_log_mark(const struct kernel_log *log, const char *text)
{
	int fd = log->fd >= 0 ? open(KMSG, O_WRONLY | O_CLOEXEC) : -1;
	char line[256];
	int len;

	if (fd < 0)
		return;
	/*
	 * one write is one line; dprintf() of glibc before 2.37 seeks first, which fails
	 */
	len = snprintf(line, sizeof(line), "<6>odplab: %s\n", text);
	if (write(fd, line, size_min((size_t)len, sizeof(line) - 1)) < 0)
		log_debug("the kernel log cannot be written to: %s", strerror(errno));
	close(fd);
}

/* "6,1234,5678901,-;text\n key=value\n": the text, until the first newline. */
static void take_record(FILE *out, char *record)
{
	char *text = strchr(record, ';');
	unsigned long long us = 0;

	if (!text)
		return;
	*text++ = '\0';
	text[strcspn(text, "\n")] = '\0';
	sscanf(record, "%*[^,],%*[^,],%llu", &us);
	fprintf(out, "[%5llu.%06llu] %s\n", us / 1000000, us % 1000000, text);
}

/* kernel/panic.c clear_warn_once_set() */
#define WARN_AGAIN "/sys/kernel/debug/clear_warn_once"

void kernel_log_warn_again(const struct kernel_log *log)
{
	int ret = log->fd >= 0 ? file_write(WARN_AGAIN, "1") : -EBADF;

	if (ret)
		log_debug("%s: %s", WARN_AGAIN, strerror(-ret));
}

char *kernel_log_take(struct kernel_log *log)
{
	char record[8192], *text = NULL;
	size_t size;
	FILE *out;
	ssize_t n;

	if (log->fd < 0)
		return NULL;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	for (;;) {
		n = read(log->fd, record, sizeof(record) - 1);
		if (n < 0 && errno == EPIPE) {
			fprintf(out, "[ lines lost ]\n");
			continue;
		}
		if (n <= 0)
			break;
		record[n] = '\0';
		take_record(out, record);
	}
	fclose(out);
	return text;
}

/* The line after the next one has the flags of a bad page (mm/debug.c dump_page()). */
static void add_flags(const char *report, char *complaint, size_t size)
{
	const char *flags = strstr(report, "BUG: Bad page state");
	size_t n = strlen(complaint);

	if (!flags || flags >= report + strcspn(report, "\n"))
		return;
	flags = strstr(flags, " flags: ");
	if (flags)
		snprintf(complaint + n, size - n, ";%.*s", (int)strcspn(flags, "\n"),
			 flags);
}

int kernel_log_complaint(const char *lines, char *complaint, size_t size)
{
	static const char *const words[] = {
		"WARNING: ",
		"BUG: ",
		"Oops: ",
		"general protection fault",
		"kernel BUG at",
		"UBSAN: ",
		"KASAN: ",
		"INFO: task ",
		"rcu: INFO: ",
		"refcount_t: ",
		"Unable to handle kernel",
		"unregister_netdevice: waiting",
		/* an access of a device that an IOMMU stopped: VT-d, AMD-Vi, SMMU */
		"] fault addr 0x",
		"[IO_PAGE_FAULT ",
		"Unhandled context fault",
		"event: F_TRANSLATION",
	};

	for (const char *line = lines; line && *line;) {
		size_t len = strcspn(line, "\n");

		for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
			const char *found = strstr(line, words[i]);

			if (!found || found >= line + len)
				continue;
			snprintf(complaint, size, "%.*s", (int)len, line);
			add_flags(line, complaint, size);
			return 1;
		}
		line += len + (line[len] == '\n');
	}
	return 0;
}
