// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_limits.c - a side's privileges and limits, and its pinned memory */
#include <errno.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "side/local_internal.h"

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
	static const char *const keys[] = { "VmLck", "VmPin" };
	uint64_t bytes;
	int ret;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		ret = file_read_kib("/proc/self/status", keys[i], &bytes);
		if (ret && ret != -ENODATA)
			return log_errno(ret, "/proc/self/status");
		reply->number += ret ? 0 : bytes;
	}
	return 0;
}
