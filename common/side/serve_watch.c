// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_watch.c - a side's witnesses, its limits and its accounting */
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "region/residency.h"
#include "side/local_internal.h"

static struct watched range_of(const struct local_target *target, unsigned int slot)
{
	return (struct watched){
		.slot = slot,
		.addr = (uintptr_t)target->region.addr + target->mr_offset,
		.len = target->mr_len,
		.unit = target->unit,
		.lkey = target->mr.lkey,
	};
}

static int resident_pages(const struct local_target *target, uint64_t *pages)
{
	return residency_count(target->region.addr + target->mr_offset, target->mr_len,
			       pages, NULL);
}

int serve_watch_begin(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	struct watched range;

	if (request->argument >= WATCH_SLOTS)
		return log_errno(ENOSPC, "watch %u ranges at once",
				 request->argument + 1);
	range = range_of(target, request->argument);
	evidence_begin(&side->env->evidence, &range);
	return resident_pages(target, &side->resident_before[request->argument]);
}

/*
 * What a page table that grew, by nothing but the transfer, says of the faults. A device
 * may fault in what the CPU already has. Where the CPU itself takes the faults it knows
 * those that bring a page in, all of them; but one fault may bring in several pages
 * (a huge page, or what a file has around it), or their number.
 */
static struct bounds faults_that_brought(uint64_t pages, bool cpu_faults)
{
	if (!pages)
		return cpu_faults ? NONE : ANYTHING;
	return cpu_faults ? BETWEEN(1, pages) : AT_LEAST(1);
}

/* The CPU's page table as a witness. */
static int ask_residency(struct local_side *side, const struct local_target *target,
			 unsigned int slot, struct observation *observation)
{
	uint64_t before = side->resident_before[slot], after;
	int ret;

	*observation = (struct observation){ .witness = "residency", .pages = ANYTHING };
	ret = resident_pages(target, &after);
	if (ret)
		return ret;
	observation->available = true;
	observation->pages = faults_that_brought(after > before ? after - before : 0,
						 side->device.cpu_faults);
	snprintf(observation->detail, sizeof(observation->detail),
		 "%" PRIu64 " pages present before, %" PRIu64 " after", before, after);
	return 0;
}

int serve_watch_end(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	struct watched range;

	if (request->argument >= WATCH_SLOTS)
		return -EINVAL;
	range = range_of(target, request->argument);
	reply->observations =
		evidence_end(&side->env->evidence, &range, reply->observation);
	return ask_residency(side, target, request->argument,
			     &reply->observation[reply->observations++]);
}

/*
 * CAP_IPC_LOCK lifts RLIMIT_MEMLOCK: without it, root is held to it as anyone is. The
 * device is opened again, as uverbs takes no command by a file that was opened with other
 * credentials.
 */
int serve_drop_ipc_lock(struct local_side *side, struct local_target *target,
			const struct side_request *request, struct side_reply *reply)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };
	const unsigned int word = CAP_TO_INDEX(CAP_IPC_LOCK);

	local_side_close_device(side);
	if (syscall(SYS_capget, &header, data))
		return log_errno(errno, "capget");
	/* the other side in this process may have done it: its file must stay good */
	if (data[word].effective & CAP_TO_MASK(CAP_IPC_LOCK)) {
		data[word].effective &= ~CAP_TO_MASK(CAP_IPC_LOCK);
		if (syscall(SYS_capset, &header, data))
			return log_errno(errno, "capset");
	}
	return local_side_open_device(side);
}

int serve_limit_memlock(struct local_side *side, struct local_target *target,
			const struct side_request *request, struct side_reply *reply)
{
	struct rlimit limit = { request->len, request->len };

	if (setrlimit(RLIMIT_MEMLOCK, &limit))
		return log_errno(errno, "RLIMIT_MEMLOCK");
	return 0;
}

int serve_pinned(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	static const char *const lines[] = { "VmLck:", "VmPin:" };
	_cleanup_free_ char *text = NULL;
	int ret;

	ret = file_read_all("/proc/self/status", &text);
	if (ret)
		return log_errno(ret, "/proc/self/status");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const char *found = strstr(text, lines[i]);
		unsigned long kib;

		if (found && sscanf(found + strlen(lines[i]), "%lu", &kib) == 1)
			reply->number += KiB(kib);
	}
	return 0;
}
