// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* control.c - requests over the control socket, good and bad */
#include "cmocka_all.h"

#include "bus/control.h"
#include "device/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
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

static int begin(void **state)
{
	static struct setup w;
	struct device_config config = { .interrupt = interrupt };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	w = (struct setup){ .dev = device_new(&config),
			    .folder = "/tmp/emu-control-XXXXXX" };
	assert_non_null(w.dev);
	assert_non_null(mkdtemp(w.folder));
	snprintf(w.path, sizeof(w.path), "%s/socket", w.folder);
	assert_int_equal(control_init(&w.control, w.path), 0);
	w.fd = socket(AF_UNIX, SOCK_STREAM, 0);
	memcpy(addr.sun_path, w.path, strlen(w.path));
	assert_int_equal(connect(w.fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	control_accept(&w.control);
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
	static char answer[4096];
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
	assert_string_equal(ask(w, "inject slow-dma\ninject byte-count\n"), "ok\nok\n");
	assert_string_equal(ask(w, "clear torn-write\n"), "ok\n");
	assert_string_equal(ask(w, "clear all\n"), "ok\n");
	assert_int_equal(w->dev->inject.active, 0);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(control__injections),
		TEST(control__stats),
		TEST(control__wrong_requests),
		TEST(control__line_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
