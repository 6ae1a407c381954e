// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_removal.c - a device that goes away under a side */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "evidence/nldev.h"
#include "side/local_internal.h"

/* As the administrator would, or the slot's power button: the driver lets go of it. */
static int unbind(const char *device)
{
	char link[PATH_MAX], path[PATH_MAX], unbind[PATH_MAX + 16];
	int ret;

	snprintf(link, sizeof(link), "/sys/class/infiniband/%s/device", device);
	if (!realpath(link, path))
		return log_errno(errno, "%s", link);
	snprintf(unbind, sizeof(unbind), "%s/driver/unbind", path);
	ret = file_write(unbind, strrchr(path, '/') + 1);
	return ret ? log_errno(-ret, "%s", unbind) : 0;
}

int serve_remove_device(struct local_side *side, struct local_target *target,
			const struct side_request *request, struct side_reply *reply)
{
	const char *device = side->env->device.name;

	/* soft-RoCE sits on a network device, which has a driver of its own */
	if (!strcmp(side->env->device.driver, "rxe"))
		return nldev_delete(device);
	return unbind(device);
}
