// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* host.c - kernel, memory and limits of this host */
#include "survey/host.h"

#include <glob.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/util.h"
#include "evidence/kernel_log.h"

#define HUGE_PAGES "/sys/kernel/mm/hugepages/hugepages-"

void host_chosen_word(const char *text, char *word, size_t size)
{
	const char *from = strchr(text, '[');
	const char *to = from ? strchr(from, ']') : NULL;

	word[0] = '\0';
	if (to)
		snprintf(word, size, "%.*s", (int)(to - from - 1), from + 1);
}

unsigned int host_count_list(const char *list)
{
	unsigned int first, last, n = 0;
	int used;

	while (sscanf(list, "%u%n", &first, &used) == 1) {
		list += used;
		last = first;
		if (sscanf(list, "-%u%n", &last, &used) == 1)
			list += used;
		n += last - first + 1;
		list += *list == ',';
	}
	return n;
}

/* The effective capabilities of this process; 0 where they are unknown. */
static uint64_t capabilities(void)
{
	_cleanup_free_ char *status = NULL;
	const char *line;

	if (file_read_all("/proc/self/status", &status))
		return 0;
	line = strstr(status, "CapEff:");
	return line ? strtoull(line + strlen("CapEff:"), NULL, 16) : 0;
}

static void query_memory(struct host *host)
{
	char text[HOST_TEXT];
	struct rlimit limit;

	file_read_kib("/proc/meminfo", "MemTotal", &host->memory_bytes);
	file_read_kib("/proc/meminfo", "SwapTotal", &host->swap_bytes);
	host->ipc_lock = capabilities() & 1ull << CAP_IPC_LOCK;
	if (!getrlimit(RLIMIT_MEMLOCK, &limit)) {
		host->memlock_soft = limit.rlim_cur; /* RLIM_INFINITY is UINT64_MAX */
		host->memlock_hard = limit.rlim_max;
	}
	if (!file_read("/sys/kernel/mm/transparent_hugepage/enabled", text, sizeof(text)))
		host_chosen_word(text, host->thp, sizeof(host->thp));
	if (!file_read("/sys/devices/system/node/online", text, sizeof(text)))
		host->numa_nodes = host_count_list(text);
}

static void query_huge_pages(struct host *host)
{
	glob_t folders;

	if (glob(HUGE_PAGES "*", 0, NULL, &folders))
		return;
	for (size_t i = 0; i < folders.gl_pathc && host->huge_sizes < HOST_HUGE_SIZES;
	     i++) {
		struct huge_pages *huge = &host->huge[host->huge_sizes];
		const char *folder = folders.gl_pathv[i];
		char path[PATH_MAX];

		huge->bytes = KiB(strtoull(folder + strlen(HUGE_PAGES), NULL, 10));
		snprintf(path, sizeof(path), "%s/nr_hugepages", folder);
		if (file_read_number(path, &huge->total))
			continue;
		snprintf(path, sizeof(path), "%s/free_hugepages", folder);
		if (file_read_number(path, &huge->free))
			continue;
		host->huge_sizes++;
	}
	globfree(&folders);
}

static void query_kernel_log(struct host *host)
{
	struct kernel_log log;

	kernel_log_open(&log);
	host->kernel_log = log.fd >= 0;
	snprintf(host->kernel_log_detail, sizeof(host->kernel_log_detail), "%s",
		 log.detail);
	kernel_log_close(&log);
}

void host_query(struct host *host)
{
	struct utsname name;

	*host = (struct host){ .page_bytes = (uint64_t)sysconf(_SC_PAGESIZE),
			       .numa_nodes = 1 };
	uname(&name);
	snprintf(host->name, sizeof(host->name), "%s", name.nodename);
	snprintf(host->kernel, sizeof(host->kernel), "%s", name.release);
	snprintf(host->machine, sizeof(host->machine), "%s", name.machine);
	query_memory(host);
	query_huge_pages(host);
	query_kernel_log(host);
}
