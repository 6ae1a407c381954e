// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* nvdimm_unbind.c - unbinds the driver of an NVDIMM */
#include "storage/nvdimm_unbind.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/file.h"
#include "base/log.h"

int nvdimm_unbind(int fd)
{
	char link[128], device[PATH_MAX], unbind[PATH_MAX + 32];
	struct stat st;
	int ret;

	if (fstat(fd, &st))
		return log_errno(errno, "fstat");
	if (S_ISCHR(st.st_mode))
		snprintf(link, sizeof(link), "/sys/dev/char/%u:%u", major(st.st_rdev),
			 minor(st.st_rdev));
	else
		snprintf(link, sizeof(link), "/sys/dev/block/%u:%u/device",
			 major(st.st_dev), minor(st.st_dev));
	if (!realpath(link, device))
		return log_errno(errno, "%s", link);
	snprintf(unbind, sizeof(unbind), "%s/driver/unbind", device);
	ret = file_write(unbind, strrchr(device, '/') + 1);
	return ret ? log_errno(-ret, "%s", unbind) : 0;
}
