// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* freeze.c - a filesystem that is frozen for a while (FIFREEZE), as for a snapshot */
#include "storage/freeze.h"

#include <errno.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* Of the process that thaws: the errno of FIFREEZE, then when it called FITHAW. */
static void send_number(int pipe, uint64_t number)
{
	if (write(pipe, &number, sizeof(number)) != sizeof(number))
		_exit(1);
}

static _Noreturn void freeze_and_thaw(int pipe, int fd, uint64_t ns)
{
	uint64_t at;

	/* neither a terminal nor the end of a run may stop it before it has thawed */
	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (ioctl(fd, FIFREEZE, 0)) {
		send_number(pipe, (uint64_t)errno);
		_exit(1);
	}
	if (write(pipe, &(uint64_t){ 0 }, sizeof(uint64_t)) == sizeof(uint64_t))
		clock_sleep_ns(ns);
	at = clock_ns();
	if (ioctl(fd, FITHAW, 0))
		at = 0;
	send_number(pipe, at);
	_exit(0);
}

/* What the other process sent next; @otherwise where it sent nothing. */
static uint64_t next_number(const struct freeze *freeze, uint64_t otherwise)
{
	uint64_t number;

	return read(freeze->pipe, &number, sizeof(number)) == sizeof(number) ? number :
									       otherwise;
}

static void stop(struct freeze *freeze)
{
	close(freeze->pipe);
	waitpid(freeze->thawer, NULL, 0);
	*freeze = (struct freeze){ 0 };
}

int freeze_begin(struct freeze *freeze, int fd, uint64_t ns)
{
	int ends[2], error;

	if (freeze->thawer)
		return log_errno(EBUSY, "the filesystem is frozen already");
	if (pipe(ends))
		return log_errno(errno, "pipe");
	*freeze = (struct freeze){ fork(), ends[0] };
	if (!freeze->thawer)
		freeze_and_thaw(ends[1], fd, ns);
	error = freeze->thawer < 0 ? errno : 0;
	close(ends[1]);
	if (!error)
		error = (int)next_number(freeze, EPIPE);
	if (!error)
		return 0;
	if (freeze->thawer > 0) {
		stop(freeze);
	} else {
		close(ends[0]);
		*freeze = (struct freeze){ 0 };
	}
	return log_errno(error, "freeze the filesystem (FIFREEZE)");
}

uint64_t freeze_end(struct freeze *freeze)
{
	uint64_t at;

	if (!freeze->thawer)
		return 0;
	at = next_number(freeze, 0);
	stop(freeze);
	return at;
}
