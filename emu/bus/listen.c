// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* listen.c - UNIX sockets that listen */
#include "bus/listen.h"

#include "base/log.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * The socket of a device that was killed still has its name. connect() says the same of a
 * file.
 */
static bool is_left_over(int fd, const struct sockaddr_un *addr)
{
	struct stat st;

	return connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) &&
	       errno == ECONNREFUSED && !lstat(addr->sun_path, &st) &&
	       S_ISSOCK(st.st_mode);
}

int listen_at(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		return log_errno(ENAMETOOLONG, "socket %s", path);
	memcpy(addr.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return log_errno(errno, "socket %s", path);
	if (is_left_over(fd, &addr))
		unlink(path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1)) {
		int ret = log_errno(errno, "listen at %s", path);

		close(fd);
		return ret;
	}
	return fd;
}
