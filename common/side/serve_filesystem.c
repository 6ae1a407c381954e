// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_filesystem.c - what a side does to the filesystem that a target lies on */
#include <errno.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "side/local_internal.h"
#include "storage/filesystem.h"
#include "storage/fs_fill.h"
#include "storage/mount.h"
#include "storage/nvdimm_unbind.h"

static int fill(struct local_side *side, const struct local_target *target)
{
	const char *directory = side->env->place[target->region.kind];

	if (side->filler >= 0)
		return -EBUSY;
	side->filler = fs_fill(directory ? directory : "");
	return side->filler < 0 ? side->filler : 0;
}

static int give_back(struct local_side *side)
{
	int fd = side->filler;

	side->filler = -1;
	return fd < 0 || close(fd) ? -EBADF : 0;
}

static int unmount(const struct local_target *target, bool in_use)
{
	struct mount mount;
	int ret = mount_of(target->region.fd, &mount);

	if (ret)
		return ret;
	return umount2(mount.point, in_use ? MNT_DETACH : 0) ? -errno : 0;
}

/*
 * A refusal is the answer. Where the kernel does it, it is undone: the filesystem is not
 * the scenario's alone.
 */
static int make_read_only(const struct local_target *target, bool mount_alone,
			  uint64_t *error)
{
	unsigned long flags = MS_REMOUNT | (mount_alone ? MS_BIND : 0);
	struct mount at;
	int ret = mount_of(target->region.fd, &at);

	if (ret)
		return ret;
	if (mount(NULL, at.point, NULL, flags | MS_RDONLY, NULL))
		*error = (uint64_t)errno;
	else if (mount(NULL, at.point, NULL, flags, NULL))
		return log_errno(errno, "make %s writable again", at.point);
	return 0;
}

int serve_filesystem(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply)
{
	switch (request->kind) {
	case SIDE_FILESYSTEM_FILL:
		return fill(side, target);
	case SIDE_FILESYSTEM_FREE:
		return give_back(side);
	case SIDE_FILESYSTEM_UNMOUNT:
		return unmount(target, request->flag);
	case SIDE_FILESYSTEM_FREEZE:
		return freeze_begin(&side->freeze, target->region.fd,
				    request->argument * NSEC_PER_MSEC);
	case SIDE_FILESYSTEM_SHUT_DOWN:
		reply->number = (uint64_t)-filesystem_shut_down(
			target->region.fd, (enum shutdown_how)request->argument);
		return 0;
	case SIDE_FILESYSTEM_REMOUNT:
		return make_read_only(target, request->flag, &reply->number);
	case SIDE_NVDIMM_UNBIND:
		return nvdimm_unbind(target->region.fd);
	default:
		return -EBADRQC;
	}
}

int serve_thawed(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	reply->number = freeze_end(&side->freeze);
	return 0;
}
