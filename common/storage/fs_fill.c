// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fs_fill.c - fills a filesystem */
#include "storage/fs_fill.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"

bool fs_fillable(const char *directory)
{
	struct statfs st;

	return statfs(directory, &st) ||
	       (uint64_t)st.f_bfree * (uint64_t)st.f_bsize <= FS_FILL_MOST;
}

static int check_free(const char *directory)
{
	if (fs_fillable(directory))
		return 0;
	log_error("%s has more than %llu GiB free, too much to fill up; give it a small "
		  "filesystem",
		  directory, FS_FILL_MOST >> 30);
	return -EFBIG;
}

/* Whole pieces until one does not fit, then smaller ones. */
static int take_all(int fd)
{
	off_t used = 0;

	for (off_t piece = (off_t)MiB(256); piece >= (off_t)KiB(4); piece /= 2) {
		while (!fallocate(fd, 0, used, piece))
			used += piece;
		if (errno != ENOSPC)
			return log_errno(errno, "fill up the filesystem");
	}
	return 0;
}

int fs_fill(const char *directory)
{
	int ret = check_free(directory), fd;

	if (ret)
		return ret;
	fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return log_errno(errno, "make a file in %s", directory);
	ret = take_all(fd);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}
