// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mount-on-demand MOUNTPOINT COMMAND [ARGUMENT]...: the first access to MOUNTPOINT waits
 * while COMMAND mounts something there. An autofs direct mount with a single entry, for
 * which autofs(5) needs a megabyte of daemon and XML. It is for filesystems whose module
 * takes an emulated processor seconds to load, and that most commands never touch.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/auto_fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "mount-on-demand: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* The kernel lets this process group through to the mount point; all others wait. */
static int make_trigger(const char *mountpoint, int *events)
{
	char options[96];
	int ends[2], mount_fd;

	if (pipe2(ends, O_CLOEXEC))
		die("pipe2");
	snprintf(options, sizeof(options), "fd=%d,pgrp=%d,minproto=5,maxproto=5,direct",
		 ends[1], getpgrp());
	if (mount("on-demand", mountpoint, "autofs", 0, options))
		die("mount autofs");
	close(ends[1]);
	mount_fd = open(mountpoint, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mount_fd < 0)
		die(mountpoint);
	*events = ends[0];
	return mount_fd;
}

static bool run(char **argv)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		return false;
	if (!child) {
		execvp(argv[0], argv);
		_exit(127);
	}
	return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
	struct autofs_v5_packet packet;
	int events, mount_fd;

	if (argc < 3) {
		fprintf(stderr,
			"usage: mount-on-demand MOUNTPOINT COMMAND [ARGUMENT]...\n");
		return 2;
	}
	/* The kernel knows us by our process group, which outlives its first process. */
	if (setsid() < 0)
		die("setsid");
	mount_fd = make_trigger(argv[1], &events);
	/* Whoever started us may go on: from here the mount point answers. */
	if (fork())
		return 0;
	while (read(events, &packet, sizeof(packet)) == sizeof(packet)) {
		int answer = run(argv + 2) ? AUTOFS_IOC_READY : AUTOFS_IOC_FAIL;

		if (ioctl(mount_fd, answer, packet.wait_queue_token))
			die("ioctl");
	}
	return 0;
}
