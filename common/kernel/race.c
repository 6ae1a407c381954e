// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* race.c - holds a race in the kernel open, by the guest's port "delay" */
#include "kernel/race.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "kernel/place.h"
#include "kernel/symbol.h"

#define PORTS	    "/sys/class/virtio-ports/*/name"
#define PORT_NAME   "odplab.delay"
#define PATIENCE_MS 20000 /* the plugin waits 10 s for an idle processor */

const struct race_row race_rows[KERNEL_RACES] = {
#define RACE(id, name, about, place, us, every) \
	[RACE_##id] = { name, about, place, us, every },
#include "kernel/races.def"
#undef RACE
};

static int parse_settings(char *text, struct race_row *row)
{
	char *save, *word;

	strtok_r(text, ":", &save);
	while ((word = strtok_r(NULL, ":", &save))) {
		int end = 0;

		if (sscanf(word, "us=%" SCNu32 "%n", &row->us, &end) != 1 &&
		    sscanf(word, "every=%" SCNu32 "%n", &row->every, &end) != 1)
			return -EINVAL;
		if (word[end])
			return -EINVAL;
	}
	return row->us && row->every && strchr(text, '+') ? 0 : -EINVAL;
}

int race_parse(const char *text, char copy[RACE_TEXT], struct race_row *row)
{
	for (unsigned int i = 0; i < KERNEL_RACES; i++)
		if (!strcmp(text, race_rows[i].name)) {
			*row = race_rows[i];
			return 0;
		}
	if (strlen(text) >= RACE_TEXT)
		return -EINVAL;
	snprintf(copy, RACE_TEXT, "%s", text);
	*row = (struct race_row){
		.name = copy, .about = "", .place = copy, .us = 1000, .every = 1
	};
	return parse_settings(copy, row);
}

/* @path: "/dev/vport3p5" */
static int find_port(char *path, size_t size)
{
	int ret = -ENODEV;
	glob_t found;

	if (glob(PORTS, 0, NULL, &found))
		return -ENODEV;
	for (size_t i = 0; i < found.gl_pathc && ret; i++) {
		const char *port = found.gl_pathv[i] + strlen("/sys/class/virtio-ports/");
		char name[64];

		if (file_read(found.gl_pathv[i], name, sizeof(name)) ||
		    strcmp(name, PORT_NAME) != 0)
			continue;
		snprintf(path, size, "/dev/%.*s", (int)strcspn(port, "/"), port);
		ret = 0;
	}
	globfree(&found);
	return ret;
}

bool race_possible(void)
{
	char path[64];

	return !find_port(path, sizeof(path));
}

/* The answer ends with "ok", or "error: WHY". Returns whether it is whole. */
static bool is_whole(const char *answer, size_t len)
{
	const char *last;

	if (!len || answer[len - 1] != '\n')
		return false;
	last = memrchr(answer, '\n', len - 1);
	last = last ? last + 1 : answer;
	return !strncmp(last, "ok\n", 3) || !strncmp(last, "error: ", 7);
}

static int read_answer(int fd, char *answer, size_t size)
{
	uint64_t deadline = clock_ns() + PATIENCE_MS * NSEC_PER_MSEC;
	size_t len = 0;

	while (!is_whole(answer, len)) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (clock_passed(deadline) || poll(&poll_fd, 1, 100) < 0)
			return -ETIMEDOUT;
		if (!poll_fd.revents)
			continue;
		n = read(fd, answer + len, size - 1 - len);
		if (n <= 0)
			return n ? -errno : -EPIPE;
		len += (size_t)n;
		answer[len] = '\0';
	}
	return 0;
}

/* Returns 0 or -errno: -EBADMSG after one line where the plugin refuses. */
static int ask(const char *request, char *answer, size_t size)
{
	char path[64], *error;
	int ret = find_port(path, sizeof(path));
	_cleanup_fd_ int fd = ret ? -1 : open(path, O_RDWR | O_CLOEXEC);

	*answer = '\0';
	if (ret)
		return ret;
	if (fd < 0)
		return log_errno(errno, "open %s", path);
	if (write(fd, request, strlen(request)) < 0)
		return log_errno(errno, "ask for a pause");
	ret = read_answer(fd, answer, size);
	if (ret)
		return log_errno(-ret, "wait for the answer to a pause");
	error = strstr(answer, "error: ");
	return error ? log_errno(EBADMSG, "%.*s", (int)strcspn(error, "\n"), error) : 0;
}

int race_hold(const struct race_row *row)
{
	struct kernel_symbols symbols;
	int ret = kernel_symbols_open(&symbols);

	if (!ret)
		ret = race_hold_by(&symbols, row);
	kernel_symbols_close(&symbols);
	return ret;
}

int race_hold_by(const struct kernel_symbols *symbols, const struct race_row *row)
{
	char request[128], answer[256];
	struct kernel_place place;
	int ret = kernel_place_find(symbols, row->place, &place);

	for (unsigned int i = 0; !ret && i < place.n; i++) {
		snprintf(request, sizeof(request),
			 "pause %#" PRIx64 " %" PRIu32 " %" PRIu32 "\n", place.address[i],
			 row->us, row->every);
		ret = ask(request, answer, sizeof(answer));
	}
	return ret;
}

int race_list(FILE *out)
{
	char answer[4096];
	int ret = ask("list\n", answer, sizeof(answer));

	if (!ret)
		fprintf(out, "%.*s", (int)(strlen(answer) - strlen("ok\n")), answer);
	return ret;
}

static int64_t count_pauses(const char *lines)
{
	int64_t sum = 0, paused;

	for (; sscanf(lines, "%*x %*u %" SCNd64, &paused) == 1;
	     lines += strcspn(lines, "\n") + 1)
		sum += paused;
	return sum;
}

int64_t race_pauses(void)
{
	char answer[4096];
	int ret = ask("list\n", answer, sizeof(answer));

	return ret ? ret : count_pauses(answer);
}

int64_t race_release(void)
{
	char nothing[256];
	int64_t pauses = race_pauses();
	int ret = pauses < 0 ? 0 : ask("clear\n", nothing, sizeof(nothing));

	return ret ? ret : pauses;
}
