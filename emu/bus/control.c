// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* control.c - the control socket: injections, behaviours, statistics, power cuts */
#include "bus/control.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/util.h"
#include "bus/listen.h"
#include "device/device.h"
#include "device/persist.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

int control_init(struct control *control, const char *path)
{
	*control = (struct control){ .listener = -1, .fd = -1, .path = path };
	if (!path)
		return 0;
	control->listener = listen_at(path);
	return control->listener < 0 ? control->listener : 0;
}

static void hang_up(struct control *control)
{
	if (control->fd >= 0)
		close(control->fd);
	control->fd = -1;
	control->held = 0;
}

void control_free(struct control *control)
{
	hang_up(control);
	if (control->listener < 0)
		return;
	close(control->listener);
	unlink(control->path);
}

void control_accept(struct control *control)
{
	int fd = accept4(control->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	hang_up(control);
	control->fd = fd;
}

static int show_stats(struct device *dev, const char *word, FILE *out)
{
	const struct device_stats *s = &dev->stats;
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "commands", s->commands },
		{ "events", s->events },
		{ "completions", s->completions },
		{ "operations", s->operations },
		{ "bytes", s->bytes },
		{ "faults", s->faults },
		{ "resumes", s->resumes },
		{ "resumes_with_error", s->resumes_with_error },
		{ "updates", s->updates },
		{ "rnr_naks", s->rnr_naks },
		{ "timeouts", s->timeouts },
		{ "queue_pairs", dev->qps.count },
		{ "memory_keys", dev->mkeys.count },
		{ "windows", dev->dma.n },
		{ "most_windows", dev->dma.most },
		{ "windows_mapped", dev->dma.maps },
		{ "windows_unmapped", dev->dma.unmaps },
		{ "accesses_refused", dev->dma.refused },
		{ "unflushed_bytes", dev->persist.bytes },
		{ "evicted_bytes", dev->persist.evicted },
		{ "processor_us", (uint64_t)clock() * 1000000 / CLOCKS_PER_SEC },
	};

	if (*word)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		fprintf(out, "%s %" PRIu64 "\n", rows[i].name, rows[i].value);
	return 0;
}

static int misbehave(struct device *dev, const char *word, FILE *out)
{
	return rules_on_all(&dev->inject, word);
}

static int behave_differently(struct device *dev, const char *word, FILE *out)
{
	return rules_on_all(&dev->behave, word);
}

/* No name is in both tables. */
static int switch_off(struct device *dev, const char *word, FILE *out)
{
	bool all = !strcmp(word, "all");

	if (all || rules_know(&dev->behave, word))
		rules_off(&dev->behave, word);
	return rules_know(&dev->behave, word) ? 0 : rules_off(&dev->inject, word);
}

static int list(struct device *dev, const char *word, FILE *out)
{
	if (*word && strcmp(word, "inject") != 0 && strcmp(word, "behave") != 0)
		return -EINVAL;
	if (strcmp(word, "behave") != 0)
		rules_list(&dev->inject, out);
	if (strcmp(word, "inject") != 0)
		rules_list(&dev->behave, out);
	return 0;
}

static int power_cut(struct device *dev, const char *word, FILE *out)
{
	int64_t bytes;

	if (*word)
		return -EINVAL;
	bytes = persist_power_cut(&dev->persist);
	if (bytes < 0)
		return (int)bytes;
	fprintf(out, "rolled_back_bytes %" PRId64 "\n", bytes);
	return 0;
}

static const struct {
	const char *name;
	int (*handle)(struct device *dev, const char *word, FILE *out);
} requests[] = {
	{ "inject", misbehave }, { "behave", behave_differently },
	{ "clear", switch_off }, { "list", list },
	{ "stats", show_stats }, { "power-cut", power_cut },
};

static void answer(struct device *dev, char *line, FILE *out)
{
	char *word = strchrnul(line, ' ');
	int ret = -EINVAL;

	if (*word)
		*word++ = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		if (!strcmp(requests[i].name, line))
			ret = requests[i].handle(dev, word, out);
	if (ret)
		fprintf(out, "error: %s %s: %s\n", line, word, strerror(-ret));
	else
		fprintf(out, "ok\n");
}

/* Answers at once; a client that does not read its answer is hung up on. */
static void respond(struct control *control, struct device *dev, char *line)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	answer(dev, line, out);
	fclose(out);
	if (send(control->fd, text, len, MSG_NOSIGNAL) != (ssize_t)len)
		hang_up(control);
}

void control_serve(struct control *control, struct device *dev)
{
	ssize_t n = recv(control->fd, control->line + control->held,
			 sizeof(control->line) - control->held, 0);
	char *end;

	if (n <= 0) {
		if (!n || (errno != EAGAIN && errno != EINTR))
			hang_up(control);
		return;
	}
	control->held += (size_t)n;
	while ((end = memchr(control->line, '\n', control->held))) {
		size_t used = (size_t)(end - control->line) + 1;

		*end = '\0';
		respond(control, dev, control->line);
		if (control->fd < 0)
			return;
		control->held -= used;
		memmove(control->line, control->line + used, control->held);
	}
	if (control->held == sizeof(control->line))
		hang_up(control);
}
