// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* shm_cleanup_lib.c - removes shared memory of a process that was killed */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/log.h"
#include "rdma/ofi/internal.h"

#define SHARED_MEMORY "/dev/shm"

/*
 * The provider shm has a file for each endpoint, "PID:UID:INDEX" (libfabric, prov/shm,
 * smr_ep.c smr_endpoint_name()), that goes when the endpoint is closed. Scenarios close
 * nothing: what they hold the kernel takes back, but it does not know of these.
 */
void ofi_process_ended(pid_t pid)
{
	DIR *folder = opendir(SHARED_MEMORY);
	struct dirent *entry;
	char prefix[48];
	int at, len;

	if (!folder)
		return;
	at = dirfd(folder);
	len = snprintf(prefix, sizeof(prefix), "%d:%u:", pid, getuid());
	while (at >= 0 && (entry = readdir(folder)))
		if (!strncmp(entry->d_name, prefix, (size_t)len) &&
		    unlinkat(at, entry->d_name, 0))
			log_debug("cannot remove " SHARED_MEMORY "/%s", entry->d_name);
	closedir(folder);
}
