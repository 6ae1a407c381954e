// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* listen.c - where a socket can listen, and what must stay where it is */
#include "cmocka_all.h"

#include "bus/listen.h"
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct place {
	char folder[32], path[48];
};

static int begin(void **state)
{
	static struct place p;

	p = (struct place){ .folder = "/tmp/emu-listen-XXXXXX" };
	assert_non_null(mkdtemp(p.folder));
	snprintf(p.path, sizeof(p.path), "%s/socket", p.folder);
	*state = &p;
	return 0;
}

static int end(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	return rmdir(p->folder);
}

/* No child inherits it, no accept() waits; its descriptor may be 0. */
static void socket__flags(void **state)
{
	struct place *p = *state;
	int saved = stdin_close(), fd = listen_at(p->path), client;

	assert_int_equal(fd, STDIN_FILENO);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	client = connection_to(p->path);
	close(client);
	close(fd);
	stdin_restore(saved);
}

/* The longest name leaves one byte of the address for its end. */
static void name__longest(void **state)
{
	struct place *p = *state;
	char name[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1];
	size_t len = strlen(p->folder) + 1;
	int fd;

	memset(name, 'x', sizeof(name));
	memcpy(name, p->folder, len - 1);
	name[len - 1] = '/';
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(listen_at(name), -ENAMETOOLONG);
	name[sizeof(name) - 2] = '\0';
	fd = listen_at(name);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(unlink(name), 0);
}

/*
 * Only a socket that nothing listens at is replaced: not a file, nor another kind of
 * socket.
 */
static void name__of_something_else(void **state)
{
	struct place *p = *state;
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int before = lowest_free_fd(), fd;
	struct stat st;

	fd = open(p->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "data", 4), 4);
	close(fd);
	assert_int_equal(listen_at(p->path), -EADDRINUSE);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_size, 4);
	unlink(p->path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	memcpy(addr.sun_path, p->path, strlen(p->path));
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen_at(p->path), -EADDRINUSE);
	assert_int_equal(access(p->path, F_OK), 0);
	close(fd);
	assert_int_equal(lowest_free_fd(), before);
}

static void socket__none_left(void **state)
{
	struct place *p = *state;
	struct rlimit old, few;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = (rlim_t)lowest_free_fd();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(listen_at(p->path), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(access(p->path, F_OK), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(socket__flags),
		TEST(socket__none_left),
		TEST(name__longest),
		TEST(name__of_something_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
