// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* control.c - requests over the control socket, good and bad */
#include "cmocka_all.h"

#include "base/util.h"
#include "bus/control.h"
#include "connection.h"
#include "device/device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct setup {
	struct device *dev;
	struct control control;
	char folder[32], path[48];
	int fd;
};

static void interrupt(void *owner, unsigned int vector)
{
}

/* A new client, which the device has accepted */
static void connect_client(struct setup *w)
{
	w->fd = connection_to(w->path);
	control_accept(&w->control);
}

static int begin(void **state)
{
	static struct setup w;
	struct device_config config = { .interrupt = interrupt };

	w = (struct setup){ .dev = device_new(&config),
			    .folder = "/tmp/emu-control-XXXXXX" };
	assert_non_null(w.dev);
	assert_non_null(mkdtemp(w.folder));
	snprintf(w.path, sizeof(w.path), "%s/socket", w.folder);
	assert_int_equal(control_init(&w.control, w.path), 0);
	connect_client(&w);
	*state = &w;
	return 0;
}

static int end(void **state)
{
	struct setup *w = *state;

	close(w->fd);
	control_free(&w->control);
	device_free(w->dev);
	return rmdir(w->folder);
}

/* The answer to a request; empty when the device has hung up. */
static const char *ask(struct setup *w, const char *request)
{
	static char answer[1 << 15];
	ssize_t n;

	assert_int_equal(send(w->fd, request, strlen(request), 0), strlen(request));
	control_serve(&w->control, w->dev);
	n = recv(w->fd, answer, sizeof(answer) - 1, MSG_DONTWAIT);
	answer[n > 0 ? n : 0] = '\0';
	return answer;
}

static void control__injections(void **state)
{
	struct setup *w = *state;

	assert_string_equal(ask(w, "inject torn-write:every=3\n"), "ok\n");
	assert_int_equal(w->dev->inject.active, 1ull << INJECT_TORN);
	assert_string_equal(ask(w, "inject fault-lost\ninject byte-count\n"), "ok\nok\n");
	assert_string_equal(ask(w, "clear torn-write\n"), "ok\n");
	assert_int_equal(w->dev->inject.active,
			 1ull << INJECT_NO_EVENT | 1ull << INJECT_BYTE_COUNT);
	assert_string_equal(ask(w, "clear all\n"), "ok\n");
	assert_int_equal(w->dev->inject.active, 0);
}

/* Several at once: all of them, or none */
static void control__behaviours(void **state)
{
	struct setup *w = *state;
	uint64_t *active = &w->dev->behave.active;

	assert_string_equal(ask(w, "behave fault-short,fault-wide:pages=3:every=2\n"),
			    "ok\n");
	assert_int_equal(*active, 1ull << BEHAVE_FAULT_SHORT | 1ull << BEHAVE_FAULT_WIDE);
	assert_int_equal(w->dev->behave.rules[BEHAVE_FAULT_WIDE].value, 3);
	assert_int_equal(w->dev->behave.rules[BEHAVE_FAULT_WIDE].every, 2);
	assert_non_null(strstr(ask(w, "clear no\n"), "error: "));
	assert_string_equal(ask(w, "clear fault-short\n"), "ok\n");
	assert_non_null(strstr(ask(w, "behave fault-repeated,torn-write\n"), "error: "));
	assert_non_null(strstr(ask(w, "behave fault-wide:pages=0\n"), "error: "));
	assert_int_equal(*active, 1ull << BEHAVE_FAULT_WIDE);
	assert_string_equal(ask(w, "inject torn-write\nclear all\n"), "ok\nok\n");
	assert_int_equal(*active | w->dev->inject.active, 0);
}

/* Both tables, or the one that the word names */
static void control__lists(void **state)
{
	static const struct {
		const char *request;
		bool injections, behaviours;
	} rows[] = { { "list\n", true, true },
		     { "list inject\n", true, false },
		     { "list behave\n", false, true } };
	struct setup *w = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *answer = ask(w, rows[i].request);

		assert_int_equal(strstr(answer, "torn-write ") != NULL,
				 rows[i].injections);
		assert_int_equal(strstr(answer, "fault-wide ") != NULL,
				 rows[i].behaviours);
	}
}

static void control__stats(void **state)
{
	struct setup *w = *state;

	w->dev->stats.faults = 42;
	assert_non_null(strstr(ask(w, "stats\n"), "\nfaults 42\n"));
	assert_non_null(strstr(ask(w, "list\n"), "stale-translation"));
}

static void control__wrong_requests(void **state)
{
	static const char *const requests[] = { "\n",	       "nonsense\n", "inject\n",
						"inject no\n", "stats x\n",  "clear\n",
						"power-cut\n" };
	struct setup *w = *state;

	for (unsigned int i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		assert_ptr_equal(strstr(ask(w, requests[i]), "error:"),
				 ask(w, requests[i]));
}

static void control__line_without_end(void **state)
{
	struct setup *w = *state;
	char text[CONTROL_LINE + 1];

	memset(text, 'x', CONTROL_LINE);
	text[CONTROL_LINE] = '\0';
	assert_string_equal(ask(w, text), "");
	assert_int_equal(w->control.fd, -1);
}

/* Every counter under its name, in this order; the processor's time is this process's. */
static void control__stats_in_full(void **state)
{
	static const char expected[] =
		"commands 1\nevents 2\ncompletions 3\noperations 4\nbytes 5\nfaults 6\n"
		"resumes 7\nresumes_with_error 8\nupdates 9\nrnr_naks 10\ntimeouts 11\n"
		"queue_pairs 12\nmemory_keys 13\nwindows 16\nmost_windows 17\n"
		"windows_mapped 18\nwindows_unmapped 19\naccesses_refused 20\n"
		"unflushed_bytes 14\nevicted_bytes 15\n"
		"processor_us ";
	struct setup *w = *state;
	struct device *dev = w->dev;
	const char *answer;
	char *rest;
	clock_t before = clock();
	unsigned long us;

	dev->stats = (struct device_stats){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
	dev->qps.count = 12;
	dev->mkeys.count = 13;
	dev->dma.n = 16;
	dev->dma.most = 17;
	dev->dma.maps = 18;
	dev->dma.unmaps = 19;
	dev->dma.refused = 20;
	dev->persist.bytes = 14;
	dev->persist.evicted = 15;
	answer = ask(w, "stats\n");
	dev->qps.count = dev->mkeys.count = 0;
	assert_memory_equal(answer, expected, strlen(expected));
	us = strtoul(answer + strlen(expected), &rest, 10);
	assert_string_equal(rest, "\nok\n");
	/* POSIX: there are a million clock ticks in a second */
	assert_in_range(us, before, clock());
}

static void control__answers(void **state)
{
	static const struct {
		const char *request, *answer;
	} rows[] = {
		{ "\n", "error:  : Invalid argument\n" },
		{ "nonsense\n", "error: nonsense : Invalid argument\n" },
		{ "nonsense two words\n",
		  "error: nonsense two words: Invalid argument\n" },
		{ "inject\n", "error: inject : Invalid argument\n" },
		{ "stats x\n", "error: stats x: Invalid argument\n" },
		{ "list x\n", "error: list x: Invalid argument\n" },
		{ "power-cut x\n", "error: power-cut x: Invalid argument\n" },
		{ "power-cut\n", "error: power-cut : Operation not supported\n" },
	};
	struct setup *w = *state;
	const char *answer;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(ask(w, rows[i].request), rows[i].answer);
	answer = ask(w, "list\n");
	assert_string_equal(answer + strlen(answer) - strlen("\nok\n"), "\nok\n");
}

/* A power cut says how many bytes it has taken back; none is no failure. */
static void control__power_cut(void **state)
{
	struct setup *w = *state;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/pmem", w->folder);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, WINDOW), 0);
	assert_int_equal(persist_init(&w->dev->persist, path), 0);
	assert_int_equal(dma_map(&w->dev->dma, 0, WINDOW, fd, 0, true), 0);
	assert_string_equal(ask(w, "power-cut\n"), "rolled_back_bytes 0\nok\n");
	persist_write(&w->dev->persist, &w->dev->dma, 1,
		      dma_at(&w->dev->dma, 64, 100, true), 100);
	assert_string_equal(ask(w, "power-cut\n"), "rolled_back_bytes 100\nok\n");
	close(fd);
	unlink(path);
}

/* A stream has no borders: several requests in one piece, and one in several. */
static void control__in_pieces(void **state)
{
	struct setup *w = *state;
	char longest[CONTROL_LINE + 1];

	assert_string_equal(ask(w, "clear a"), "");
	assert_string_equal(ask(w, "ll\nclear"), "ok\n");
	assert_string_equal(ask(w, " all\nclear all\ncle"), "ok\nok\n");
	assert_string_equal(ask(w, "ar all\n"), "ok\n");
	/* the longest request that there can be */
	memset(longest, 'x', CONTROL_LINE);
	longest[CONTROL_LINE - 1] = '\n';
	longest[CONTROL_LINE] = '\0';
	assert_memory_equal(ask(w, longest), "error: xx", 9);
	assert_int_not_equal(w->control.fd, -1);
}

/* A line that is too long ends the connection, in however many pieces it came. */
static void control__long_line_in_pieces(void **state)
{
	struct setup *w = *state;
	char text[CONTROL_LINE];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 2] = '\n';
	text[sizeof(text) - 1] = '\0';
	assert_string_equal(ask(w, "xx"), "");
	assert_string_equal(ask(w, text), "");
	assert_int_equal(w->control.fd, -1);
}

/* Nothing to read is no reason to hang up; the client's end is one. */
static void client__waits_and_leaves(void **state)
{
	struct setup *w = *state;
	int fd = w->control.fd;

	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	control_serve(&w->control, w->dev);
	assert_int_equal(w->control.fd, fd);
	assert_string_equal(ask(w, "clear all\n"), "ok\n");
	close(w->fd);
	control_serve(&w->control, w->dev);
	assert_int_equal(w->control.fd, -1);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	connect_client(w);
	assert_string_equal(ask(w, "clear all\n"), "ok\n");
}

/* The next client takes the place of one that has sent half a line. */
static void client__takes_the_place(void **state)
{
	struct setup *w = *state;
	int first = w->fd;
	char byte;

	control_accept(&w->control);
	assert_string_equal(ask(w, "clear "), "");
	connect_client(w);
	assert_int_equal(recv(first, &byte, 1, MSG_DONTWAIT), 0);
	close(first);
	assert_string_equal(ask(w, "clear all\n"), "ok\n");
}

/* A reset connection is an end, too: with answers left unread, close() resets it. */
static void client__reset(void **state)
{
	struct setup *w = *state;

	assert_int_equal(send(w->fd, "list\n", 5, 0), 5);
	control_serve(&w->control, w->dev);
	close(w->fd);
	control_serve(&w->control, w->dev);
	assert_int_equal(w->control.fd, -1);
	connect_client(w);
}

/*
 * A client that does not take its answers is hung up on, also in the middle of its
 * requests.
 */
static void client__does_not_read(void **state)
{
	static const char requests[] = "list\nlist\nlist\nlist\nlist\nlist\nlist\nlist\n";
	struct setup *w = *state;

	for (unsigned int i = 0; w->control.fd >= 0 && i < 10000; i++) {
		assert_true(send(w->fd, requests, strlen(requests), MSG_NOSIGNAL) > 0);
		control_serve(&w->control, w->dev);
	}
	assert_int_equal(w->control.fd, -1);
	assert_int_equal(w->control.held, 0);
	close(w->fd);
	connect_client(w);
	assert_string_equal(ask(w, "clear all\n"), "ok\n");
}

/*
 * Without a path there is no socket; with a wrong one an error, and nothing to take away.
 */
static void init__without_a_socket(void **state)
{
	struct setup *w = *state;
	struct control none, wrong;
	int before = lowest_free_fd();

	assert_int_equal(control_init(&none, NULL), 0);
	assert_int_equal(none.listener, -1);
	assert_int_equal(none.fd, -1);
	control_free(&none);
	assert_int_equal(control_init(&wrong, "/nowhere/socket"), -ENOENT);
	assert_true(wrong.listener < 0);
	assert_int_equal(wrong.fd, -1);
	wrong.path = w->path;
	control_free(&wrong);
	assert_int_equal(access(w->path, F_OK), 0);
	assert_int_equal(lowest_free_fd(), before);
}

/*
 * Both sockets are closed at the end, and the name goes; descriptor 0 is one as any
 * other.
 */
static void free__closes_all(void **state)
{
	struct setup *w = *state;
	int listener = w->control.listener, fd = w->control.fd, saved;

	control_free(&w->control);
	assert_int_equal(fcntl(listener, F_GETFD), -1);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(access(w->path, F_OK), -1);
	saved = stdin_close();
	assert_int_equal(control_init(&w->control, w->path), 0);
	assert_int_equal(w->control.listener, STDIN_FILENO);
	control_free(&w->control);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	assert_int_equal(access(w->path, F_OK), -1);
	stdin_restore(saved);
	assert_int_equal(control_init(&w->control, NULL), 0);
}

/* A client whose descriptor is 0 is served, and its connection is closed. */
static void client__descriptor_zero(void **state)
{
	struct setup *w = *state;
	int saved;

	close(w->fd);
	w->fd = connection_to(w->path);
	saved = stdin_close();
	control_accept(&w->control);
	assert_int_equal(w->control.fd, STDIN_FILENO);
	assert_string_equal(ask(w, "clear all\nclear all\n"), "ok\nok\n");
	close(w->fd);
	w->fd = -1;
	control_serve(&w->control, w->dev);
	assert_int_equal(w->control.fd, -1);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	stdin_restore(saved);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(control__injections),
		TEST(control__behaviours),
		TEST(control__lists),
		TEST(control__stats),
		TEST(control__wrong_requests),
		TEST(control__line_without_end),
		TEST(control__stats_in_full),
		TEST(control__answers),
		TEST(control__power_cut),
		TEST(control__in_pieces),
		TEST(control__long_line_in_pieces),
		TEST(client__waits_and_leaves),
		TEST(client__takes_the_place),
		TEST(client__reset),
		TEST(client__does_not_read),
		TEST(client__descriptor_zero),
		TEST(init__without_a_socket),
		TEST(free__closes_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
