/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* host.h - kernel, memory and limits of this host */
#ifndef ODPLAB_SURVEY_HOST_H
#define ODPLAB_SURVEY_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_TEXT	65 /* as in struct utsname */
#define HOST_HUGE_SIZES 4

struct huge_pages {
	uint64_t bytes; /* of a page */
	uint64_t total;
	uint64_t free;
};

struct host {
	char name[HOST_TEXT], kernel[HOST_TEXT], machine[HOST_TEXT];
	uint64_t page_bytes;
	uint64_t memory_bytes, swap_bytes;
	uint64_t memlock_soft, memlock_hard; /* UINT64_MAX: unlimited */
	bool ipc_lock;			     /* CAP_IPC_LOCK: pins without limit */
	char thp[HOST_TEXT];		     /* "madvise"; "" without THP */
	unsigned int numa_nodes;
	bool kernel_log;	     /* can be read: warnings are noticed */
	char kernel_log_detail[128]; /* its source, or why not */
	unsigned int huge_sizes;
	struct huge_pages huge[HOST_HUGE_SIZES];
};

void host_query(struct host *host);

/* The bracketed word of "always [madvise] never" into @word; "" where there is none. */
void host_chosen_word(const char *text, char *word, size_t size);

/* How many numbers the kernel's list has: 3 in "0-1,3". */
unsigned int host_count_list(const char *list);

#endif
