// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fd_queue.c - descriptors are taken over in their order, and closed where there is no
 * room
 */
#include "cmocka_all.h"

#include "bus/fd_queue.h"
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define ROOM (2 * FD_QUEUE_MESSAGE)

/*
 * What recvmsg() could have put into a message: @n new descriptors, of that level and
 * type
 */
struct received {
	struct msghdr msg;
	size_t used;
	union {
		struct cmsghdr header;
		uint8_t space[1024];
	} control;
};

static void add(struct received *r, int level, int type, const int *fds, unsigned int n)
{
	struct cmsghdr *c = (struct cmsghdr *)(void *)(r->control.space + r->used);

	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	r->used += CMSG_SPACE(n * sizeof(int));
	r->msg.msg_control = r->control.space;
	r->msg.msg_controllen = r->used;
}

static void duplicates(int *fds, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		fds[i] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

/* Only descriptors count; what else comes with bytes is passed over. */
static void receive__other_messages(void **state)
{
	struct received r = { 0 };
	struct fd_queue queue = { 0 };
	int fds[3], other[3] = { -1, -1, -1 };

	duplicates(fds, 3);
	add(&r, SOL_SOCKET, SCM_CREDENTIALS, other, 3);
	add(&r, SOL_SOCKET, SCM_RIGHTS, fds, 2);
	add(&r, IPPROTO_IP, SCM_RIGHTS, other, 1);
	add(&r, SOL_SOCKET, SCM_RIGHTS, fds + 2, 1);
	assert_int_equal(fd_queue_receive(&queue, &r.msg, 7), 0);
	assert_int_equal(queue.n, 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(queue.entries[0].at, 7);
		assert_int_equal(fd_queue_pop(&queue), fds[i]);
		close(fds[i]);
	}
}

/* Those that find no room are closed, and so are none of the others. */
static void receive__no_room(void **state)
{
	struct received r = { 0 };
	struct fd_queue queue = { 0 };
	int fds[ROOM + 2], before = lowest_free_fd();

	duplicates(fds, ROOM + 2);
	add(&r, SOL_SOCKET, SCM_RIGHTS, fds, ROOM + 2);
	assert_int_equal(fd_queue_receive(&queue, &r.msg, 0), -EPROTO);
	assert_int_equal(queue.n, ROOM);
	for (unsigned int i = 0; i < ROOM; i++)
		assert_int_equal(queue.entries[i].fd, fds[i]);
	assert_int_equal(lowest_free_fd(), fds[ROOM]);
	fd_queue_close(&queue, queue.n);
	assert_int_equal(lowest_free_fd(), before);
}

/*
 * A set that the kernel has cut short was too large; what came of it is kept, to be
 * closed.
 */
static void receive__truncated(void **state)
{
	struct received r = { .msg = { .msg_flags = MSG_CTRUNC } };
	struct fd_queue queue = { 0 };
	int fd, before = lowest_free_fd();

	duplicates(&fd, 1);
	add(&r, SOL_SOCKET, SCM_RIGHTS, &fd, 1);
	assert_int_equal(fd_queue_receive(&queue, &r.msg, 0), -EPROTO);
	assert_int_equal(queue.n, 1);
	fd_queue_close(&queue, 1);
	assert_int_equal(lowest_free_fd(), before);
}

/*
 * They are counted by the byte that they came with; those that were taken out are gone.
 */
static void count__before_a_byte(void **state)
{
	struct fd_queue queue = { 0 };
	int fds[3];

	duplicates(fds, 3);
	for (unsigned int i = 0; i < 3; i++) {
		struct received r = { 0 };

		add(&r, SOL_SOCKET, SCM_RIGHTS, fds + i, 1);
		assert_int_equal(fd_queue_receive(&queue, &r.msg, 10 * i), 0);
	}
	assert_int_equal(fd_queue_count(&queue, 0), 0);
	assert_int_equal(fd_queue_count(&queue, 10), 1);
	assert_int_equal(fd_queue_count(&queue, 11), 2);
	assert_int_equal(fd_queue_count(&queue, 1000), 3);
	fd_queue_close(&queue, 2);
	assert_int_equal(fcntl(fds[1], F_GETFD), -1);
	assert_int_equal(fd_queue_count(&queue, 1000), 1);
	assert_int_equal(fd_queue_pop(&queue), fds[2]);
	assert_int_equal(fd_queue_count(&queue, 1000), 0);
	close(fds[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(receive__other_messages),
		cmocka_unit_test(receive__no_room),
		cmocka_unit_test(receive__truncated),
		cmocka_unit_test(count__before_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
