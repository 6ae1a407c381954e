// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_filesystem.c - what a side does to the filesystem that a target lies on */
#include <errno.h>
#include <sys/mount.h>
#include <unistd.h>

#include "side/local_internal.h"
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
	case SIDE_NVDIMM_UNBIND:
		return nvdimm_unbind(target->region.fd);
	default:
		return -EBADRQC;
	}
}
